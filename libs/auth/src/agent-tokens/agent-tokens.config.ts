import { Settings, setting, weakness } from '@adiuva/config';

const AGENT_TOKENS = {
  AGENT_JWT_SECRET: setting.optionalSecret(
    'Key of agent tokens by HS256, which a worker shares; 32 characters or more',
  ),
  AGENT_JWT_PRIVATE_KEY: setting.optionalSecret(
    'PEM private key of agent tokens by RS256 (2048 bits or more) or ES256 (P-256), instead of AGENT_JWT_SECRET',
  ),
  AGENT_JWT_ISS: setting.text('`iss` of agent tokens', 'adiuva-cloud'),
  AGENT_JWT_AUD: setting.text('`aud` of agent tokens; another one than JWT_AUDIENCE', 'agent-worker'),
};

export class AgentTokensConfig extends Settings('Agent tokens', AGENT_TOKENS, (values) => [
  ...weakness('AGENT_JWT_SECRET', values.AGENT_JWT_SECRET),
  ...(values.AGENT_JWT_SECRET !== undefined && values.AGENT_JWT_PRIVATE_KEY !== undefined
    ? ['AGENT_JWT_PRIVATE_KEY: set either it or AGENT_JWT_SECRET']
    : []),
]) {}
