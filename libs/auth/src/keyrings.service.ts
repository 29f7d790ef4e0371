import { Injectable } from '@nestjs/common';
import { Audit } from '@adiuva/audit';
import { Problem, type Precondition, type Principal } from '@adiuva/kernel';
import { Database, type Tx } from '@adiuva/platform';
import { lockLiveUser } from './live-user.store';

export interface StoredKeyring {
  readonly keyring: Buffer;
  /** Counts from 1. */
  readonly version: number;
}

/** What the stored version must be, or that there is none yet. */
export type KeyringPrecondition = Precondition | 'none';

/** The wrapped keys of each user's client, kept without looking into them. Losing one locks a user out, so no overwriting is blind. */
@Injectable()
export class Keyrings {
  constructor(
    private readonly database: Database,
    private readonly audit: Audit,
  ) {}

  /** @throws `not_found` */
  async get(owner: Principal): Promise<StoredKeyring> {
    const [row] = await this.database.query<StoredKeyring>('SELECT keyring, version FROM keyrings WHERE user_id = $1', [
      owner.userId,
    ]);
    if (!row) throw new Problem('not_found');
    return row;
  }

  /** One statement decides between writers. @throws `precondition_failed`, `precondition_required` for replacing without saying what */
  put(owner: Principal, keyring: Buffer, expected: KeyringPrecondition): Promise<StoredKeyring> {
    return this.database.transaction((tx) => this.putIn(tx, owner, keyring, expected));
  }

  async putIn(tx: Tx, owner: Principal, keyring: Buffer, expected: KeyringPrecondition): Promise<StoredKeyring> {
    await lockLiveUser(tx, owner.userId);
    const rows =
      expected === null || expected === 'none'
        ? await this.create(tx, owner, keyring)
        : await this.replace(tx, owner, keyring, expected);
    if (!rows[0]) throw new Problem(expected === null ? 'precondition_required' : 'precondition_failed');
    const { version } = rows[0];
    await this.audit.recordOwn(tx, owner.userId, 'keyring.changed', { version: Number(version) });
    return { keyring, version };
  }

  private create(tx: Tx, owner: Principal, keyring: Buffer): Promise<{ version: number }[]> {
    return tx.query(
      'INSERT INTO keyrings (user_id, keyring) VALUES ($1, $2) ON CONFLICT (user_id) DO NOTHING RETURNING version',
      [owner.userId, keyring],
    );
  }

  private replace(
    tx: Tx,
    owner: Principal,
    keyring: Buffer,
    expected: readonly number[] | 'any',
  ): Promise<{ version: number }[]> {
    return tx.query(
      `WITH replaced AS (
         UPDATE keyrings SET keyring = $2, version = version + 1, updated_at = now()
         WHERE user_id = $1 AND ($3::bigint[] IS NULL OR version = ANY ($3)) RETURNING version)
       SELECT version FROM replaced`,
      [owner.userId, keyring, expected === 'any' ? null : expected],
    );
  }
}
