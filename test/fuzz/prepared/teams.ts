import { createHash, randomBytes } from 'node:crypto';
import { FuzzClient, type Json } from '../client';
import { NotPrepared } from '../client';
import type { Preparer } from '../prepared-request';
import { PUBLIC_URL } from '../world';

const REDIRECT = 'http://127.0.0.1:49152/sso';

/** The team of the client; a user has one at most. */
export async function team(client: FuzzClient): Promise<string> {
  const mine = await client.answer('get', '/teams/mine');
  if (mine.status === 200) return JSON.parse(mine.text).id;
  return client.post('/teams', { name: 'Blue' });
}

export async function invite(client: FuzzClient): Promise<string> {
  const email = `guest-${randomBytes(6).toString('hex')}@example.org`;
  return client.post(`/teams/${await team(client)}/invites`, { email, role: 'member' });
}

/** A guest with the token that the invite was mailed with. */
async function guest(client: FuzzClient): Promise<{ guest: FuzzClient; token: string }> {
  const id = await team(client);
  const other = await FuzzClient.register(client.target);
  await client.call('post', `/teams/${id}/invites`, { email: other.account.email, role: 'member' });
  const token = await client.mailTo(other.account.email, /accept-invite#token=([\w-]{43})/);
  return { guest: other, token };
}

export async function acceptance(client: FuzzClient): Promise<string> {
  return (await guest(client)).token;
}

export async function member(client: FuzzClient): Promise<string> {
  const { guest: other, token } = await guest(client);
  await other.call('post', `/invites/${token}/accept`);
  return other.account.id;
}

/** A team whose domain is proved and whose members sign in at the provider. */
async function ssoTeam(client: FuzzClient): Promise<{ id: string; email: string }> {
  const id = await team(client);
  const domain = `d${randomBytes(6).toString('hex')}.example`;
  await client.call('put', `/teams/${id}/sso`, settingsOf(client, domain));
  const { domains }: Json = await client.call('get', `/teams/${id}/sso`);
  for (const { txt_name: name, txt_value: value } of domains) client.world.dns.texts.set(name, [value]);
  await client.call('get', `/teams/${id}/sso`);
  return { id, email: `u${randomBytes(6).toString('hex')}@${domain}` };
}

function settingsOf({ world }: FuzzClient, domain: string): object {
  const [issuer] = world.identity.issuers;
  return { issuer, client_id: 'adiuva', client_secret: 'a secret of the client', domains: [domain], enforce: false };
}

const verifier = randomBytes(32).toString('base64url');
const challenge = createHash('sha256').update(verifier).digest('base64url');

async function startQuery(client: FuzzClient): Promise<string> {
  const { email } = await ssoTeam(client);
  const query = { email, redirect_uri: REDIRECT, code_challenge: challenge, state: 'x' };
  return new URLSearchParams(query).toString();
}

/** Signs in at the provider: the query that it sends the browser back with, and the cookie that the browser keeps. */
async function signIn(client: FuzzClient): Promise<{ query: string; cookie: string }> {
  const begun = await client.answer('get', `/auth/sso/start?${await startQuery(client)}`);
  const jar = new Map<string, string>();
  let url = new URL(String(begun.headers.location ?? 'about:blank'));
  for (let hops = 0; hops < 8 && !url.href.startsWith(PUBLIC_URL); hops += 1) {
    const response = await fetch(url, { redirect: 'manual', headers: { cookie: [...jar.values()].join('; ') } });
    for (const cookie of response.headers.getSetCookie())
      jar.set(cookie.split('=')[0] ?? '', cookie.split(';')[0] ?? '');
    const location = response.headers.get('location');
    if (location === null) throw new NotPrepared(`the provider answers ${response.status}`);
    url = new URL(location, url);
  }
  const cookie = (begun.headers['set-cookie'] ?? []).map((line) => line.split(';')[0]).join('; ');
  return { query: url.search.slice(1), cookie };
}

export const TEAMS: Readonly<Record<string, Preparer>> = {
  createTeam: async ({ target }) => {
    const { account } = await FuzzClient.register(target, 'team');
    return { json: { name: 'Blue' }, token: account.accessToken };
  },
  getMyTeam: async (client) => ({ path: { id: await team(client) } }),
  deleteTeam: async ({ target }) => {
    const owner = await FuzzClient.register(target, 'team');
    return { path: { id: await team(owner) }, token: owner.account.accessToken };
  },
  createInvite: async () => ({
    json: { email: `guest-${randomBytes(6).toString('hex')}@example.org`, role: 'member' },
  }),
  acceptInvite: async ({ target }) => {
    const owner = await FuzzClient.register(target, 'team');
    const { guest: other, token } = await guest(owner);
    return { path: { token }, token: other.account.accessToken };
  },
  putSso: async (client) => ({ json: settingsOf(client, `d${randomBytes(6).toString('hex')}.example`) }),
  getSso: async (client) => ({ path: { id: (await ssoTeam(client)).id } }),
  deleteSso: async (client) => ({ path: { id: (await ssoTeam(client)).id } }),
  startSso: async (client) => ({ query: await startQuery(client) }),
  completeSso: async (client) => {
    const { query, cookie } = await signIn(client);
    return { query, headers: { cookie } };
  },
  exchangeSsoCode: async (client) => {
    const { query, cookie } = await signIn(client);
    const done = await client.answer('get', `/auth/sso/callback?${query}`, undefined, { cookie });
    const code = new URL(String(done.headers.location ?? 'about:blank')).searchParams.get('code');
    return { json: { code, code_verifier: verifier } };
  },
};
