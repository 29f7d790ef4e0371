import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { UserEncryption } from '@adiuva/auth';
import { Database, PubSub } from '@adiuva/platform';
import { openJson, sealJson, stepColumn } from './run-cipher';
import { RunsConfig } from './runs.config';

/**
 * Published when a step begins to wait for a device, with `user_id`, `run_id` and `node`, and when the devices that have been asked did not
 * answer, with the ids of their sockets (`tried`, with spaces between).
 */
export const RUN_QUESTION = 'run.question';

export const DeviceQuestionShape = z.object({
  calls: z.array(z.object({ callId: z.string(), name: z.string(), arguments: z.record(z.string(), z.unknown()) })),
});

/** The read tools that a device is asked to run for a step. */
export interface DeviceQuestion extends z.infer<typeof DeviceQuestionShape> {
  readonly runId: string;
  readonly node: number;
}

export type DeviceAnswer = { readonly result: unknown } | { readonly error: string };

export type StepOfUser = Pick<DeviceQuestion, 'runId' | 'node'> & { readonly userId: string };

/** A device that connects is asked for so many waiting steps; the rest when it connects the next time or answers. */
const MAX_PENDING = 50;
const PENDING = `SELECT run_id, node, question FROM run_steps
  WHERE user_id = $1 AND run_id IN (SELECT id FROM runs WHERE user_id = $1 AND status IN ('running', 'waiting'))
    AND status = 'waiting' AND waiting_for = 'device' AND question IS NOT NULL AND ($2::uuid IS NULL OR (run_id = $2 AND node = $3))
  ORDER BY run_id, node LIMIT ${MAX_PENDING}`;
const OPEN = `run_id = $1 AND node = $2 AND user_id = $3 AND status = 'waiting' AND waiting_for = 'device'`;
const CLAIM = `WITH claimed AS (
    UPDATE run_steps SET asked_by = $4, asked_until = now() + make_interval(secs => $5 / 1000.0)
    WHERE ${OPEN} AND (asked_by = $4 OR asked_until < now() OR (asked_until IS NULL AND NOT $6)) RETURNING 1
  ) SELECT 1 FROM claimed`;
const RELEASE = `WITH released AS (
    UPDATE run_steps SET asked_by = NULL, asked_until = NULL WHERE ${OPEN} AND asked_by = $4 RETURNING 1
  ) SELECT 1 FROM released`;
const ANSWER = `SELECT runs_wake(run_id, node, $4, $5) AS woken FROM run_steps WHERE ${OPEN}`;

/** What steps ask the user's devices. A question is a sealed row: it waits without a process. */
@Injectable()
export class RunQuestions {
  constructor(
    private readonly database: Database,
    private readonly encryption: UserEncryption,
    private readonly pubSub: PubSub,
    private readonly config: RunsConfig,
  ) {}

  async pending(userId: string, only?: { runId: string; node: number }): Promise<DeviceQuestion[]> {
    const rows = await this.database.query<{ run_id: string; node: number; question: Buffer }>(PENDING, [
      userId,
      only?.runId ?? null,
      only?.node ?? null,
    ]);
    if (rows.length === 0) return [];
    const cipher = await this.encryption.open(userId);
    return rows.flatMap(({ run_id: runId, node, question }) => {
      const parsed = DeviceQuestionShape.safeParse(openJson(cipher, stepColumn('question', runId, node), question));
      return parsed.success ? [{ runId, node, ...parsed.data }] : [];
    });
  }

  /**
   * Whether `holder` may ask devices for `ms`: one at a time over all nodes. Renews what it holds. With `abandoned` only where another holder
   * has let its time pass.
   */
  async claim({ userId, runId, node }: StepOfUser, holder: string, ms: number, abandoned = false): Promise<boolean> {
    const rows = await this.database.query(CLAIM, [runId, node, userId, holder, ms, abandoned]);
    return rows.length > 0;
  }

  /** None of the `tried` sockets has answered: other devices are asked, on any node. */
  async release({ userId, runId, node }: StepOfUser, holder: string, tried: readonly string[]): Promise<void> {
    const rows = await this.database.query(RELEASE, [runId, node, userId, holder]);
    if (rows.length > 0)
      this.pubSub.publish(RUN_QUESTION, { user_id: userId, run_id: runId, node, tried: tried.join(' ') });
  }

  /** The first answer counts; false where the step does not wait any more. */
  async answer(userId: string, { runId, node }: DeviceQuestion, answers: readonly DeviceAnswer[]): Promise<boolean> {
    const cipher = await this.encryption.open(userId);
    const sealed = sealJson(cipher, stepColumn('answer', runId, node), answers);
    const rows = await this.database.query<{ woken: boolean }>(ANSWER, [
      runId,
      node,
      userId,
      sealed,
      this.config.RUNS_PER_USER,
    ]);
    return rows[0]?.woken === true;
  }
}
