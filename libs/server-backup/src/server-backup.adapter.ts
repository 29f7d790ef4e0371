import { Readable } from 'node:stream';
import { z } from 'zod';
import type { BlobStore } from '@adiuva/platform';
import { beginArchive, finishArchive, type OpenArchive } from './archive.adapter';
import type { ArchivePart } from './archive-directory.adapter';
import { DatabaseSnapshot } from './database-snapshot.adapter';
import { partOfTable, type DumpedTable, type Manifest } from './manifest';
import { ObjectCopy } from './object-copy.adapter';

const SECRETS = 'secrets.part';
const SECRET_VALUES = z.record(z.string(), z.string());

/** Values of settings without which the data cannot be read, by the names of the settings. */
export type Secrets = Readonly<Record<string, string>>;

/** What is backed up. */
export interface BackupSource {
  readonly databaseUrl: string;
  readonly blobs: BlobStore;
  readonly secrets: Secrets;
  readonly release: string;
}

export interface BackupReport {
  readonly manifest: Manifest;
  /** Whether an interrupted backup was continued. */
  readonly continued: boolean;
}

/** Makes a backup in a directory; safe while servers run. An interrupted one is continued by the same call. @throws `conflict`, `unavailable` */
export async function makeBackup(source: BackupSource, path: string, passphrase: string): Promise<BackupReport> {
  const snapshot = await DatabaseSnapshot.take(source.databaseUrl);
  try {
    const installation = await snapshot.installation();
    const archive = await beginArchive(path, passphrase, { release: source.release, installation });
    const facts = await snapshot.facts();
    const { tables, parts } = await storeTables(snapshot, facts.tables, archive);
    const sequences = await snapshot.sequences();
    await snapshot.endTransaction();
    const copy = new ObjectCopy(source.blobs, archive.directory, archive.keys);
    const objects = await copy.store(() => snapshot.assertHeld());
    const secrets = await storeSecrets(source.secrets, archive);
    await snapshot.assertHeld();
    const { count, bytes } = objects;
    const manifest: Manifest = {
      ...archive.head,
      ...facts,
      migrations: [...facts.migrations],
      tables,
      sequences,
      objects: { count, bytes },
      parts: [...parts, secrets, ...objects.parts],
    };
    await finishArchive(archive, manifest);
    await copy.removeIndexes();
    return { manifest, continued: archive.continued };
  } finally {
    await snapshot.end();
  }
}

export async function readSecrets({ directory, keys }: OpenArchive, manifest: Manifest): Promise<Secrets> {
  const part = manifest.parts.find(({ name }) => name === SECRETS);
  const chunks: Buffer[] = [];
  if (part) for await (const chunk of keys.open(SECRETS, directory.open(part))) chunks.push(chunk);
  return SECRET_VALUES.parse(JSON.parse(Buffer.concat(chunks).toString('utf8')));
}

async function storeTables(
  snapshot: DatabaseSnapshot,
  found: readonly Omit<DumpedTable, 'rows'>[],
  { directory, keys }: OpenArchive,
): Promise<{ tables: DumpedTable[]; parts: ArchivePart[] }> {
  const tables: DumpedTable[] = [];
  const parts: ArchivePart[] = [];
  for (const table of found) {
    const name = partOfTable(table);
    let rows = 0;
    const bytes = snapshot.rows(table, (count) => (rows = count));
    parts.push(await directory.write(name, keys.seal(name, bytes)));
    tables.push({ ...table, rows });
  }
  return { tables, parts };
}

async function storeSecrets(secrets: Secrets, { directory, keys }: OpenArchive): Promise<ArchivePart> {
  const bytes = Readable.from([Buffer.from(JSON.stringify(secrets), 'utf8')]);
  return directory.write(SECRETS, keys.seal(SECRETS, bytes));
}
