import { randomUUID } from 'node:crypto';
import { AdiuvaClient, KDF_FLOOR, type ClientOptions, type SyncStore, type Vault } from '@adiuva/client';
import type { Tier } from '@adiuva/kernel';
import type { TestApp } from '../../support/app';

export const PASSWORD = 'a long walk by the sea';

export interface SdkUser {
  readonly client: AdiuvaClient;
  readonly vault: Vault;
  readonly email: string;
  readonly recoveryWords: string;
}

/** The weakest derivation that the SDK takes from a server, so that tests spend their time on what they test. */
export const QUICK_KDF: typeof fetch = async (input, init) => {
  const response = await fetch(input, init);
  if (!String(input).includes('/auth/prelogin') || !response.ok) return response;
  const prelogin: object = JSON.parse(await response.text());
  return Response.json({ ...prelogin, kdf: { alg: 'argon2id', ...KDF_FLOOR } });
};

/** Of a device that is not signed in. */
export function sdkClient(app: Pick<TestApp, 'url'>, options: Partial<ClientOptions> = {}): AdiuvaClient {
  return new AdiuvaClient({ baseUrl: app.url, fetch: QUICK_KDF, ...options });
}

/** Signed up through the SDK. */
export async function sdkUser(
  app: TestApp,
  tier: Tier = 'pro',
  options: Partial<ClientOptions> = {},
): Promise<SdkUser> {
  const email = `sdk-${randomUUID()}@example.org`;
  const client = sdkClient(app, options);
  const { vault, profile, recoveryWords } = await client.account.signUp({ email, password: PASSWORD });
  await app.setTier(profile.id, tier);
  return { client, vault, email, recoveryWords };
}

/** A note of this device; gives its id. */
export async function writeNote(store: SyncStore, text: string, id: string = randomUUID()): Promise<string> {
  await store.write('notes', id, new TextEncoder().encode(text));
  return id;
}

/** Undefined where there is none, or where it is deleted. */
export async function textOf(store: SyncStore, id: string): Promise<string | undefined> {
  const data = (await store.get(id))?.data;
  return data ? new TextDecoder().decode(data) : undefined;
}
