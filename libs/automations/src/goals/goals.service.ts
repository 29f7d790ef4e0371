import { Injectable } from '@nestjs/common';
import {
  featuresOf,
  lowestTierWith,
  newId,
  Problem,
  UNLIMITED,
  type Page,
  type PageRequest,
  type Principal,
  type Precondition,
  satisfies,
} from '@adiuva/kernel';
import { AgentResolver } from '@adiuva/agents';
import { UserEncryption, type UserCipher } from '@adiuva/auth';
import { Database, type Tx } from '@adiuva/platform';
import { RunsErasure, RunStarter } from '@adiuva/runs';
import { CustomAgents } from '../agents/custom-agents.service';
import { ScheduleStore } from './schedules.store';
import type { Goal, GoalChange, GoalStatus, NewGoal } from './goal';
import { assertCustody, openContent, sealContent } from './goal-encryption';
import { GoalReader } from './goal-reader.service';
import { goalRun } from './goal-run';
import type { GoalRow } from './goal.entity';

/** Serialises the changes of one user's goals, and keeps the account alive until the transaction ends. */
const LOCK_USER = 'SELECT 1 FROM users WHERE id = $1 AND erased_at IS NULL AND disabled_at IS NULL FOR NO KEY UPDATE';
const INSERT = `INSERT INTO goals (id, user_id, status, missed, notify, agent, custody, title, instructions, input)
  VALUES ($1, $2, 'active', $3, $4, $5, $6, $7, $8, $9)`;
const UPDATE = `UPDATE goals SET status = $3, missed = $4, notify = $5, agent = $6, custody = $7, title = $8, instructions = $9, input = $10,
  version = version + 1, updated_at = now() WHERE id = $1 AND user_id = $2`;
/** Of a user, archived ones included. */
const MAX_GOALS = 1_000;
const COUNT_ACTIVE = `SELECT count(*) AS active FROM goals WHERE user_id = $1 AND status = 'active'`;
const LOCK_GOAL = 'SELECT * FROM goals WHERE id = $1 AND user_id = $2 FOR NO KEY UPDATE';

/** What goals need of runs and of custom agents. */
@Injectable()
export class GoalParts {
  constructor(
    readonly agents: CustomAgents,
    readonly starter: RunStarter,
    readonly erasure: RunsErasure,
  ) {}
}

/** Goals: what a user wants done, when asked or on a schedule. */
@Injectable()
export class Goals {
  constructor(
    private readonly database: Database,
    private readonly encryption: UserEncryption,
    private readonly agents: AgentResolver,
    private readonly schedules: ScheduleStore,
    private readonly reader: GoalReader,
    private readonly parts: GoalParts,
  ) {}

  list(owner: Principal, status: GoalStatus | undefined, page: PageRequest): Promise<Page<Goal>> {
    return this.reader.list(owner, status, page);
  }

  get(owner: Principal, id: string): Promise<Goal> {
    return this.reader.get(owner, id);
  }

  /** Throws `upgrade_required` beyond the tier's active goals, `conflict` beyond 1,000 goals, `invalid_schedule`, `validation_failed` for an unknown agent. */
  async create(owner: Principal, goal: NewGoal): Promise<Goal> {
    const now = new Date();
    if (goal.agent !== null) await this.agents.named(owner, goal.agent, 'agent');
    this.schedules.check(goal.schedules, now);
    assertCustody({ title: goal.title, instructions: goal.instructions, input: goal.input, custody: goal.custody });
    const id = newId();
    const cipher = await this.encryption.open(owner.userId);
    await this.database.transaction(async (tx) => {
      await lockUser(tx, owner);
      await assertFewerThanMax(tx, owner);
      await assertCapacity(tx, owner);
      if (goal.agent !== null) await this.parts.agents.assertExists(tx, owner, goal.agent);
      const content = sealContent(cipher, id, goal);
      await tx.query(INSERT, [id, owner.userId, goal.missed, goal.notify, goal.agent, goal.custody, ...content]);
      await this.schedules.replace(tx, { id, userId: owner.userId, status: 'active' }, goal.schedules, now);
    });
    return this.reader.get(owner, id);
  }

