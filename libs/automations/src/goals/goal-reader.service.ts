import { Injectable } from '@nestjs/common';
import { Problem, type Page, type PageRequest, type Principal } from '@adiuva/kernel';
import { UserEncryption } from '@adiuva/auth';
import { Database } from '@adiuva/platform';
import { Runs } from '@adiuva/runs';
import { ScheduleStore } from './schedules.store';
import type { Goal, GoalStatus } from './goal';
import { openContent } from './goal-encryption';
import type { GoalRow } from './goal.entity';

const FOUND = 'goals WHERE user_id = $1 AND ($2::text IS NULL OR status = $2)';

/** Goals as their owner sees them, newest first. */
@Injectable()
export class GoalReader {
  constructor(
    private readonly database: Database,
    private readonly encryption: UserEncryption,
    private readonly schedules: ScheduleStore,
    private readonly runs: Runs,
  ) {}

  async list(owner: Principal, status: GoalStatus | undefined, request: PageRequest): Promise<Page<Goal>> {
    const { total, items } = await this.database.page<GoalRow>('*', FOUND, [owner.userId, status ?? null], request);
    return { total, items: await this.opened(owner, items) };
  }

  /** Throws `not_found`. */
  async get(owner: Principal, id: string): Promise<Goal> {
    const rows = await this.database.query<GoalRow>('SELECT * FROM goals WHERE user_id = $1 AND id = $2', [
      owner.userId,
      id,
    ]);
    const [goal] = await this.opened(owner, rows);
    if (!goal) throw new Problem('not_found');
    return goal;
  }

  private async opened(owner: Principal, rows: readonly GoalRow[]): Promise<Goal[]> {
    if (rows.length === 0) return [];
    const cipher = await this.encryption.open(owner.userId);
    const ids = rows.map(({ id }) => id);
    const schedules = await this.database.read((reader) => this.schedules.of(reader, owner.userId, ids));
    const latest = await this.runs.latestOf(owner, ids);
    return rows.map((row) => {
      const own = schedules.get(row.id) ?? [];
      const times = own.flatMap(({ enabled, nextRunAt }) => (enabled && nextRunAt ? [nextRunAt.getTime()] : []));
      return {
        id: row.id,
        ...openContent(cipher, row),
        agent: row.agent,
        status: row.status,
        missed: row.missed,
        notify: row.notify,
        version: row.version,
        createdAt: row.created_at,
        updatedAt: row.updated_at,
        schedules: own,
        nextRunAt: times.length > 0 ? new Date(Math.min(...times)) : null,
        lastRun: latest.get(row.id) ?? null,
      };
    });
  }
}
