import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Problem } from '@adiuva/kernel';
import { Database, ServerKeys, newDataKey, openWith, sealWith, type Reader, type Tx } from '@adiuva/platform';

interface WrappedKey {
  readonly wrapped: Buffer;
}

const SELECT_KEY = 'SELECT wrapped FROM user_keys WHERE user_id = $1';
const SELECT_KEYS = 'SELECT user_id AS "userId", wrapped FROM user_keys WHERE user_id = ANY ($1::uuid[])';

/**
 * Seals what the server must read later under the user's own data key, which is itself wrapped by the master key. A sealed value is
 * bound to its user and column. When the account is erased the key is destroyed, and with it everything sealed, in backups too.
 */
@Injectable()
export class UserEncryption {
  constructor(
    private readonly database: Database,
    private readonly keys: ServerKeys,
  ) {}

  async createKey(tx: Tx, userId: string): Promise<UserCipher> {
    const key = newDataKey();
    await tx.query('INSERT INTO user_keys (user_id, wrapped) VALUES ($1, $2)', [
      userId,
      this.keys.seal('user-keys', key, userId),
    ]);
    return new UserCipher(userId, key);
  }

  /** Throws `not_found` when the user is erased. */
  async open(userId: string): Promise<UserCipher> {
    return this.unwrapped(userId, await this.database.prepared<WrappedKey>(SELECT_KEY, [userId]));
  }

  /** Functions that open, by user; without those that are erased. Each throws for itself where its key is damaged. */
  async openersOf(userIds: readonly string[]): Promise<ReadonlyMap<string, () => UserCipher>> {
    if (userIds.length === 0) return new Map();
    const rows = await this.database.prepared<WrappedKey & { userId: string }>(SELECT_KEYS, [userIds]);
    return new Map(rows.map((row) => [row.userId, () => this.unwrapped(row.userId, [row])]));
  }

  /** As `open`, on the connection of a transaction. */
  async openIn(reader: Reader, userId: string): Promise<UserCipher> {
    return this.unwrapped(userId, await reader.query<WrappedKey[]>(SELECT_KEY, [userId]));
  }

  async destroyKey(tx: Tx, userId: string): Promise<void> {
    await tx.query('DELETE FROM user_keys WHERE user_id = $1', [userId]);
  }

  /** For who has read the wrapped key with other fields of the user. */
  unwrap(userId: string, wrapped: Buffer): UserCipher {
    return new UserCipher(userId, this.keys.open('user-keys', wrapped, userId));
  }

  private unwrapped(userId: string, [row]: readonly WrappedKey[]): UserCipher {
    if (!row) throw new Problem('not_found');
    return this.unwrap(userId, row.wrapped);
  }
}

/** One user's data key, in memory for the length of a request. */
export class UserCipher {
  constructor(
    private readonly userId: string,
    private readonly key: Buffer,
  ) {}

  /** `column` is `table.column`, and the row's id where a user has several rows. */
  seal(column: string, text: string): Buffer {
    return this.sealBytes(column, Buffer.from(text, 'utf8'));
  }

  /** As `seal` of the text whose UTF-8 it is. */
  sealBytes(column: string, utf8: Uint8Array): Buffer {
    return sealWith(this.key, utf8, `${column}|${this.userId}`);
  }

  open(column: string, sealed: Uint8Array): string {
    return this.openBytes(column, sealed).toString('utf8');
  }

  /** As `open`, in UTF-8. */
  openBytes(column: string, sealed: Uint8Array): Buffer {
    return openWith(this.key, sealed, `${column}|${this.userId}`);
  }

  /** A keyed hash, equal for equal texts of one column of this user, by which a sealed value is found. 32 bytes. */
  lookupHash(column: string, text: string): Buffer {
    const key = createHmac('sha256', this.key).update('adiuva/lookup/1').digest();
    return createHmac('sha256', key).update(`${column}|${this.userId}|${text}`).digest();
  }
}
