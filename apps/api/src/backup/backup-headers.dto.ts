import { IsString, Matches } from 'class-validator';
import { CHECKSUM } from '@adiuva/kernel';
import type { BackupLabel } from '@adiuva/backup';

/** 1 to 64 visible ASCII characters, spaces inside allowed. */
export const VERSION = /^[\x21-\x7e](?:[\x20-\x7e]{0,62}[\x21-\x7e])?$/;
/** The last time that a JavaScript date can be. */
export const LATEST_TIME = 8_640_000_000_000_000;

const TIME = /^(?:0|[1-9]\d{0,14}|[1-7]\d{15}|8[0-5]\d{14}|86[0-3]\d{13}|8640000000000000)$/;

export class BackupHeadersDto {
  @IsString()
  @Matches(VERSION, { message: 'must be 1 to 64 printable characters' })
  'X-Backup-Version'!: string;

  @IsString()
  @Matches(TIME, { message: 'must be milliseconds since the epoch' })
  'X-Backup-Timestamp'!: string;

  @IsString()
  @Matches(CHECKSUM, { message: 'must be the SHA-256 of the body in lowercase hex' })
  'X-Backup-Checksum'!: string;

  toLabel(): BackupLabel {
    return {
      version: this['X-Backup-Version'],
      timestamp: Number(this['X-Backup-Timestamp']),
      checksum: this['X-Backup-Checksum'],
    };
  }
}

export class ChunkHeadersDto {
  @IsString()
  @Matches(CHECKSUM, { message: 'must be the SHA-256 of the body in lowercase hex' })
  'X-Checksum'!: string;
}
