import { setting, Settings } from '@adiuva/config';

const MIN_PASSPHRASE = 12;

const SERVER_BACKUP = {
  BACKUP_PASSPHRASE: setting.optionalSecret(
    `Encrypts backups of the server (npm run backup) and opens them (npm run restore), ${MIN_PASSPHRASE} characters or more; where not set, it is asked for`,
  ),
};

export class ServerBackupConfig extends Settings('Backups of the server', SERVER_BACKUP, ({ BACKUP_PASSPHRASE }) =>
  BACKUP_PASSPHRASE === undefined ? [] : passphraseFaults(BACKUP_PASSPHRASE),
) {}

export function passphraseFaults(passphrase: string): readonly string[] {
  return passphrase.length < MIN_PASSPHRASE ? [`BACKUP_PASSPHRASE: shorter than ${MIN_PASSPHRASE} characters`] : [];
}
