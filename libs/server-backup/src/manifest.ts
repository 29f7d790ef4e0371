import { z } from 'zod';

/** Of the directory and its files; raised with every change that a former version cannot read. */
export const FORMAT = 1;

const KEY_DERIVATION = z.object({
  name: z.literal('scrypt'),
  salt: z.string(),
  // Bounds of what a forged head can make us compute.
  cost: z
    .number()
    .int()
    .min(2 ** 14)
    .max(2 ** 20),
  blockSize: z.number().int().min(8).max(16),
  parallelization: z.number().int().min(1).max(4),
});

/** What is known when a backup begins; `head.json`. */
const HEAD = z.object({
  format: z.literal(FORMAT),
  id: z.uuid(),
  /** Of the server that made it, such as 0.1.0. */
  release: z.string(),
  /** The installation that it is of; null where the database has none yet. */
  installation: z.uuid().nullable(),
  startedAt: z.iso.datetime(),
  keyDerivation: KEY_DERIVATION,
});

const PART = z.object({ name: z.string(), size: z.number().int().min(0), sha256: z.string().length(64) });

const TABLE = z.object({
  schema: z.string(),
  name: z.string(),
  columns: z.array(z.string()),
  rows: z.number().int(),
});

const SEQUENCE = z.object({ schema: z.string(), name: z.string(), value: z.string(), isCalled: z.boolean() });

/** `manifest.json`, written last: an archive without it is unfinished. */
const MANIFEST = HEAD.extend({
  /** The moment of the snapshot, by the clock of the database. */
  snapshotAt: z.iso.datetime(),
  postgres: z.string(),
  /** Names of the applied migrations, from which the schema is made. */
  migrations: z.array(z.string()),
  /** In an order in which no row is loaded before the row that it refers to. */
  tables: z.array(TABLE),
  sequences: z.array(SEQUENCE),
  objects: z.object({ count: z.number().int(), bytes: z.number().int() }),
  parts: z.array(PART),
});

/** Of a finished pack, beside it while the backup is unfinished: what a continued backup need not copy. */
const PACK_INDEX = z.object({
  part: PART,
  objects: z.array(z.object({ key: z.string(), size: z.number().int() })),
});

const AUTHENTICATED = z.object({ content: z.unknown(), mac: z.string() });

export type KeyDerivation = z.infer<typeof KEY_DERIVATION>;
export type Head = z.infer<typeof HEAD>;
export type Manifest = z.infer<typeof MANIFEST>;
export type PackIndex = z.infer<typeof PACK_INDEX>;
export type DumpedTable = z.infer<typeof TABLE>;
export type DumpedSequence = z.infer<typeof SEQUENCE>;

/** JSON with the code that authenticates it. */
export function encode(content: Head | Manifest, mac: (text: string) => string): Buffer {
  return Buffer.from(`${JSON.stringify({ content, mac: mac(JSON.stringify(content)) }, null, 1)}\n`, 'utf8');
}

/** A text that is to be authenticated before its content is used; null for what is no such file. */
export function decode(
  bytes: Buffer,
): { readonly text: string; readonly mac: string; readonly content: unknown } | null {
  try {
    const { content, mac } = AUTHENTICATED.parse(JSON.parse(bytes.toString('utf8')));
    return { text: JSON.stringify(content), mac, content };
  } catch {
    return null;
  }
}

/** How the keys are derived, from a head that is not authenticated yet; null for another format. */
export function parseHead(content: unknown): Head | null {
  return HEAD.safeParse(content).data ?? null;
}

export function parseManifest(content: unknown): Manifest | null {
  return MANIFEST.safeParse(content).data ?? null;
}

export function parsePackIndex(text: string): PackIndex {
  return PACK_INDEX.parse(JSON.parse(text));
}

export function partOfTable({ schema, name }: Pick<DumpedTable, 'schema' | 'name'>): string {
  return `database/${schema}.${name}.part`;
}
