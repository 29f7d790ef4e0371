import 'reflect-metadata';
import { Problem } from '@adiuva/kernel';
import { Environment } from '@adiuva/config';
import { createAdmin, setTier } from './admin.command';
import { verifyAudit } from './audit.command';
import { adoptInstallation, rewrapKeys } from './installation.command';
import { makeDatabaseTemplate, migrateDatabase } from './migrate.command';
import { reindex } from './reindex.command';
import { checkStripe } from './stripe.command';
import { findLosses, sweep } from './sweep.command';

const USAGE = `Commands:
  migrate                               bring the schema of DATABASE_URL up to this version
  template                              prepare the embedded database, so that its first start is quick (npm ci does)
  reindex                               fill the index of VECTOR_STORE from the database
  sweep                                 count the objects of records that no row names
  sweep remove [force]                  remove them; force: although they are a great part of all
  sweep losses                          name the records whose object is gone
  admin create EMAIL                    make an administrator of an account, or a new account with a generated password
  admin tier EMAIL TIER [SEATS]         give an account a tier: free, pro, power or team
  admin stripe check                    compare the settings with the Stripe account: key, webhooks, prices, Connect, portal
  admin audit verify                    compute the hash chains of the audit log again, and name the first broken link
  admin rewrap-keys                     move all data keys from MASTER_KEY_PREVIOUS to MASTER_KEY, while servers run that know both
  admin installation adopt              bind the blob store to this database, although it belongs to another or to none
`;

async function run(words: readonly string[]): Promise<string> {
  const environment = Environment.ofProcess();
  const [command, action, email, tier, seats] = words;
  if (command === 'migrate') return migrateDatabase(environment);
  if (command === 'template') return makeDatabaseTemplate();
  if (command === 'reindex') return reindex(environment);
  if (command === 'sweep' && action === 'losses') return findLosses(environment);
  if (command === 'sweep' && (action === undefined || action === 'remove'))
    return sweep(environment, { remove: action === 'remove', force: email === 'force' });
  if (command === 'admin' && action === 'stripe' && email === 'check') return checkStripe(environment);
  if (command === 'admin' && action === 'audit' && email === 'verify') return verifyAudit(environment);
  if (command === 'admin' && action === 'rewrap-keys') return rewrapKeys(environment);
  if (command === 'admin' && action === 'installation' && email === 'adopt') return adoptInstallation(environment);
  if (command === 'admin' && action === 'create' && email) return createAdmin(environment, email);
  if (command === 'admin' && action === 'tier' && email && tier) return setTier(environment, email, tier, seats);
  throw new Problem('validation_failed', { detail: USAGE });
}

run(process.argv.slice(2)).then(
  (output) => {
    process.stdout.write(`${output}\n`);
    process.exit(0);
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : 'The command failed'}\n`);
    process.exit(1);
  },
);
