import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Problem, type Principal } from '@adiuva/kernel';
import { Database, entryLimit, Log } from '@adiuva/platform';
import { LlmConfig } from '../llm.config';

/** Tokens set aside for one call. */
export interface Reservation {
  readonly userId: string;
  /** First day of the month that they are taken from, in UTC. */
  readonly month: string;
  readonly tokens: number;
}

interface BudgetSnapshot {
  /** As the database reported last; other nodes may have spent more since. */
  used: number;
  /** What this process is about to reserve. */
  pending: number;
}

/** `disabled` is null where the account is erased. */
type Reserved = { readonly disabled: boolean | null } & (
  { readonly month: string; readonly tokens: string } | { readonly month: null; readonly tokens: null }
);

const KEPT_MONTHS = 13;
const MAX_KNOWN_USERS = 50_000;
/**
 * Commits without waiting for the disk: concurrent chats of one user take turns on the row, and each would wait. A machine that loses its
 * power loses less than a second of counting, in the user's favour.
 */
const ASYNC_COMMIT = `WITH async_commit AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))`;

/** The account must be alive and not disabled, and stays so until this commits: erasing and disabling it take this lock too. */
const RESERVE = `${ASYNC_COMMIT},
live AS MATERIALIZED (SELECT disabled_at IS NOT NULL AS disabled FROM users WHERE id = $1 AND erased_at IS NULL FOR SHARE),
reserved AS (
  INSERT INTO token_usage AS known (user_id, month, tokens)
  SELECT $1::uuid, date_trunc('month', now() AT TIME ZONE 'UTC')::date, $2::bigint FROM async_commit, live WHERE NOT disabled AND $2::bigint <= $3::bigint
  ON CONFLICT (user_id, month) DO UPDATE SET tokens = known.tokens + excluded.tokens
    WHERE known.tokens + excluded.tokens <= $3::bigint
  RETURNING month::text, tokens
)
SELECT (SELECT disabled FROM live) AS disabled, month, tokens FROM (SELECT) AS one LEFT JOIN reserved ON true`;

const SETTLE = `${ASYNC_COMMIT}
UPDATE token_usage SET tokens = GREATEST(0, tokens + $3::bigint) FROM async_commit
WHERE user_id = $1 AND month = $2::date
RETURNING tokens`;

/**
 * What a user may spend on language models in a calendar month (UTC). A call reserves the most that it may need before it starts and
 * returns afterwards what it did not use; one conditional statement decides, so concurrent calls on many nodes never get the same tokens. A
 * process that exits in between leaves the whole reservation spent.
 */
@Injectable()
export class TokenBudget {
  private readonly known = new LRUCache<string, BudgetSnapshot>(entryLimit(MAX_KNOWN_USERS));

  constructor(
    private readonly database: Database,
    private readonly config: LlmConfig,
    private readonly log: Log,
  ) {}

  /**
   * Whether a reservation of `tokens` is almost certain to succeed: with it, less than half of the month would be spent as far as is
   * known here. Then a call may start while the reservation is in progress, and nothing of its answer is delivered before it is made.
   */
  hasHeadroom(caller: Principal, tokens: number): boolean {
    const snapshot = this.known.get(caller.userId);
    return snapshot !== undefined && snapshot.used + snapshot.pending + tokens <= this.config.monthlyTokens(caller) / 2;
  }

  /** The statement is executed after `after`. @throws `quota_exceeded` with `limit_tokens`, `used_tokens` and `resets_at` (ms), `unauthenticated` (the account is erased), `account_disabled` */
  async reserve(caller: Principal, tokens: number, after?: Promise<void>): Promise<Reservation> {
    const snapshot = this.known.get(caller.userId) ?? { used: Infinity, pending: 0 };
    this.known.set(caller.userId, snapshot);
    snapshot.pending += tokens;
    try {
      await after;
      const limit = this.config.monthlyTokens(caller);
      const [row] = await this.database.prepared<Reserved>(RESERVE, [caller.userId, tokens, limit]);
      if (row?.disabled === true) throw new Problem('account_disabled');
      if (row?.disabled !== false) throw new Problem('unauthenticated', { detail: 'This account is erased' });
      if (row.month === null) throw await this.exceeded(caller.userId, limit);
      snapshot.used = Number(row.tokens);
      return { userId: caller.userId, month: row.month, tokens };
    } finally {
      snapshot.pending -= tokens;
    }
  }

  /** Never throws: an answer that was given is not taken back because its bill could not be written. */
  async settle({ userId, month, tokens }: Reservation, used: number): Promise<void> {
    if (used === tokens) return;
    try {
      const [row] = await this.database.prepared<{ tokens: string }>(SETTLE, [userId, month, used - tokens]);
      const snapshot = this.known.get(userId);
      if (row && snapshot) snapshot.used = Number(row.tokens);
    } catch (error) {
      this.log.warn('tokens_unsettled', { count: tokens - used, error });
    }
  }

  async used(userId: string): Promise<number> {
    const [row] = await this.database.query<{ tokens: string }>(
      `SELECT tokens FROM token_usage WHERE user_id = $1 AND month = date_trunc('month', now() AT TIME ZONE 'UTC')::date`,
      [userId],
    );
    return Number(row?.tokens ?? 0);
  }

  async sweep(): Promise<void> {
    await this.database.query('DELETE FROM token_usage WHERE month < now() - make_interval(months => $1)', [
      KEPT_MONTHS,
    ]);
  }

  private async exceeded(userId: string, limit: number): Promise<Problem> {
    const now = new Date();
    const resetsAt = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1);
    return new Problem('quota_exceeded', {
      detail: 'This message would need more tokens than your plan has left this month',
      members: { limit_tokens: limit, used_tokens: await this.used(userId), resets_at: resetsAt },
    });
  }
}
