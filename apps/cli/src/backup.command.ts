import { existsSync, readFileSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import { Problem } from '@adiuva/kernel';
import { Audit } from '@adiuva/audit';
import { Installation } from '@adiuva/auth';
import { DatabaseConfig, RELEASE, ServerConfig, type Environment } from '@adiuva/config';
import { startEmbeddedPostgres } from '@adiuva/embedded';
import { BlobStore, Database } from '@adiuva/platform';
import { makeBackup, openArchive, verifyArchive, type Manifest } from '@adiuva/server-backup';
import { inContext, withDatabase } from './command-context';
import { askForPassphrase } from './passphrase.command';

/** Settings without whose values the data of an installation cannot be read, or its users are signed out. */
const KEY_SETTINGS = [
  'MASTER_KEY',
  'MASTER_KEY_PREVIOUS',
  'JWT_SECRET',
  'JWT_SECRET_PREVIOUS',
  'JWT_PRIVATE_KEY',
  'JWT_PRIVATE_KEY_PREVIOUS',
] as const;

/** Backs up database, blobs and keys into a directory. Safe while servers run; repeated after an interruption, it continues. */
export async function backupServer(environment: Environment, target: string): Promise<string> {
  const { DATA_DIR: dataDir } = new ServerConfig(environment);
  const path = resolve(target);
  if (`${path}${sep}`.startsWith(`${resolve(dataDir)}${sep}`))
    throw new Problem('conflict', { detail: 'TARGET is inside DATA_DIR: a backup beside the data is lost with it.' });
  const passphrase = await askForPassphrase(environment, 'twice');
  return withDatabaseServer(environment, (databaseUrl) =>
    inContext(environment.with({ DATABASE_URL: databaseUrl }), async (app) => {
      // A backup of a blob store that is not mounted, or of another server, would be whole and have none of the objects.
      await app.get(Installation).assertMatching();
      const source = {
        databaseUrl,
        blobs: app.get(BlobStore),
        secrets: secretsOf(environment, dataDir),
        release: RELEASE,
      };
      const { manifest, continued } = await makeBackup(source, path, passphrase);
      await recordBackup(app, manifest);
      return `${continued ? 'Continued and finished' : 'Made'} the backup ${path}: ${summary(manifest)}.`;
    }),
  );
}

/** Reads a whole backup and compares it with its manifest. */
export async function verifyBackup(environment: Environment, target: string): Promise<string> {
  const path = resolve(target);
  const archive = await openArchive(path, await askForPassphrase(environment, 'once'));
  await verifyArchive(archive);
  return `The backup ${path} is whole: ${summary(archive.manifest)}.`;
}

export function summary({ tables, objects, snapshotAt }: Manifest): string {
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  return `${rows} rows of ${tables.length} tables and ${objects.count} objects (${objects.bytes} bytes), as of ${snapshotAt}`;
}

/** The file under DATA_DIR/secrets for a setting: where the server keeps the keys that it makes itself. */
export function secretFile(dataDir: string, name: string): string {
  return join(dataDir, 'secrets', name.toLowerCase().replaceAll('_', '-'));
}

/** Runs `work` on the given database, the embedded one of a running server, or the embedded one itself. */
export async function withDatabaseServer(
  environment: Environment,
  work: (url: string) => Promise<string>,
): Promise<string> {
  const { DATABASE_URL: url } = new DatabaseConfig(await withDatabase(environment));
  if (url !== undefined) return work(url);
  const postgres = await startEmbeddedPostgres({ dataDir: new ServerConfig(environment).DATA_DIR });
  return work(postgres.url).finally(() => postgres.stop());
}

function secretsOf(environment: Environment, dataDir: string): Record<string, string> {
  const secrets: Record<string, string> = {};
  for (const name of KEY_SETTINGS) {
    const file = secretFile(dataDir, name);
    const value =
      environment.raw(name, { secret: true }) ?? (existsSync(file) ? readFileSync(file, 'utf8') : undefined);
    if (value !== undefined) secrets[name] = value;
  }
  return secrets;
}

/** Everything was read: that belongs in the audit log. */
async function recordBackup(app: INestApplicationContext, { id }: Manifest): Promise<void> {
  const event = { action: 'server.backed_up', userId: null, actorId: null, details: { backup_id: id } } as const;
  await app.get(Database).transaction((tx) => app.get(Audit).record(tx, event));
}
