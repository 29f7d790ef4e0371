import { AdiuvaClient, IndexedDbKeyStore, type TokenStore } from '@adiuva/client';

/** The client of this origin and the keys of this browser. */
export async function openClient(
  tokens: TokenStore,
): Promise<{ readonly client: AdiuvaClient; readonly keys: IndexedDbKeyStore }> {
  const client = new AdiuvaClient({ baseUrl: location.origin, tokens });
  return { client, keys: await IndexedDbKeyStore.open('adiuva-console-keys') };
}
