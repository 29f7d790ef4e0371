import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SystemClock, type Principal, type Tier } from '@adiuva/kernel';
import { Environment } from '@adiuva/config';
import { Installation } from '@adiuva/auth';
import { DiskBlobStore, Jobs, Log, ServerKeys, type Database } from '@adiuva/platform';
import { Quota } from '@adiuva/quota';
import {
  Collections,
  Indexer,
  Reindex,
  VectorErasure,
  VectorFeed,
  Vectors,
  VectorsConfig,
  VectorSearch,
  type NewVector,
  type VectorStore,
} from '@adiuva/vectors';
import { encodeHalves } from '../../../libs/client/src/ave1/half';
import { CollectionStore } from '../../../libs/vectors/src/collection.store';
import { ItemStore } from '../../../libs/vectors/src/item.store';
import { EmbeddedVectorStore } from '../../../libs/vectors/src/index/vectors.embedded.adapter';

/** The services of the lib over a real database and any index, as the module would wire them. */
export function openVectors(database: Database, index?: VectorStore) {
  const items = new ItemStore(database);
  const collections = new CollectionStore(database);
  const quota = new Quota(database);
  const store = index ?? new EmbeddedVectorStore(items, 64);
  const indexer = new Indexer(database, items, store, new Jobs(), new Log('silent'));
  const blobs = new DiskBlobStore({ root: mkdtempSync(join(tmpdir(), 'adiuva-vectors-')) });
  const installation = new Installation(database, blobs, new ServerKeys('0'.repeat(64)), new Log('silent'));
  const config = new VectorsConfig(new Environment({}));
  return {
    quota,
    indexer,
    vectors: new Vectors(database, collections, items, quota, indexer, new SystemClock()),
    collections: new Collections(database, collections, items, quota, indexer, new SystemClock()),
    search: new VectorSearch(collections, items, store, quota, indexer),
    feed: new VectorFeed(database, quota, config, installation),
    reindex: new Reindex(database, store, indexer),
    erasure: new VectorErasure(database, items, collections, store),
  };
}

/** Ids of accounts in the database of `openVectors`. */
const accounts: string[] = [];

/** Makes accounts for `someone`. */
export async function addAccounts(database: Database): Promise<void> {
  const ids = Array.from({ length: 40 }, () => randomUUID());
  await database.query('INSERT INTO users (id) SELECT unnest($1::uuid[])', [ids]);
  accounts.push(...ids);
}

export function someone(tier: Tier = 'pro'): Principal {
  return { userId: accounts.pop() ?? randomUUID(), sessionId: randomUUID(), tier, seats: 1, role: 'user' };
}

export const FORM = { model: 'm', dim: 8, alg: 'ave1-f16', beta: 1000 } as const;

/** Halves of a vector of length 1.1 at an angle in degrees, which the plaintext check does not take for a plain embedding. */
export function sketchAt(degrees: number, length = 1.1): Buffer {
  const angle = (degrees / 180) * Math.PI;
  return Buffer.from(encodeHalves([length * Math.cos(angle), length * Math.sin(angle), 0, 0, 0, 0, 0, 0]));
}

export function item(id: string, change: Partial<NewVector> & { readonly bytes?: string } = {}): NewVector {
  const { bytes, ...rest } = change;
  const blob = Buffer.from(bytes ?? `sealed ${id}`);
  return {
    collection: 'default',
    id,
    blob,
    checksum: createHash('sha256').update(blob).digest(),
    epoch: null,
    sketch: null,
    ...rest,
  };
}

export function sketched(id: string, degrees: number, epoch = 1, collection = 'notes'): NewVector {
  return item(id, { collection, sketch: { ...FORM, epoch, data: sketchAt(degrees) } });
}
