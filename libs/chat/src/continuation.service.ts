import { Injectable } from '@nestjs/common';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { z } from 'zod';
import { Clock, newId, Problem, type Principal } from '@adiuva/kernel';
import { ChatContextShape, JournalShape } from '@adiuva/agents';
import { lockLiveUser } from '@adiuva/auth';
import { Database, Log, ServerKeys } from '@adiuva/platform';

/** The state that resumes a chat: the request, the journal so far, and the tool calls that the client is to answer. */
const StateShape = z.object({
  id: z.string(),
  expiresAt: z.number(),
  startedAt: z.number(),
  /** Time of the message's budget that is used up. */
  spentMs: z.number().default(0),
  toolArguments: z.array(z.record(z.string(), z.unknown())).default([]),
  message: z.string(),
  context: ChatContextShape,
  mode: z.enum(['direct', 'plan']),
  agents: z.array(z.string()).optional(),
  journal: JournalShape,
  pending: z.array(z.string()),
});

export type ChatState = Omit<z.infer<typeof StateShape>, 'id' | 'expiresAt'>;
export type OpenState = z.infer<typeof StateShape>;

const TTL_MS = 15 * 60_000;
/** Beyond the 120 s of a message: after so long the process that had spent a continuation has died. */
const LEASE_S = 150;
const SPEND = `INSERT INTO spent_continuations AS known (id, user_id, expires_at, lease_until)
  VALUES ($1, $2, to_timestamp($3::double precision / 1000), now() + make_interval(secs => $4))
  ON CONFLICT (id) DO UPDATE SET lease_until = excluded.lease_until WHERE known.lease_until < now() RETURNING id`;
/** Larger than any sealed state; bounds decompression. */
const MAX_STATE_BYTES = 16 * 1024 * 1024;

/**
 * A chat that waits for the client, as a token that only the client keeps: AES-256-GCM under its own key, bound to the user, valid for
 * 15 minutes and one answer. The id of a spent one is stored until it expires.
 */
@Injectable()
export class Continuations {
  constructor(
    private readonly keys: ServerKeys,
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  seal(caller: Principal, state: ChatState): string {
    const whole: OpenState = { ...state, id: newId(), expiresAt: this.now + TTL_MS };
    const plain = deflateRawSync(Buffer.from(JSON.stringify(whole), 'utf8'), { level: 1 });
    return this.keys.seal('continuation', plain, associated(caller)).toString('base64url');
  }

  /** Throws `not_found` for what is no continuation of this user, or an expired one. */
  open(caller: Principal, continuation: string): OpenState {
    try {
      const sealed = Buffer.from(continuation, 'base64url');
      const plain = inflateRawSync(this.keys.open('continuation', sealed, associated(caller)), {
        maxOutputLength: MAX_STATE_BYTES,
      });
      const state = StateShape.parse(JSON.parse(plain.toString('utf8')));
      if (state.expiresAt > this.now) return state;
    } catch (error) {
      throw new Problem('not_found', { cause: error });
    }
    throw new Problem('not_found');
  }

  /**
   * Throws `continuation_spent` for a spent one; of concurrent attempts one succeeds, and another one where the process of the first died.
   * Throws `unauthenticated` for an erased account.
   */
  async spend(caller: Principal, { id, expiresAt }: OpenState): Promise<void> {
    const [spent, known] = await this.database.transaction(async (tx) => {
      await lockLiveUser(tx, caller.userId);
      const rows = await tx.query<unknown[]>(SPEND, [id, caller.userId, expiresAt, LEASE_S]);
      const running = await tx.query<{ seconds: number }[]>(
        `SELECT ceil(extract(epoch FROM lease_until - now()))::integer AS seconds FROM spent_continuations WHERE id = $1 AND lease_until IS NOT NULL`,
        [id],
      );
      return [rows.length > 0, running[0]] as const;
    });
    if (!spent) throw new Problem('continuation_spent', known ? { retryAfter: known.seconds } : {});
  }

  /** The answer has come, or it has failed without a word: then the continuation may be used again. Never throws: its lease passes anyway. */
  async settle(caller: Principal, { id }: OpenState, answered: boolean): Promise<void> {
    const sql = answered
      ? 'UPDATE spent_continuations SET lease_until = NULL WHERE id = $1 AND user_id = $2'
      : 'DELETE FROM spent_continuations WHERE id = $1 AND user_id = $2';
    await this.database.query(sql, [id, caller.userId]).catch((error: unknown) => {
      this.log.warn('continuation_unsettled', { error });
    });
  }

  async sweep(): Promise<void> {
    await this.database.query(`DELETE FROM spent_continuations WHERE expires_at < now() - interval '1 minute'`);
  }

  private get now(): number {
    return this.clock.now().getTime();
  }
}

function associated(caller: Principal): string {
  return `chat.continuation|${caller.userId}`;
}