  /** @throws `precondition_failed` where the change was made from another version */
  async change(owner: Principal, id: string, change: GoalChange, expected: Precondition): Promise<Goal> {
    const now = new Date();
    if (typeof change.agent === 'string') await this.agents.named(owner, change.agent, 'agent');
    if (change.schedules) this.schedules.check(change.schedules, now);
    const cipher = await this.encryption.open(owner.userId);
    await this.database.transaction(async (tx) => {
      await lockUser(tx, owner);
      const row = await lockGoal(tx, owner, id);
      if (!satisfies(row.version, expected)) throw new Problem('precondition_failed');
      const status = change.status ?? row.status;
      const agent = change.agent === undefined ? row.agent : change.agent;
      if (agent !== null && status === 'active') await this.parts.agents.assertExists(tx, owner, agent);
      if (status === 'active' && row.status !== 'active') await assertCapacity(tx, owner);
      await tx.query(UPDATE, [id, owner.userId, status, ...changedColumns(cipher, row, change)]);
      const goal = { id, userId: owner.userId, status };
      if (change.schedules) await this.schedules.replace(tx, goal, change.schedules, now);
      else if (status !== row.status) await this.schedules.reschedule(tx, goal, now);
    });
    return this.reader.get(owner, id);
  }

  /** Cancels what runs, and deletes schedules, runs and results. */
  async delete(owner: Principal, id: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      // Locked against a run that starts now; every start of a run locks the goal first.
      const rows = await tx.query<unknown[]>('SELECT 1 FROM goals WHERE id = $1 AND user_id = $2 FOR UPDATE', [
        id,
        owner.userId,
      ]);
      if (rows.length === 0) throw new Problem('not_found');
      await this.parts.erasure.eraseGoal(tx, owner.userId, id);
      await tx.query('DELETE FROM goals WHERE id = $1 AND user_id = $2', [id, owner.userId]);
    });
  }

  async countActive({ userId }: Principal): Promise<number> {
    const [row] = await this.database.query<{ active: string }>(COUNT_ACTIVE, [userId]);
    return Number(row?.active ?? 0);
  }

  /** The id of a run that is queued; `input` replaces the goal's. */
  async run(owner: Principal, id: string, input?: Readonly<Record<string, unknown>>): Promise<string> {
    const cipher = await this.encryption.open(owner.userId);
    return this.database.transaction(async (tx) => {
      await this.parts.starter.lockOwner(tx, owner.userId);
      const [row] = await tx.query<GoalRow[]>('SELECT * FROM goals WHERE id = $1 AND user_id = $2 FOR SHARE', [
        id,
        owner.userId,
      ]);
      if (!row) throw new Problem('not_found');
      const content = openContent(cipher, row);
      if (input) assertCustody({ ...content, input });
      const run = goalRun({ id, agent: row.agent, ...content }, { trigger: 'manual' }, input);
      const started = await this.parts.starter.start(tx, owner, cipher, run);
      if (started === undefined) throw new Error('a run without a slot is always made');
      return started;
    });
  }
}

async function lockUser(tx: Tx, { userId }: Principal): Promise<void> {
  const rows = await tx.query<unknown[]>(LOCK_USER, [userId]);
  if (rows.length === 0) throw new Problem('not_found');
}

async function lockGoal(tx: Tx, { userId }: Principal, id: string): Promise<GoalRow> {
  const [row] = await tx.query<GoalRow[]>(LOCK_GOAL, [id, userId]);
  if (!row) throw new Problem('not_found');
  return row;
}

async function assertFewerThanMax(tx: Tx, { userId }: Principal): Promise<void> {
  const [row] = await tx.query<[{ total: string }]>('SELECT count(*) AS total FROM goals WHERE user_id = $1', [userId]);
  if (Number(row.total) >= MAX_GOALS)
    throw new Problem('conflict', { detail: `A user has at most ${MAX_GOALS} goals` });
}

/** Under the user's lock, so that creations at the same time do not pass it together. */
async function assertCapacity(tx: Tx, { userId, tier }: Principal): Promise<void> {
  const { batchActive } = featuresOf(tier);
  if (batchActive === UNLIMITED) return;
  const [row] = await tx.query<[{ active: string }]>(COUNT_ACTIVE, [userId]);
  const active = Number(row.active);
  if (active < batchActive) return;
  throw new Problem('upgrade_required', {
    detail: `Your plan includes ${batchActive} active goals`,
    members: {
      required_tier: lowestTierWith((features) => features.batchActive === UNLIMITED || features.batchActive > active),
    },
  });
}

function changedColumns(cipher: UserCipher, row: GoalRow, change: GoalChange): unknown[] {
  const present = openContent(cipher, row);
  const custody = change.custody ?? present.custody;
  const content = {
    custody,
    title: change.title ?? present.title,
    instructions: change.instructions ?? present.instructions,
    input: change.input ?? (custody === present.custody ? present.input : {}),
  };
  assertCustody(content);
  return [
    change.missed ?? row.missed,
    change.notify ?? row.notify,
    change.agent === undefined ? row.agent : change.agent,
    custody,
    ...sealContent(cipher, row.id, content),
  ];
}
