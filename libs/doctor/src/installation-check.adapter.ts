import { DataSource } from 'typeorm';
import { Installation } from '@adiuva/auth';
import { SecretsConfig, type Environment, type ServerConfig } from '@adiuva/config';
import { Database, dataSourceOptions, Log, readSecret, ServerKeys, type BlobStore } from '@adiuva/platform';
import { fault, ok, warning, type Check } from './check';

const KEY_REMEDY =
  'Set MASTER_KEY to the key of this database, or restore DATA_DIR/secrets/master-key from a backup; after a change, set MASTER_KEY_PREVIOUS too.';
const IDENTITY_REMEDY =
  'Connect the database and the blob store that belong together; see Restore in docs/operations.md.';
const BLOBS_REMEDY =
  'Check that the folder is mounted and writable, or bucket, credentials and address of the S3 settings.';
const BLOBS_TIMEOUT_MS = 5_000;

/** Whether the blob store can be written to, belongs to the database, and MASTER_KEY opens what is sealed. Changes nothing but a probe. */
export async function checkInstallation(
  environment: Environment,
  server: ServerConfig,
  url: string,
  blobs: BlobStore,
): Promise<readonly Check[]> {
  const secrets = new SecretsConfig(environment);
  const master = secrets.MASTER_KEY ?? readSecret(server.DATA_DIR, 'master-key');
  const source = new DataSource(dataSourceOptions(url, [], 2));
  const checks = [await blobCheck(blobs)];
  try {
    await source.initialize();
    const keys = new ServerKeys(master ?? '', secrets.MASTER_KEY_PREVIOUS);
    const installation = new Installation(new Database(source), blobs, keys, new Log('silent'));
    if (checks[0]?.level === 'ok') checks.push(await identityCheck(installation));
    checks.push(await keyCheck(installation, secrets.MASTER_KEY_PREVIOUS !== undefined));
  } catch {
    checks.push(warning('identity', 'cannot be read before the database is in order', 'Mend the database first.'));
  } finally {
    if (source.isInitialized) await source.destroy();
  }
  return checks;
}

async function blobCheck(blobs: BlobStore): Promise<Check> {
  try {
    await blobs.check(AbortSignal.timeout(BLOBS_TIMEOUT_MS));
    return ok('blobs', 'the store can be written to');
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown';
    return fault('blobs', `the store cannot be used: ${reason}`, BLOBS_REMEDY);
  }
}

async function identityCheck(installation: Installation): Promise<Check> {
  const comparison = await installation.inspect();
  if (comparison.outcome === 'refused') return fault('identity', comparison.reason, IDENTITY_REMEDY);
  return ok(
    'identity',
    comparison.outcome === 'match'
      ? 'database and blob store belong together'
      : 'database and blob store are new: the first start binds them together',
  );
}

async function keyCheck(installation: Installation, hasPrevious: boolean): Promise<Check> {
  const state = await installation.keyState();
  if (state === 'wrong') return fault('keys', 'MASTER_KEY does not open what this database has sealed', KEY_REMEDY);
  if (state === 'previous') {
    const message = 'data keys are still wrapped under MASTER_KEY_PREVIOUS';
    return warning('keys', message, 'Run `npm run admin -- rewrap-keys`.');
  }
  if (hasPrevious)
    return warning(
      'keys',
      'MASTER_KEY opens everything, and MASTER_KEY_PREVIOUS is set',
      'Remove MASTER_KEY_PREVIOUS.',
    );
  return ok('keys', state === 'none' ? 'nothing is sealed yet' : 'MASTER_KEY opens what this database has sealed');
}
