import { createAdmin, setTier } from './admin.command';
import { verifyAudit } from './audit.command';
import { backupServer, verifyBackup } from './backup.command';
import type { Command } from './command';
import { adoptInstallation, rewrapKeys } from './installation.command';
import { makeDatabaseTemplate, migrateDatabase } from './migrate.command';
import { reindex } from './reindex.command';
import { restoreServer } from './restore.command';
import { checkStripe } from './stripe.command';
import { findLosses, sweep } from './sweep.command';

/** Every command with its help. Of two that a line fits, the first is taken. */
export const COMMANDS: readonly Command[] = [
  {
    usage: 'migrate',
    about: 'bring the schema of DATABASE_URL up to this version',
    run: (environment) => migrateDatabase(environment),
  },
  {
    usage: 'template',
    about: 'prepare the embedded database, so that its first start is quick (npm ci does)',
    run: () => makeDatabaseTemplate(),
  },
  {
    usage: 'reindex',
    about: 'fill the index of VECTOR_STORE from the database',
    run: (environment) => reindex(environment),
  },
  {
    usage: 'sweep losses',
    about: 'name the records whose object is gone',
    run: (environment) => findLosses(environment),
  },
  {
    usage: 'sweep remove [force]',
    about: 'remove the objects of records that no row names; force: although they are a great part of all',
    run: (environment, words) => sweep(environment, { remove: true, force: words.includes('force') }),
  },
  {
    usage: 'sweep',
    about: 'count the objects of records that no row names',
    run: (environment) => sweep(environment, { remove: false, force: false }),
  },
  {
    usage: 'backup verify TARGET',
    about: 'read a whole backup and compare it with its manifest',
    run: (environment, [target = '']) => verifyBackup(environment, target),
  },
  {
    usage: 'backup TARGET',
    about:
      'back up database, blobs and keys into an empty directory, while servers run; continues an interrupted backup',
    run: (environment, [target = '']) => backupServer(environment, target),
  },
  {
    usage: 'restore SOURCE',
    about: 'restore a backup into an empty database and an empty blob store; continues an interrupted restore',
    run: (environment, [source = '']) => restoreServer(environment, source),
  },
  {
    usage: 'admin create EMAIL',
    about: 'make an administrator of an account, or a new account with a generated password',
    run: (environment, [email = '']) => createAdmin(environment, email),
  },
  {
    usage: 'admin tier EMAIL TIER [SEATS]',
    about: 'give an account a tier: free, pro, power or team',
    run: (environment, [email = '', tier = '', seats]) => setTier(environment, email, tier, seats),
  },
  {
    usage: 'admin stripe check',
    about: 'compare the settings with the Stripe account: key, webhooks, prices, Connect, portal',
    run: (environment) => checkStripe(environment),
  },
  {
    usage: 'admin audit verify',
    about: 'compute the hash chains of the audit log again, and name the first broken link',
    run: (environment) => verifyAudit(environment),
  },
  {
    usage: 'admin rewrap-keys',
    about: 'move all data keys from MASTER_KEY_PREVIOUS to MASTER_KEY, while servers run that know both',
    run: (environment) => rewrapKeys(environment),
  },
  {
    usage: 'admin installation adopt',
    about: 'bind the blob store to this database, although it belongs to another or to none',
    run: (environment) => adoptInstallation(environment),
  },
];
