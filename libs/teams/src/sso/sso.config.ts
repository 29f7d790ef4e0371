import { Settings, setting } from '@adiuva/config';

const SSO = {
  SSO_APP_REDIRECTS: setting.list(
    'Redirect URIs of the app beside `http://127.0.0.1:PORT/…` and `http://[::1]:PORT/…`, compared exactly',
    'app://adiuva/sso',
  ),
  SSO_PRIVATE_HOSTS: setting.list(
    'host:port of OpenID providers in private networks, which may also speak http; every other issuer must have a public address',
    '',
  ),
  SSO_DNS_SERVERS: setting.list(
    'address:port of the DNS servers that are asked for the proof of domains; where empty, those of the system',
    '',
  ),
  SSO_TIMEOUT_MS: setting.integer('Milliseconds until a request to an OpenID provider is aborted', 5_000, { min: 100 }),
};

export class SsoConfig extends Settings('Single sign-on', SSO) {}
