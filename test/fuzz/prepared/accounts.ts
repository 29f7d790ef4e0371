import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { checksumOf } from '@adiuva/kernel';
import { totpCode } from '../../../libs/auth/src/factors/totp';
import { secretOf } from '../../support/builders/totp-secret';
import { SoftwareAuthenticator } from '../../support/fakes/software-authenticator';
import { FuzzClient, PASSWORD, type Json } from '../client';
import type { Preparer } from '../prepared-request';
import { PUBLIC_URL } from '../world';

const STEP_MS = 30_000;
const KEYRING = Buffer.alloc(90, 1).toString('base64');
const NEW_PASSWORD = 'a longer walk by the lake';
const LINK_TOKEN = /verify-email#token=([\w-]{43})/;

export async function passkey(client: FuzzClient): Promise<{ id: string; authenticator: SoftwareAuthenticator }> {
  const { authenticator, credential } = await creation(client);
  return { id: await client.post('/auth/passkeys/register', credential), authenticator };
}

async function creation(client: FuzzClient) {
  const authenticator = new SoftwareAuthenticator(PUBLIC_URL);
  const options: Json = await client.call('post', '/auth/passkeys/register/options');
  return { authenticator, credential: { ...authenticator.create(options), name: 'Laptop' } };
}

/** The id of a session of the user that is not the one in use. */
export async function otherSession(client: FuzzClient): Promise<string> {
  await client.call('post', '/auth/login', { email: client.account.email, password: PASSWORD });
  const sessions: { id: string; current: boolean }[] = await client.call('get', '/auth/sessions');
  return sessions.find(({ current }) => !current)?.id ?? '';
}

/** A second factor that waits for its first code. */
async function totp(client: FuzzClient): Promise<string> {
  const { otpauth_uri: uri } = await client.call('post', '/auth/totp');
  return totpCode(secretOf(uri), Math.floor(Date.now() / STEP_MS));
}

/** A reset by the key of the recovery words. */
async function recovery({ target }: FuzzClient): Promise<object> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const recoveryKey = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url').toString('base64');
  const owner = await FuzzClient.register(target, 'free', { recovery_key: recoveryKey });
  const { email } = owner.account;
  const { challenge } = await owner.call('post', '/auth/recover', { email });
  const digests = [checksumOf(Buffer.from(NEW_PASSWORD)), checksumOf(Buffer.from(KEYRING, 'base64'))];
  const lines = ['adiuva account recovery 1', 'reset', challenge, ...digests, ''].join('\n');
  const signature = sign(null, Buffer.from(lines), privateKey).toString('base64');
  return { email, challenge, signature, new_password: NEW_PASSWORD, keyring: KEYRING };
}

export const ACCOUNTS: Readonly<Record<string, Preparer>> = {
  register: async () => ({ json: { email: `fuzz-${randomUUID()}@example.org`, password: PASSWORD } }),
  login: async ({ account }) => ({ json: { email: account.email, password: PASSWORD } }),
  refreshTokens: async ({ account }) => ({ json: { refresh_token: account.refreshToken } }),
  logout: async ({ account }) => ({ json: { refresh_token: account.refreshToken } }),
  changePassword: async () => ({ json: { current_password: PASSWORD, new_password: NEW_PASSWORD } }),
  deleteAccount: async () => ({ json: { password: PASSWORD } }),
  getPrelogin: async ({ account }) => ({ query: `email=${account.email}` }),
  putKeyring: async (client) => {
    const now = await client.answer('get', '/auth/keyring');
    const version: { version?: number } = now.status === 200 ? JSON.parse(now.text) : {};
    return {
      json: { keyring: KEYRING },
      headers: version.version === undefined ? {} : { 'if-match': `"${version.version}"` },
    };
  },
  getKeyring: async (client) => {
    await client.answer('put', '/auth/keyring', { keyring: KEYRING });
    return {};
  },
  verifyEmail: async (client) => {
    await client.answer('post', '/auth/email/verification');
    return { json: { token: await client.mailTo(client.account.email, LINK_TOKEN) } };
  },
  changeEmail: async () => ({ json: { email: `fuzz-${randomUUID()}@example.org`, password: PASSWORD } }),
  forgetPassword: async ({ account }) => ({ json: { email: account.email } }),
  resetPassword: async ({ target }) => {
    const owner = await FuzzClient.register(target);
    await owner.call('post', '/auth/password/forgot', { email: owner.account.email });
    const token = await owner.mailTo(owner.account.email, /reset-password#token=([\w-]{43})/);
    return { json: { token, new_password: NEW_PASSWORD } };
  },
  recoverAccount: async (client) => ({ json: await recovery(client) }),
  registerPasskey: async (client) => ({ json: (await creation(client)).credential }),
  loginWithPasskey: async (client) => {
    const { authenticator } = await passkey(client);
    const options: Json = await client.call('post', '/auth/passkeys/login/options');
    return { json: authenticator.get(options) };
  },
  confirmTotp: async (client) => ({ json: { code: await totp(client) } }),
  disableTotp: async (client) => {
    const { recovery_codes: codes } = await client.call('post', '/auth/totp/confirm', { code: await totp(client) });
    return { json: { password: PASSWORD, code: codes[0] } };
  },
  issueAgentToken: async () => ({ json: { scopes: ['tools:*'] } }),
  requestExport: async () => ({ json: { password: PASSWORD } }),
};
