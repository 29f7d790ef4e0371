import { createAdmin, setTier } from './admin.command';
import {
  deleteAccount,
  endSessions,
  findAccount,
  resetPassword,
  resetPasskeys,
  resetSecondFactor,
  setDisabled,
  unlockAccount,
} from './accounts.command';
import { listAudit, verifyAudit } from './audit.command';
import { backupServer, verifyBackup } from './backup.command';
import type { Command } from './command';
import { examineServer } from './doctor.command';
import { adoptInstallation, rewrapKeys } from './installation.command';
import { deleteJob, listDeadJobs, retryJob } from './jobs.command';
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
    usage: 'doctor [--json]',
    about:
      'check settings, database, schema, clock, blobs, identity, keys, mail, Stripe and space; each fault with its remedy',
    run: (environment, words) => examineServer(environment, words.includes('--json') ? 'json' : 'text'),
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
    usage: 'admin find ACCOUNT',
    about: 'show an account; ACCOUNT is an address or an id',
    run: (environment, [account = '']) => findAccount(environment, account),
  },
  {
    usage: 'admin disable ACCOUNT',
    about: 'keep an account from signing in, and end its sessions; its data stays',
    run: (environment, [account = '']) => setDisabled(environment, account, true),
  },
  {
    usage: 'admin enable ACCOUNT',
    about: 'let a disabled account sign in again',
    run: (environment, [account = '']) => setDisabled(environment, account, false),
  },
  {
    usage: 'admin reset password ACCOUNT',
    about: 'remove the password, end all sessions, and print the link that sets another',
    run: (environment, [account = '']) => resetPassword(environment, account),
  },
  {
    usage: 'admin reset second-factor ACCOUNT',
    about: 'remove the second factor of an account whose owner has lost it',
    run: (environment, [account = '']) => resetSecondFactor(environment, account),
  },
  {
    usage: 'admin reset passkeys ACCOUNT',
    about: 'delete the passkeys of an account whose owner has lost them, and end its sessions',
    run: (environment, [account = '']) => resetPasskeys(environment, account),
  },
  {
    usage: 'admin end-sessions ACCOUNT',
    about: 'sign an account out everywhere',
    run: (environment, [account = '']) => endSessions(environment, account),
  },
  {
    usage: 'admin unlock ACCOUNT',
    about: 'forget the wrong passwords and codes that were counted against an account',
    run: (environment, [account = '']) => unlockAccount(environment, account),
  },
  {
    usage: 'admin delete ACCOUNT --yes',
    about: 'delete an account for ever: its data key with the command, the rest by a job',
    run: (environment, [account = '']) => deleteAccount(environment, account),
  },
  {
    usage: 'admin jobs',
    about: 'list the dead jobs',
    run: (environment) => listDeadJobs(environment),
  },
  {
    usage: 'admin jobs retry ID',
    about: 'start a dead job again',
    run: (environment, [id = '']) => retryJob(environment, id),
  },
  {
    usage: 'admin jobs delete ID',
    about: 'delete a dead job, whose work is not done then',
    run: (environment, [id = '']) => deleteJob(environment, id),
  },
  {
    usage: 'admin audit list [ACCOUNT]',
    about: 'show the newest events of the audit log, or those that an account has caused',
    run: (environment, [account]) => listAudit(environment, account),
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
