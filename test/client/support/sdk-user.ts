import { randomUUID } from 'node:crypto';
import { AdiuvaClient, type ClientOptions, type SyncStore, type Vault } from '@adiuva/client';
import type { Tier } from '@adiuva/kernel';
import type { TestApp } from '../../support/app';

export const PASSWORD = 'a long walk by the sea';

export interface SdkUser {
  readonly client: AdiuvaClient;
  readonly vault: Vault;
  readonly email: string;
  readonly recoveryWords: string;
}

/** Signed up through the SDK. */
export async function sdkUser(
  app: TestApp,
  tier: Tier = 'pro',
  options: Partial<ClientOptions> = {},
): Promise<SdkUser> {
  const email = `sdk-${randomUUID()}@example.org`;
  const client = new AdiuvaClient({ baseUrl: app.url, ...options });
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
