import { Injectable } from '@nestjs/common';
import {
  newId,
  Problem,
  satisfies,
  type Page,
  type PageRequest,
  type Precondition,
  type Principal,
} from '@adiuva/kernel';
import { lockLiveUser, UserEncryption, type UserCipher } from '@adiuva/auth';
import { Database, returnedRows, type Tx } from '@adiuva/platform';
import { Quota } from '@adiuva/quota';
import { RunsErasure } from '@adiuva/runs';
import { openProject, sealProject } from './project-content';
import type { ProjectRow } from './projects.entities';
import type { NewProject, Project, ProjectChange, ProjectStatus } from './project';

/** Keeps a user from filling the database with empty projects. */
const MAX_PROJECTS = 1_000;
const INSERT = `INSERT INTO code_projects (id, user_id, status, mode, content) VALUES ($1, $2, 'draft', $3, $4) RETURNING *`;
const UPDATE = `UPDATE code_projects SET status = $3, mode = $4, content = $5, version = version + 1, updated_at = now()
  WHERE id = $1 AND user_id = $2 RETURNING *`;
const FOUND = 'code_projects WHERE user_id = $1 AND ($2::text IS NULL OR status = $2)';
const STORED = `SELECT coalesce(sum(v.stored_bytes), 0) AS bytes, count(DISTINCT f.id) AS count
  FROM code_files f JOIN code_file_versions v ON v.file_id = f.id WHERE f.project_id = $1 AND f.user_id = $2`;
/** While a project is deleted no job of it starts. */
const LOCK_STARTS = 'SELECT pg_advisory_xact_lock(7716, hashtext($1))';
const JOBS = 'SELECT run_id FROM code_jobs WHERE project_id = $1 AND user_id = $2';

/** Code projects of a user. What a user writes about them is sealed. */
@Injectable()
export class Projects {
  constructor(
    private readonly database: Database,
    private readonly encryption: UserEncryption,
    private readonly quota: Quota,
    private readonly runs: RunsErasure,
  ) {}

  /** Throws `conflict` beyond 1,000 projects. */
  async create(owner: Principal, { mode, ...content }: NewProject): Promise<Project> {
    const cipher = await this.encryption.open(owner.userId);
    const id = newId();
    return this.database.transaction(async (tx) => {
      await lockLiveUser(tx, owner.userId, 'UPDATE');
      const counted = await tx.query<[{ count: string }]>(
        'SELECT count(*) AS count FROM code_projects WHERE user_id = $1',
        [owner.userId],
      );
      if (Number(counted[0].count) >= MAX_PROJECTS) {
        throw new Problem('conflict', { detail: `A user has at most ${MAX_PROJECTS} projects` });
      }
      const sealed = sealProject(cipher, id, { ...content, requirementsSpec: null });
      return this.opened(cipher, await tx.query<ProjectRow[]>(INSERT, [id, owner.userId, mode, sealed]));
    });
  }

  /** Newest first. */
  async list(owner: Principal, status: ProjectStatus | undefined, request: PageRequest): Promise<Page<Project>> {
    const { total, items } = await this.database.page<ProjectRow>('*', FOUND, [owner.userId, status ?? null], request);
    const cipher = await this.encryption.open(owner.userId);
    return { total, items: items.map((row) => toProject(cipher, row)) };
  }

  async get(owner: Pick<Principal, 'userId'>, id: string): Promise<Project> {
    const rows = await this.database.query<ProjectRow>('SELECT * FROM code_projects WHERE id = $1 AND user_id = $2', [
      id,
      owner.userId,
    ]);
    return this.opened(await this.encryption.open(owner.userId), rows);
  }

  /** Changes the fields that are given. @throws `precondition_failed` where the change was made from another version */
  async change(owner: Principal, id: string, change: ProjectChange, expected: Precondition): Promise<Project> {
    const cipher = await this.encryption.open(owner.userId);
    return this.database.transaction((tx) => this.changeIn(tx, cipher, { owner, id, expected }, change));
  }

  /** As `change`, within the caller's transaction. */
  async changeIn(
    tx: Tx,
    cipher: UserCipher,
    { owner, id, expected }: { owner: Pick<Principal, 'userId'>; id: string; expected: Precondition },
    change: ProjectChange,
  ): Promise<Project> {
    const [row] = await tx.query<ProjectRow[]>(
      'SELECT * FROM code_projects WHERE id = $1 AND user_id = $2 FOR NO KEY UPDATE',
      [id, owner.userId],
    );
    if (!row) throw new Problem('not_found');
    if (!satisfies(row.version, expected)) throw new Problem('precondition_failed');
    const { status = row.status, mode = row.mode, ...content } = change;
    const sealed = sealProject(cipher, id, { ...openProject(cipher, id, row.content), ...content });
    return this.opened(cipher, await returnedRows<ProjectRow>(tx, UPDATE, [id, owner.userId, status, mode, sealed]));
  }

  /** Deletes files and jobs too; what runs is cancelled. */
  async delete(owner: Principal, id: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      // The lock order of a step that ends: its run, the usage, the project.
      await tx.query(LOCK_STARTS, [id]);
      const jobs = await tx.query<{ run_id: string }[]>(JOBS, [id, owner.userId]);
      const runIds = jobs.map((job) => job.run_id);
      await this.runs.eraseRuns(tx, owner.userId, runIds);
      await this.quota.lockInJob(tx, owner.userId);
      const rows = await tx.query<unknown[]>('SELECT 1 FROM code_projects WHERE id = $1 AND user_id = $2 FOR UPDATE', [
        id,
        owner.userId,
      ]);
      if (rows.length === 0) throw new Problem('not_found');
      const [stored] = await tx.query<[{ bytes: string; count: string }]>(STORED, [id, owner.userId]);
      await tx.query('DELETE FROM code_projects WHERE id = $1 AND user_id = $2', [id, owner.userId]);
      await this.quota.refund(tx, owner.userId, 'files', { bytes: Number(stored.bytes), count: Number(stored.count) });
    });
  }

  private opened(cipher: UserCipher, [row]: readonly ProjectRow[]): Project {
    if (!row) throw new Problem('not_found');
    return toProject(cipher, row);
  }
}

function toProject(cipher: UserCipher, row: ProjectRow): Project {
  return {
    id: row.id,
    userId: row.user_id,
    status: row.status,
    mode: row.mode,
    ...openProject(cipher, row.id, row.content),
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
