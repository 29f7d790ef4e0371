import { randomUUID } from 'node:crypto';
import { parseKey, safeKey, type BlobKey } from '@adiuva/platform';

/** What an object's key says. */
export interface RecordKey {
  readonly userId: string;
  readonly table: string;
  readonly id: string;
  readonly version: number;
}

const KEY =
  /^([0-9a-f-]{36})\/([a-z][a-z0-9_]{0,62})\/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\.(\d{1,10})-[0-9a-f]{16}$/;

/** `{user}/{table}/{record}.{version}-{attempt}`: fresh for each attempt, so that an attempt that fails never touches what is stored. */
export function freshKey({ userId, table, id, version }: RecordKey): BlobKey {
  return safeKey(userId, table, `${id}.${version}-${attempt()}`);
}

/** 64 random bits as 16 hexadecimal digits; from a UUID, because Node generates UUIDs in blocks and at a tenth of the cost of `randomBytes`. */
function attempt(): string {
  const uuid = randomUUID();
  return uuid.slice(0, 8) + uuid.slice(-8);
}

/** Parses a key that `freshKey` made; null for other keys, which other parts of the server may have written. */
export function parseRecordKey(key: string): (RecordKey & { readonly key: BlobKey }) | null {
  const [, userId, table, id, version] = KEY.exec(key) ?? [];
  if (userId === undefined || table === undefined || id === undefined || version === undefined) return null;
  return { userId, table, id, version: Number(version), key: parseKey(key) };
}
