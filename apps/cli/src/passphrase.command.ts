import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { ConfigurationError, type Environment } from '@adiuva/config';
import { passphraseFaults, ServerBackupConfig } from '@adiuva/server-backup';

const NOT_SET = 'BACKUP_PASSPHRASE: not set, and there is no terminal to ask for it on';

/** The passphrase of a backup: of the setting, or typed on the terminal without being shown. `twice` where a typing error would lock it for ever. */
export async function askForPassphrase(environment: Environment, times: 'once' | 'twice'): Promise<string> {
  const { BACKUP_PASSPHRASE: given } = new ServerBackupConfig(environment);
  if (given !== undefined) return given;
  if (!process.stdin.isTTY) throw new ConfigurationError([NOT_SET]);
  const passphrase = await ask('Passphrase of the backup: ');
  const faults = [...passphraseFaults(passphrase)];
  if (times === 'twice' && (await ask('Once more: ')) !== passphrase) faults.push('The two passphrases differ');
  if (faults.length > 0) throw new ConfigurationError(faults);
  return passphrase;
}

async function ask(question: string): Promise<string> {
  process.stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true });
  try {
    return await terminal.question('');
  } finally {
    terminal.close();
    process.stderr.write('\n');
  }
}
