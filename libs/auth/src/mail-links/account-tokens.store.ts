import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Problem } from '@adiuva/kernel';
import { Database, returnedRows, type Tx } from '@adiuva/platform';
import type { TokenPurpose } from './account-token.entity';

export interface ConsumedToken {
  readonly userId: string;
  readonly purpose: TokenPurpose;
  /** Sealed. */
  readonly email: Buffer | null;
}

const TOKEN_BYTES = 32;
const LIFE_MINUTES: Readonly<Record<TokenPurpose, number>> = {
  verify_email: 24 * 60,
  verify_new_email: 24 * 60,
  reset_password: 30,
};

/** Tokens in links of mails: for one purpose, used once, stored as their hash. */
@Injectable()
export class AccountTokens {
  constructor(private readonly database: Database) {}

  /** Replaces the earlier token of the purpose. */
  async issue(tx: Tx, userId: string, purpose: TokenPurpose, email: Buffer | null = null): Promise<string> {
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    await tx.query(
      `INSERT INTO account_tokens (hash, user_id, purpose, email, expires_at)
       VALUES ($1, $2, $3, $4, now() + make_interval(mins => $5))
       ON CONFLICT (user_id, purpose) DO UPDATE SET hash = excluded.hash, email = excluded.email, expires_at = excluded.expires_at`,
      [hashOf(token), userId, purpose, email, LIFE_MINUTES[purpose]],
    );
    return token;
  }

  /** The sealed address that the user's token of the purpose confirms, under the lock of its row. */
  async addressOf(tx: Tx, userId: string, purpose: TokenPurpose): Promise<Buffer | undefined> {
    const [row] = await tx.query<{ email: Buffer | null }[]>(
      `SELECT t.email FROM users u JOIN account_tokens t ON t.user_id = u.id
       WHERE u.id = $1 AND t.purpose = $2 AND t.expires_at > now() AND u.erased_at IS NULL FOR UPDATE OF t`,
      [userId, purpose],
    );
    return row?.email ?? undefined;
  }

  /** The user that a token is for; it stays. */
  async userOf(token: string, purpose: TokenPurpose): Promise<string | undefined> {
    const [row] = await this.database.query<{ user_id: string }>(
      `SELECT t.user_id FROM account_tokens t JOIN users u ON u.id = t.user_id
       WHERE t.hash = $1 AND t.purpose = $2 AND t.expires_at > now() AND u.erased_at IS NULL`,
      [hashOf(token), purpose],
    );
    return row?.user_id;
  }

  /** Deletes the token; of concurrent attempts one gets it. @throws `invalid_credentials` for an unknown, used or expired token */
  async consume(tx: Tx, token: string, purposes: readonly TokenPurpose[]): Promise<ConsumedToken> {
    const [row] = await returnedRows<{ user_id: string; purpose: TokenPurpose; email: Buffer | null }>(
      tx,
      `DELETE FROM account_tokens t USING users u WHERE t.hash = $1 AND t.purpose = ANY($2) AND t.expires_at > now()
         AND u.id = t.user_id AND u.erased_at IS NULL RETURNING t.user_id, t.purpose, t.email`,
      [hashOf(token), purposes],
    );
    if (!row) throw invalidLink();
    return { userId: row.user_id, purpose: row.purpose, email: row.email };
  }

  async deleteAll(tx: Tx, userId: string): Promise<void> {
    await tx.query('DELETE FROM account_tokens WHERE user_id = $1', [userId]);
  }

  async sweep(): Promise<void> {
    await this.database.query('DELETE FROM account_tokens WHERE expires_at < now()');
  }
}

export function invalidLink(): Problem {
  return new Problem('invalid_credentials', { detail: 'This link is not valid, or was used before' });
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token, 'utf8').digest();
}
