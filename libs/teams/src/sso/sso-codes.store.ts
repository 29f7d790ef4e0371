import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Problem } from '@adiuva/kernel';
import { lockLiveUser } from '@adiuva/auth';
import { Database, returnedRows, type Tx } from '@adiuva/platform';

export interface SsoCode {
  readonly teamId: string;
  readonly userId: string;
}

const CODE_BYTES = 32;
const TTL_SECONDS = 60;

/** Codes that the app exchanges for tokens: of a minute, used once, bound to the verifier of the app that began (RFC 7636). */
@Injectable()
export class SsoCodes {
  constructor(private readonly database: Database) {}

  async issue({ teamId, userId }: SsoCode, challenge: string): Promise<string> {
    const code = randomBytes(CODE_BYTES).toString('base64url');
    await this.database.transaction(async (tx) => {
      await lockLiveUser(tx, userId);
      await tx.query(
        `INSERT INTO sso_codes (hash, team_id, user_id, challenge, expires_at)
         VALUES ($1, $2, $3, $4, now() + make_interval(secs => ${TTL_SECONDS}))`,
        [sha256(code), teamId, userId, Buffer.from(challenge, 'base64url')],
      );
    });
    return code;
  }

  /** Whom a code is for; it stays. @throws `invalid_credentials` for an unknown, used or expired one, or another verifier */
  async read(code: string, verifier: string): Promise<SsoCode> {
    const [row] = await this.database.query<{ team_id: string; user_id: string }>(
      'SELECT team_id, user_id FROM sso_codes WHERE hash = $1 AND challenge = $2 AND expires_at > now()',
      [sha256(code), sha256(verifier)],
    );
    if (!row) throw invalidCode();
    return { teamId: row.team_id, userId: row.user_id };
  }

  /** Of concurrent attempts one succeeds. @throws `invalid_credentials` */
  async consume(tx: Tx, code: string): Promise<void> {
    const deleted = await returnedRows(
      tx,
      'DELETE FROM sso_codes WHERE hash = $1 AND expires_at > now() RETURNING hash',
      [sha256(code)],
    );
    if (deleted.length === 0) throw invalidCode();
  }

  async sweep(): Promise<void> {
    await this.database.query('DELETE FROM sso_codes WHERE expires_at < now()');
    await this.database.query('DELETE FROM spent_sso_states WHERE expires_at < now()');
  }
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest();
}

function invalidCode(): Problem {
  return new Problem('invalid_credentials', { detail: 'This code is not valid, or was used before' });
}
