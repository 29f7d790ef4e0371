import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Problem } from '@adiuva/kernel';
import { Audit } from '@adiuva/audit';
import { UploadCleanup } from '@adiuva/backup';
import { assertConfiguration, DatabaseConfig, ServerConfig, type Environment } from '@adiuva/config';
import { connectEmbeddedPostgres } from '@adiuva/embedded';
import { BlobConfig, Database, openBlobStore } from '@adiuva/platform';
import { ServerRestore, type Secrets } from '@adiuva/server-backup';
import { secretFile, summary, withDatabaseServer } from './backup.command';
import { inContext } from './command-context';
import { adoptInstallation } from './installation.command';
import { migrateDatabase } from './migrate.command';
import { askForPassphrase } from './passphrase.command';

/** Restores a backup into an empty database and an empty blob store. Repeated after an interruption, it continues. */
export async function restoreServer(environment: Environment, source: string): Promise<string> {
  const { DATA_DIR: dataDir } = new ServerConfig(environment);
  const path = resolve(source);
  if (new DatabaseConfig(environment).DATABASE_URL === undefined && (await connectEmbeddedPostgres(dataDir)) !== null)
    throw new Problem('conflict', { detail: `A server runs on ${dataDir}: stop it, and name an empty DATA_DIR.` });
  const restore = await ServerRestore.open(path, await askForPassphrase(environment, 'once'));
  const secrets = await restore.secrets();
  const missing = missingSecrets(environment, dataDir, secrets);
  assertConfiguration(environment.with(missing));
  return withDatabaseServer(environment, async (databaseUrl) => {
    const blobs = openBlobStore(new BlobConfig(environment), dataDir);
    await restore.begin({ databaseUrl, blobs });
    // First, so that no server that is started too early makes keys of its own.
    const files = Object.entries(missing).map(([name, value]) => writeSecret(dataDir, name, value));
    await restore.run({ databaseUrl, blobs });
    const complete = environment.with({ ...missing, DATABASE_URL: databaseUrl });
    await migrateDatabase(complete);
    await adoptInstallation(complete);
    const uploads = await finish(complete, restore.manifest.id);
    const lines = [
      `Restored the backup ${path}: ${summary(restore.manifest)}.`,
      'Clients that have seen later changes synchronise again from the start.',
      ...(uploads > 0 ? [`${uploads} unfinished uploads of users begin again.`] : []),
      ...(files.length > 0 ? ['Keys of the backup that are not in the environment are kept in:', ...files] : []),
    ];
    return lines.join('\n');
  });
}

/** Those that neither the environment nor DATA_DIR has. Refused before anything is written where MASTER_KEY is another one. */
function missingSecrets(environment: Environment, dataDir: string, secrets: Secrets): Record<string, string> {
  const missing: Record<string, string> = {};
  for (const [name, value] of Object.entries(secrets)) {
    const file = secretFile(dataDir, name);
    const given =
      environment.raw(name, { secret: true }) ?? (existsSync(file) ? readFileSync(file, 'utf8') : undefined);
    if (given === undefined) missing[name] = value;
    else if (name === 'MASTER_KEY' && given !== value) assertPrevious(environment, value);
  }
  return missing;
}

function assertPrevious(environment: Environment, master: string): void {
  if (environment.raw('MASTER_KEY_PREVIOUS', { secret: true }) === master) return;
  const detail =
    'MASTER_KEY is not that of the backup: unset it (and move DATA_DIR/secrets/master-key away), or set MASTER_KEY_PREVIOUS to the key of the backup.';
  throw new Problem('conflict', { detail });
}

function writeSecret(dataDir: string, name: string, value: string): string {
  const file = secretFile(dataDir, name);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, value, { mode: 0o600, flush: true });
  return `  ${name}_FILE=${resolve(file)}`;
}

async function finish(environment: Environment, backupId: string): Promise<number> {
  let uploads = 0;
  await inContext(environment, async (app) => {
    uploads = await app.get(UploadCleanup).reopen();
    const event = { action: 'server.restored', userId: null, actorId: null, details: { backup_id: backupId } } as const;
    await app.get(Database).transaction((tx) => app.get(Audit).record(tx, event));
    return backupId;
  });
  return uploads;
}
