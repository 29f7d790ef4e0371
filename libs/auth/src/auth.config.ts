import { Settings, setting, weakness } from '@adiuva/config';

const AUTH = {
  JWT_ALGORITHM: setting.choice('Signature of access tokens', ['HS256', 'RS256', 'ES256'], 'HS256'),
  JWT_SECRET: setting.optionalSecret(
    'Key of HS256, 32 characters or more; where not set, made at the first start and kept in DATA_DIR (not in prod)',
  ),
  JWT_SECRET_PREVIOUS: setting.optionalSecret('The key before the last change: still verifies, no longer signs'),
  JWT_PRIVATE_KEY: setting.optionalSecret('PEM private key of RS256 (2048 bits or more) or ES256 (P-256)'),
  JWT_PRIVATE_KEY_PREVIOUS: setting.optionalSecret(
    'The PEM key before the last change: still verifies, no longer signs',
  ),
  JWT_ISSUER: setting.text('`iss` of access tokens', 'adiuva-cloud'),
  JWT_AUDIENCE: setting.text('`aud` of access tokens', 'adiuva-desktop'),
  ACCESS_TOKEN_SECONDS: setting.integer('Life of an access token in seconds', 900, { min: 1, max: 3600 }),
  REFRESH_IDLE_DAYS: setting.integer('Days that an unused refresh token lives', 30, { min: 1, max: 90 }),
  REFRESH_ABSOLUTE_DAYS: setting.integer('Days after a sign-in when its session ends, however often refreshed', 90, {
    min: 1,
    max: 365,
  }),
  REFRESH_GRACE_SECONDS: setting.integer('Seconds in which a spent refresh token may be shown again', 10, { max: 60 }),
  AUTH_LIMIT_PER_ADDRESS: setting.integer('Failed sign-ins from one address in 15 minutes', 30, { min: 1 }),
  AUTH_LIMIT_PER_ACCOUNT: setting.integer('Failed sign-ins to one account in 15 minutes', 10, { min: 1 }),
  ACCOUNT_LINK_URL: setting.text(
    'Where the app opens links of mails; `/verify-email#token=…` or `/reset-password#token=…` is appended',
    'app://adiuva/account',
  ),
  WEBAUTHN_RP_ID: setting.optionalText('Domain that passkeys are made for; where not set, the host of PUBLIC_URL'),
  WEBAUTHN_ORIGINS: setting.list('Origins that passkeys are used from; where empty, the origin of PUBLIC_URL', ''),
  REQUIRE_VERIFIED_EMAIL: setting.flag('Refuse paid actions and teams until the e-mail address is confirmed', false),
  REGISTER_LIMIT_PER_ADDRESS: setting.integer('Registrations from one address in an hour', 30, { min: 1 }),
};

export class AuthConfig extends Settings('Sign-in', AUTH, (values, production) => {
  if (values.JWT_ALGORITHM !== 'HS256') {
    return values.JWT_PRIVATE_KEY === undefined
      ? [`JWT_PRIVATE_KEY: needed for JWT_ALGORITHM=${values.JWT_ALGORITHM}`]
      : [];
  }
  if (production && values.JWT_SECRET === undefined) return ['JWT_SECRET: must be set in production'];
  const faults = [
    ...weakness('JWT_SECRET', values.JWT_SECRET),
    ...weakness('JWT_SECRET_PREVIOUS', values.JWT_SECRET_PREVIOUS),
  ];
  return production ? faults : faults.filter((fault) => fault.includes('shorter'));
}) {}
