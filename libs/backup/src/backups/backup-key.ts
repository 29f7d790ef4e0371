import { randomBytes } from 'node:crypto';
import { safeKey, tryKey, type BlobKey } from '@adiuva/platform';

/** Prefix of every object of a backup or upload; the keys of records start with a user's id. */
export const BACKUP_PREFIX = 'backups/';

const KEY = /^backups\/([0-9a-f-]{36})\/([0-9a-f-]{36})\/(?:whole|\d{1,5})\.[0-9a-f]{16}$/;

/** A fresh key for the bytes of a backup, or of an upload that may become one. */
export function wholeKey(userId: string, id: string): BlobKey {
  return safeKey('backups', userId, id, `whole.${nonce()}`);
}

/** A fresh key for a chunk that is kept by itself. */
export function chunkKey(userId: string, uploadId: string, number: number): BlobKey {
  return safeKey('backups', userId, uploadId, `${number}.${nonce()}`);
}

export function prefixOfUser(userId: string): string {
  return `${BACKUP_PREFIX}${userId}/`;
}

export function prefixOfBackup(userId: string, id: string): string {
  return `${prefixOfUser(userId)}${id}/`;
}

/** Parses a key that was made here; null for others. `id` is that of the backup or upload. */
export function parseBackupKey(
  key: string,
): { readonly key: BlobKey; readonly userId: string; readonly id: string } | null {
  const [, userId, id] = KEY.exec(key) ?? [];
  const safe = tryKey(key);
  return userId === undefined || id === undefined || safe === null ? null : { key: safe, userId, id };
}

function nonce(): string {
  return randomBytes(8).toString('hex');
}
