import { Settings, setting, weakness } from '@adiuva/config';

const GATEWAY = {
  BACKEND_HMAC_SECRET: setting.optionalSecret(
    'Key of the signatures of the tool gateway, which agent workers share; 32 characters or more',
  ),
  BACKEND_HMAC_SECRET_PREVIOUS: setting.optionalSecret('The key before the last change: still verifies'),
};

export class GatewayConfig extends Settings('Tool gateway', GATEWAY, (values) => [
  ...weakness('BACKEND_HMAC_SECRET', values.BACKEND_HMAC_SECRET),
  ...weakness('BACKEND_HMAC_SECRET_PREVIOUS', values.BACKEND_HMAC_SECRET_PREVIOUS),
  ...(values.BACKEND_HMAC_SECRET === undefined && values.BACKEND_HMAC_SECRET_PREVIOUS !== undefined
    ? ['BACKEND_HMAC_SECRET: is needed with BACKEND_HMAC_SECRET_PREVIOUS']
    : []),
]) {}
