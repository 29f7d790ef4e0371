import { Injectable } from '@nestjs/common';
import { newId, Problem } from '@adiuva/kernel';
import { Database, type Tx } from '../database/database.service';
import { LEASE_SECONDS, renewLease } from '../database/lease';
import { ServerKeys } from '../secrets/server-keys';

/** The request as far as it decides whether two are the same. */
export interface IdempotentRequest {
  /** The user's id, or `PUBLIC_SCOPE`. */
  readonly scope: string;
  readonly operation: string;
  readonly key: string;
  /** What must be equal in a repetition: the body, or its checksum where it is streamed. */
  readonly content: string;
}

export interface StoredAnswer {
  readonly status: number;
  /** Those that belong to the answer; absent in what an older version has stored. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** The right to carry out a request for the first time. */
export interface IdempotencyClaim {
  readonly scope: string;
  readonly key: Buffer;
  readonly holder: string;
}

interface Row {
  readonly request: Buffer;
  readonly answer: Buffer | null;
  readonly leased: boolean;
}

export const PUBLIC_SCOPE = 'public';

/**
 * Replays the first answer to a repeated request for 24 hours. Answers are sealed; keys and bodies are kept as keyed hashes. When the
 * process that holds a claim dies, the claim expires after `LEASE_SECONDS` and a repetition is carried out; the effect of the first one is
 * then not there, because it is committed together with the answer.
 */
@Injectable()
export class Idempotency {
  constructor(
    private readonly database: Database,
    private readonly keys: ServerKeys,
  ) {}

  /** A claim, or the stored answer. Throws `idempotency_key_reused` for another body, `idempotency_in_progress` while the first one runs. */
  async begin(request: IdempotentRequest): Promise<IdempotencyClaim | StoredAnswer> {
    const claim = {
      scope: request.scope,
      key: this.keys.hmac('idempotency', `${request.operation}\n${request.key}`),
      holder: newId(),
    };
    const content = this.keys.hmac('idempotency', request.content);
    if (await this.claim(claim, content)) return claim;
    const [row] = await this.database.query<Row>(
      `SELECT request, answer, lease_until > now() AS leased FROM idempotency_keys WHERE scope = $1 AND key = $2`,
      [claim.scope, claim.key],
    );
    if (!row) throw new Problem('idempotency_in_progress', { retryAfter: 1 });
    if (!row.request.equals(content)) throw new Problem('idempotency_key_reused');
    if (row.answer === null) throw new Problem('idempotency_in_progress', { retryAfter: 1 });
    return JSON.parse(this.keys.open('idempotency', row.answer, associated(claim)).toString('utf8')) as StoredAnswer;
  }

  /** Keeps a claim while its request runs. Returns what ends that. */
  keep({ scope, key, holder }: IdempotencyClaim): () => void {
    return renewLease(() =>
      this.database.query(
        `UPDATE idempotency_keys SET lease_until = now() + make_interval(secs => $4)
         WHERE scope = $1 AND key = $2 AND holder = $3 AND answer IS NULL`,
        [scope, key, holder, LEASE_SECONDS],
      ),
    );
  }

  /**
   * Stores the answer, in the transaction of the effect where that is possible. Throws `idempotency_in_progress` where the claim was lost to
   * a repetition, so that the effect is rolled back.
   */
  async finish(tx: Tx, claim: IdempotencyClaim, answer: StoredAnswer): Promise<void> {
    const sealed = this.keys.seal('idempotency', Buffer.from(JSON.stringify(answer), 'utf8'), associated(claim));
    const [stored] = await tx.query<[unknown[], number]>(
      `UPDATE idempotency_keys SET answer = $4 WHERE scope = $1 AND key = $2 AND holder = $3 RETURNING 1`,
      [claim.scope, claim.key, claim.holder, sealed],
    );
    if (stored.length === 0) throw new Problem('idempotency_in_progress', { retryAfter: 1 });
  }

  /** Releases the claim after a failure, so that a repetition is carried out. */
  async abandon(claim: IdempotencyClaim): Promise<void> {
    await this.database.query(
      `DELETE FROM idempotency_keys WHERE scope = $1 AND key = $2 AND holder = $3 AND answer IS NULL`,
      [claim.scope, claim.key, claim.holder],
    );
  }

  async sweep(): Promise<void> {
    await this.database.query(`DELETE FROM idempotency_keys WHERE expires_at < now()`);
  }

  async erase(scope: string): Promise<void> {
    await this.database.query(`DELETE FROM idempotency_keys WHERE scope = $1`, [scope]);
  }

  /** One statement decides, for a user whose account is neither erased nor disabled: a new key, one that has expired, or one of the same body whose holder died. */
  private async claim(claim: IdempotencyClaim, content: Buffer): Promise<boolean> {
    const rows = await this.database.query(
      `INSERT INTO idempotency_keys AS known (scope, key, request, holder, lease_until, expires_at)
       SELECT $1, $2, $3, $4, now() + make_interval(secs => $5), now() + interval '24 hours'
       WHERE $6::uuid IS NULL OR EXISTS (SELECT 1 FROM users WHERE id = $6 AND erased_at IS NULL AND disabled_at IS NULL FOR SHARE)
       ON CONFLICT (scope, key) DO UPDATE
         SET request = excluded.request, holder = excluded.holder, lease_until = excluded.lease_until, answer = NULL, expires_at = excluded.expires_at
         WHERE known.expires_at < now() OR (known.answer IS NULL AND known.lease_until < now() AND known.request = excluded.request)
       RETURNING holder`,
      [claim.scope, claim.key, content, claim.holder, LEASE_SECONDS, claim.scope === PUBLIC_SCOPE ? null : claim.scope],
    );
    return rows.length === 1;
  }
}

export function isClaim(outcome: IdempotencyClaim | StoredAnswer): outcome is IdempotencyClaim {
  return 'holder' in outcome;
}

function associated(claim: IdempotencyClaim): string {
  return `idempotency_keys.answer|${claim.scope}|${claim.key.toString('hex')}`;
}
