import { Injectable } from '@nestjs/common';
import { Problem, type Principal } from '@adiuva/kernel';
import { ModelCaller } from '@adiuva/agents';
import { UserEncryption } from '@adiuva/auth';
import { Database } from '@adiuva/platform';
import { Quota } from '@adiuva/quota';
import { Runs, RunStarter } from '@adiuva/runs';
import type { JobInput, Job, ProjectAgent, StartedJob } from '../job';
import { jobSteps } from './job-steps';

/** Seconds, where there is no history yet. */
const FIRST_ESTIMATE = 60;
const LOCK_PROJECT = 'SELECT 1 FROM code_projects WHERE id = $1 AND user_id = $2 FOR KEY SHARE';
/** Before all other locks, see `Projects.delete`. */
const LOCK_START = 'SELECT pg_advisory_xact_lock_shared(7716, hashtext($1))';
const INSERT = 'INSERT INTO code_jobs (run_id, project_id, user_id, agent_type) VALUES ($1, $2, $3, $4)';
const JOB = 'SELECT run_id, project_id, agent_type FROM code_jobs WHERE run_id = $1 AND user_id = $2';
const LIST = `SELECT run_id, project_id, agent_type FROM code_jobs WHERE project_id = $1 AND user_id = $2 ORDER BY run_id DESC LIMIT $3`;
/** Of all users: durations are no content. */
const ESTIMATE = `SELECT avg(extract(epoch FROM r.ended_at - r.started_at)) AS seconds FROM (
    SELECT started_at, ended_at FROM code_jobs j JOIN runs r ON r.id = j.run_id
    WHERE j.agent_type = $1 AND r.status = 'completed' ORDER BY j.run_id DESC LIMIT 20
  ) r`;

interface JobFields {
  readonly run_id: string;
  readonly project_id: string;
  readonly agent_type: ProjectAgent;
}

/** Jobs of agents on code projects; each is a run of kind `job`. */
@Injectable()
export class ProjectJobs {
  constructor(
    private readonly database: Database,
    private readonly encryption: UserEncryption,
    private readonly starter: RunStarter,
    private readonly runs: Runs,
    private readonly models: ModelCaller,
    private readonly quota: Quota,
  ) {}

  /** Throws `not_found`, `not_configured` without a model (`qa` then only checks), `upgrade_required` for agents that write. */
  async start(owner: Principal, projectId: string, agent: ProjectAgent, input: JobInput): Promise<StartedJob> {
    const hasModel = !this.models.isOffline(agent);
    if (!hasModel && agent !== 'qa') {
      const detail = `This agent needs a language model: set LLM_PROVIDER or LLM_${agent.toUpperCase()}`;
      throw new Problem('not_configured', { detail });
    }
    if (agent === 'code' || agent === 'wireframe') this.quota.assertIncluded(owner, 'files');
    const cipher = await this.encryption.open(owner.userId);
    const id = await this.database.transaction(async (tx) => {
      await tx.query(LOCK_START, [projectId]);
      await this.starter.lockOwner(tx, owner.userId);
      const found = await tx.query<unknown[]>(LOCK_PROJECT, [projectId, owner.userId]);
      if (found.length === 0) throw new Problem('not_found');
      const steps = jobSteps(agent, projectId, hasModel);
      const run = { kind: 'job', trigger: 'api', input, steps } as const;
      const started = await this.starter.start(tx, owner, cipher, run);
      if (started === undefined) throw new Error('a run without a slot is always made');
      await tx.query(INSERT, [started, projectId, owner.userId, agent]);
      return started;
    });
    return { id, estimatedSeconds: await this.estimate(agent) };
  }

  async get(owner: Principal, id: string): Promise<Job> {
    const [job] = await this.jobs(owner, await this.database.query<JobFields>(JOB, [id, owner.userId]));
    if (!job) throw new Problem('not_found');
    return job;
  }

  /** Newest first. Throws `not_found` for the project. */
  async list(owner: Principal, projectId: string, limit: number): Promise<Job[]> {
    const found = await this.database.query('SELECT 1 FROM code_projects WHERE id = $1 AND user_id = $2', [
      projectId,
      owner.userId,
    ]);
    if (found.length === 0) throw new Problem('not_found');
    return this.jobs(owner, await this.database.query<JobFields>(LIST, [projectId, owner.userId, limit]));
  }

  /** Throws `conflict` for a job that has ended. */
  async cancel(owner: Principal, id: string): Promise<Job> {
    await this.get(owner, id);
    await this.runs.cancel(owner, id);
    return this.get(owner, id);
  }

  /** In the order of the rows. A job that is deleted meanwhile is left out. */
  private async jobs(owner: Principal, rows: readonly JobFields[]): Promise<Job[]> {
    const runs = await this.runs.withResults(
      owner,
      rows.map(({ run_id }) => run_id),
    );
    return rows.flatMap(({ run_id, project_id: projectId, agent_type: agent }) => {
      const found = runs.get(run_id);
      return found ? [{ ...found, projectId, agent }] : [];
    });
  }

  private async estimate(agent: ProjectAgent): Promise<number> {
    const [row] = await this.database.query<{ seconds: string | null }>(ESTIMATE, [agent]);
    return row?.seconds == null ? FIRST_ESTIMATE : Math.max(1, Math.round(Number(row.seconds)));
  }
}
