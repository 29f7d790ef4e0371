import { Injectable } from '@nestjs/common';
import { featuresOf, Problem } from '@adiuva/kernel';
import { UserEncryption } from '@adiuva/auth';
import { Entitlements } from '@adiuva/billing';
import { Database, Log, type Tx } from '@adiuva/platform';
import { RunStarter } from '@adiuva/runs';
import { AutomationsConfig } from '../automations.config';
import { openContent } from './goal-encryption';
import { goalRun } from './goal-run';
import type { GoalRow } from './goal.entity';
import { nextSlot, type ScheduleRule } from '../schedules/schedule-rule';
import type { ScheduleRow } from './schedule.entity';

const BATCH = 50;
const MAX_WAIT_MS = 1_000;
/** How long a schedule is left out that could not be started, so that it delays no other; doubled each time. */
const PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 60_000;
/** What a disabled account has due waits until it is enabled. */
const OPEN = 'enabled AND id <> ALL ($1::uuid[]) AND NOT account_disabled(user_id)';
const DUE = `SELECT id, user_id FROM schedules WHERE ${OPEN} AND next_run_at <= now() ORDER BY next_run_at LIMIT ${BATCH}`;
const EARLIEST = `SELECT extract(epoch FROM next_run_at - now()) * 1000 AS ms FROM schedules
  WHERE ${OPEN} AND next_run_at IS NOT NULL ORDER BY next_run_at LIMIT 1`;
/** A slot that another process starts now is skipped; the goal first, as everything that makes or deletes its runs does. */
const LOCK = `SELECT s.*, now() AS now FROM schedules s WHERE s.id = $1 AND s.enabled AND s.next_run_at <= now() FOR UPDATE SKIP LOCKED`;
/** After a downgrade the oldest active goals that the tier includes ($2, -1 without a limit) still start; the others keep their data. */
const GOAL = `SELECT g.* FROM goals g JOIN schedules s ON s.goal_id = g.id WHERE s.id = $1 AND g.status = 'active'
  AND ($2 = -1 OR $2 > (SELECT count(*) FROM goals o WHERE o.user_id = g.user_id AND o.status = 'active' AND o.id < g.id))
  FOR SHARE OF g`;

/** Starts a run for each slot, exactly once in all processes: the slot is unique in the database, and its schedule moves on in the same transaction. */
@Injectable()
export class Scheduler {
  private timer: NodeJS.Timeout | undefined;
  private stopped = true;
  /** Schedules that could not be started, by id. */
  private readonly failed = new Map<string, { readonly pauseMs: number; readonly until: number }>();

  constructor(
    private readonly database: Database,
    private readonly encryption: UserEncryption,
    private readonly starter: RunStarter,
    private readonly entitlements: Entitlements,
    private readonly config: AutomationsConfig,
    private readonly log: Log,
  ) {}

  start(): void {
    if (!this.stopped) return;
    this.stopped = false;
    this.plan(0);
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  /** Starts what is due now. Returns how many slots that were. */
  async tick(): Promise<number> {
    const due = await this.database.query<{ id: string; user_id: string }>(DUE, [this.pausedIds()]);
    for (const { id, user_id: userId } of due) {
      try {
        await this.startOne(id, userId);
        this.failed.delete(id);
      } catch (error) {
        this.pause(id, error);
      }
    }
    return due.length;
  }

  private pause(id: string, error: unknown): void {
    const pauseMs = Math.min(MAX_PAUSE_MS, 2 * (this.failed.get(id)?.pauseMs ?? PAUSE_MS / 2));
    this.failed.set(id, { pauseMs, until: Date.now() + pauseMs });
    // The account is being erased, and its schedules with it; or it was disabled just now, and they wait.
    if (error instanceof Problem && (error.code === 'not_found' || error.code === 'account_disabled')) return;
    this.log.warn('schedule_failed', { error });
  }

  private pausedIds(): string[] {
    const now = Date.now();
    // Of a schedule that is not due any more.
    for (const [id, { until }] of this.failed) if (until + MAX_PAUSE_MS < now) this.failed.delete(id);
    return [...this.failed].flatMap(([id, { until }]) => (until > now ? [id] : []));
  }

  private plan(ms: number): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => void this.round(), ms);
  }

  private async round(): Promise<void> {
    try {
      if ((await this.tick()) === BATCH) return this.plan(0);
      const [row] = await this.database.query<{ ms: string | null }>(EARLIEST, [this.pausedIds()]);
      this.plan(Math.min(MAX_WAIT_MS, Math.max(1, Number(row?.ms ?? MAX_WAIT_MS))));
    } catch (error) {
      this.log.warn('scheduler_failed', { error });
      this.plan(MAX_WAIT_MS);
    }
  }

  private async startOne(id: string, userId: string): Promise<void> {
    const cipher = await this.encryption.open(userId);
    const { tier } = await this.entitlements.of(userId);
    const { batchActive } = featuresOf(tier);
    await this.database.transaction(async (tx) => {
      await this.starter.lockOwner(tx, userId);
      const [goal] = await tx.query<GoalRow[]>(GOAL, [id, batchActive]);
      const [schedule] = await tx.query<(ScheduleRow & { now: Date })[]>(LOCK, [id]);
      if (!schedule?.next_run_at) return;
      const { now } = schedule;
      const slot = goal && this.slotOf(schedule, schedule.next_run_at, now, goal);
      if (goal && slot) {
        const content = { id: goal.id, agent: goal.agent, ...openContent(cipher, goal) };
        const run = goalRun(content, { trigger: 'schedule', slot: { scheduleId: id, at: slot } });
        await this.starter.start(tx, { userId, tier }, cipher, run);
      }
      await advance(tx, id, nextSlot(ruleOf(schedule), now));
    });
  }

  /** The slot to run, if any: of those that were missed, one or none as the goal says. */
  private slotOf(schedule: ScheduleRow, due: Date, now: Date, { missed }: GoalRow): Date | undefined {
    const grace = new Date(now.getTime() - this.config.SCHEDULE_GRACE_S * 1000);
    if (due >= grace || missed === 'run_once') return due;
    const recent = nextSlot(ruleOf(schedule), grace);
    return recent && recent <= now ? recent : undefined;
  }
}

function ruleOf(row: ScheduleRow): ScheduleRule {
  const { kind, expression, timezone } = row;
  return { kind, expression, timezone, startsAt: row.starts_at, endsAt: row.ends_at };
}

async function advance(tx: Tx, id: string, next: Date | undefined): Promise<void> {
  await tx.query('UPDATE schedules SET next_run_at = $2 WHERE id = $1', [id, next ?? null]);
}
