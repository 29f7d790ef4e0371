import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Problem, type Principal } from '@adiuva/kernel';
import { Database, Log, type Tx } from '@adiuva/platform';
import { LlmConfig } from './llm.config';

/** Tokens set aside for one call. */
export interface Reservation {
  readonly userId: string;
  /** First day of the month that they are taken from, in UTC. */
  readonly month: string;
  readonly tokens: number;
}

interface Standing {
  /** As the database said last; other nodes may have spent more since. */
  used: number;
  /** What this process is about to reserve. */
  asked: number;
}

const KEPT_MONTHS = 13;
const MOST_KNOWN_USERS = 50_000;
/**
 * Answers before the disk has the row: chats of one user take turns on it, and each would wait for the disk. What a machine that loses
 * its power forgets is less than a second of counting, in the user's favour.
 */
const UNHURRIED = `WITH unhurried AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))`;

const RESERVE = `${UNHURRIED}
INSERT INTO token_usage AS known (user_id, month, tokens)
SELECT $1::uuid, date_trunc('month', now() AT TIME ZONE 'UTC')::date, $2::bigint FROM unhurried WHERE $2::bigint <= $3::bigint
ON CONFLICT (user_id, month) DO UPDATE SET tokens = known.tokens + excluded.tokens
  WHERE known.tokens + excluded.tokens <= $3::bigint
RETURNING month::text, tokens`;

const SETTLE = `${UNHURRIED}
UPDATE token_usage SET tokens = GREATEST(0, tokens + $3::bigint) FROM unhurried
WHERE user_id = $1 AND month = $2::date
RETURNING tokens`;

/**
 * What a user may spend on language models in a calendar month (UTC). A call takes the most that it may need before it starts and gives
 * back afterwards what it did not use; one conditional statement decides, so calls at once on many nodes never get the same tokens. A
 * process that dies in between leaves the whole reservation spent.
 */
@Injectable()
export class TokenBudget {
  private readonly known = new LRUCache<string, Standing>({ max: MOST_KNOWN_USERS });

  constructor(
    private readonly database: Database,
    private readonly config: LlmConfig,
    private readonly log: Log,
  ) {}

  /**
   * Whether a reservation of so many tokens is all but sure to be made: with it, less than half of the month would be spent as far as is
   * known here. Then a call may start while the reservation is under way, and nothing of its answer is given out before it stands.
   */
  isAmple(caller: Principal, tokens: number): boolean {
    const standing = this.known.get(caller.userId);
    return standing !== undefined && standing.used + standing.asked + tokens <= this.config.monthlyTokens(caller) / 2;
  }

  /** @throws `quota_exceeded` with `limit_tokens`, `used_tokens` and `resets_at` (ms) */
  async reserve(caller: Principal, tokens: number): Promise<Reservation> {
    const standing = this.known.get(caller.userId) ?? { used: Infinity, asked: 0 };
    this.known.set(caller.userId, standing);
    standing.asked += tokens;
    try {
      const limit = this.config.monthlyTokens(caller);
      const [row] = await this.database.prepared<{ month: string; tokens: string }>(RESERVE, [
        caller.userId,
        tokens,
        limit,
      ]);
      if (!row) throw await this.exceeded(caller.userId, limit);
      standing.used = Number(row.tokens);
      return { userId: caller.userId, month: row.month, tokens };
    } finally {
      standing.asked -= tokens;
    }
  }

  /** Never throws: an answer that was given is not taken back because its bill could not be written. */
  async settle({ userId, month, tokens }: Reservation, used: number): Promise<void> {
    if (used === tokens) return;
    try {
      const [row] = await this.database.prepared<{ tokens: string }>(SETTLE, [userId, month, used - tokens]);
      const standing = this.known.get(userId);
      if (row && standing) standing.used = Number(row.tokens);
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

  async erase(tx: Tx, userId: string): Promise<void> {
    await tx.query('DELETE FROM token_usage WHERE user_id = $1', [userId]);
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
