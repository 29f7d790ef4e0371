// Two OpenID providers (`oidc-provider`, certified) on loopback ports that it prints; it ends when its standard input closes. In a process of
// its own because it is an ES module that jest's sandbox cannot load. `login_hint` decides who signs in: an address, or the claims as JSON.
import { createServer } from 'node:http';
import { generateKeyPairSync } from 'node:crypto';
import Provider from 'oidc-provider';

const [redirectUri] = process.argv.slice(2);
const CLIENT = { client_id: 'adiuva', client_secret: 'a secret of the client', redirect_uris: [redirectUri] };

const people = new Map();

async function start() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const provider = new Provider(issuer, {
    clients: [CLIENT],
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: 'one' }] },
    cookies: { keys: ['for tests'] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    features: { devInteractions: { enabled: false } },
    pkce: { required: () => true },
    findAccount: (_, sub) => ({ accountId: sub, claims: () => people.get(sub) }),
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    loadExistingGrant: async ({ oidc }) => {
      const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
      grant.addOIDCScope('openid email profile');
      await grant.save();
      return grant;
    },
  });
  const callback = provider.callback();
  server.on('request', async (request, response) => {
    if (!request.url.startsWith('/interaction/')) return callback(request, response);
    const { params } = await provider.interactionDetails(request, response);
    const claims = claimsOf(params.login_hint);
    people.set(claims.sub, claims);
    await provider.interactionFinished(request, response, { login: { accountId: claims.sub } });
  });
  return issuer;
}

function claimsOf(hint) {
  return hint.startsWith('{') ? JSON.parse(hint) : { sub: hint, email: hint, email_verified: true, name: 'Anna' };
}

console.log(JSON.stringify([await start(), await start()]));
process.stdin.resume().on('end', () => process.exit(0));
