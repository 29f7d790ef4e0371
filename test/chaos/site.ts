import { randomInt, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Pool } from 'pg';
import { DataSource } from 'typeorm';
import { startEmbeddedPostgres } from '@adiuva/embedded';
import { dataSourceOptions, migrate } from '@adiuva/platform';
import { ENTITIES } from '../../ormconfig';
import { freePort, NodeProcess } from '../support/processes/node-process';
import { demand } from './cluster';

/** A little longer than any deadline of the server. */
const CALL_MS = 45_000;
const READY_MS = 120_000;

export interface SiteUser {
  readonly id: string;
  readonly token: string;
}

export interface SiteAnswer {
  /** 0 where the connection was cut. */
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
  readonly json: Record<string, unknown>;
}

/** Two built servers on a PostgreSQL of their own, all of which can be killed. Background jobs run in the servers. */
export class Site {
  /** How long each restart took, and how much of that was our own work. */
  readonly restarts: string[] = [];
  private database: Pool;

  private constructor(
    readonly folder: string,
    readonly nodes: readonly NodeProcess[],
    readonly settings: Readonly<Record<string, string>>,
    private readonly clean: () => Promise<void>,
  ) {
    this.database = this.newPool();
  }

  static async start(more: Readonly<Record<string, string>> = {}, count = 2): Promise<Site> {
    const folder = await mkdtemp(join(tmpdir(), 'adiuva-chaos-'));
    const postgres = await startEmbeddedPostgres({ dataDir: folder });
    const source = await new DataSource(dataSourceOptions(postgres.url, ENTITIES, 2)).initialize();
    await migrate(source, postgres.url);
    await source.destroy();
    const settings = {
      ENV: 'test',
      LOG_LEVEL: 'error',
      NODE_NO_WARNINGS: '1',
      LLM_PROVIDER: 'offline',
      DATA_DIR: folder,
      DATABASE_URL: postgres.url,
      DATABASE_POOL: '8',
      RATE_LIMIT_FREE: '100000000',
      RATE_LIMIT_TEAM: '100000000',
      RATE_LIMIT_POWER: '100000000',
      REGISTER_LIMIT_PER_ADDRESS: '100000',
      ...more,
    };
    const nodes: NodeProcess[] = [];
    for (let n = 0; n < count; n += 1)
      nodes.push(new NodeProcess('dist/apps/api/src/start.js', settings, await freePort()));
    const site = new Site(folder, nodes, settings, async () => {
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    });
    for (const node of nodes) await node.start();
    return site;
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.kill()));
    await this.database.end();
    await this.clean();
  }

  get url(): string {
    return this.nodes[randomInt(this.nodes.length)]?.url ?? '';
  }

  /** Asks either server once. */
  async call(
    method: string,
    path: string,
    user?: SiteUser,
    body?: object | Buffer | FormData,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<SiteAnswer> {
    try {
      const answer = await fetch(`${this.url}/api/v1${path}`, {
        method,
        headers: { ...(user ? { authorization: `Bearer ${user.token}` } : {}), ...typeOf(body), ...headers },
        ...(body === undefined ? {} : { body: encoded(body) }),
        signal: AbortSignal.timeout(CALL_MS),
      });
      const bytes = Buffer.from(await answer.arrayBuffer());
      const isJson = answer.headers.get('content-type')?.includes('json') === true;
      const json = isJson && bytes.length > 0 ? (JSON.parse(bytes.toString('utf8')) as Record<string, unknown>) : {};
      return { status: answer.status, headers: answer.headers, bytes, json };
    } catch {
      return { status: 0, headers: new Headers(), bytes: Buffer.alloc(0), json: {} };
    }
  }

  /** Asks until an answer below 500 comes, which must be a 2xx. */
  async must(...request: Parameters<Site['call']>): Promise<SiteAnswer> {
    const end = Date.now() + READY_MS;
    for (;;) {
      const answer = await this.call(...request);
      if (answer.status >= 200 && answer.status < 300) return answer;
      const refused = answer.status >= 400 && answer.status < 500;
      demand(!refused && Date.now() < end, `${request[0]} ${request[1]}: ${answer.status} ${answer.bytes.toString()}`);
      await pause(200);
    }
  }

  async user(tier = 'team'): Promise<SiteUser> {
    const credentials = { email: `${randomUUID()}@example.org`, password: 'a long walk by the sea' };
    const { json } = await this.must('POST', '/auth/register', undefined, credentials);
    const token = String(json['access_token']);
    const { sub } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { sub: string };
    await this.rows(
      'INSERT INTO entitlements (user_id, tier) VALUES ($1, $2) ON CONFLICT (user_id) DO UPDATE SET tier = excluded.tier',
      [sub, tier],
    );
    return { id: sub, token };
  }

  /** Also while the database is being restarted. */
  async rows<R>(sql: string, values: readonly unknown[] = []): Promise<R[]> {
    for (const end = Date.now() + READY_MS; ; await pause(200)) {
      try {
        return (await this.database.query(sql, [...values])).rows as R[];
      } catch (error) {
        const code = String(Reflect.get(Object(error), 'code') ?? '');
        const away =
          error instanceof Error && (/terminated|closed/i.test(error.message) || /^(?:57|08|ECONN)/.test(code));
        if (!away || Date.now() > end) throw error;
      }
    }
  }

  async killNode(): Promise<void> {
    const node = this.nodes[randomInt(this.nodes.length)];
    await node?.kill();
    const seconds = ((await node?.start()) ?? 0) / 1_000;
    this.restarts.push(`${seconds.toFixed(1)} s (${node?.cpuSeconds.toFixed(1)} s CPU)`);
  }

  /** Kills PostgreSQL's postmaster as a crash would; its supervisor starts it again. */
  crashDatabase(): void {
    const [pid] = readFileSync(join(this.folder, 'postgres', 'postmaster.pid'), 'utf8').split('\n');
    process.kill(Number(pid), 'SIGKILL');
  }

  /** Resolves when both servers say that they are ready and the database answers. */
  async ready(): Promise<void> {
    await this.rows('SELECT 1');
    const end = Date.now() + READY_MS;
    for (const node of this.nodes) {
      const isReady = () =>
        fetch(`${node.url}/api/v1/health/ready`).then(
          ({ ok }) => ok,
          () => false,
        );
      while (!(await isReady())) {
        demand(Date.now() < end, 'a node does not recover');
        await pause(100);
      }
    }
  }

  /** Makes every job due whose name begins so, as if its time had come, and waits until none is left. */
  async finishJobs(name: string): Promise<void> {
    const end = Date.now() + READY_MS;
    for (;;) {
      const waiting = await this.rows<{ name: string; last_error: string | null; locked_at: Date | null }>(
        `SELECT t.identifier AS name, j.last_error, j.locked_at FROM graphile_worker._private_jobs j JOIN graphile_worker._private_tasks t ON t.id = j.task_id
         WHERE t.identifier LIKE $1 AND j.attempts < j.max_attempts`,
        [`${name}%`],
      );
      if (waiting.length === 0) return;
      demand(Date.now() < end, `${waiting.length} jobs of ${name} do not end: ${JSON.stringify(waiting)}`);
      await this.rows(
        `UPDATE graphile_worker._private_jobs j SET run_at = now() FROM graphile_worker._private_tasks t
         WHERE t.id = j.task_id AND t.identifier LIKE $1 AND j.locked_at IS NULL`,
        [`${name}%`],
      );
      await pause(500);
    }
  }

  /** Runs a recurring job now. Jobs that a killed server had locked are released, as they are after some hours. */
  async runJob(name: string): Promise<void> {
    await this.releaseJobs();
    await this.rows(`SELECT graphile_worker.add_job($1, '{}'::json)`, [name]);
    await this.finishJobs(name);
  }

  async releaseJobs(): Promise<void> {
    await this.rows(
      `UPDATE graphile_worker._private_jobs SET locked_at = NULL, locked_by = NULL WHERE locked_at < now() - interval '3 seconds'`,
    );
  }

  /** Ends the connections of this process, so that the database can be copied; the next query opens new ones. */
  async idle(): Promise<void> {
    await this.database.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    );
    await this.database.end();
    this.database = this.newPool();
  }

  private newPool(): Pool {
    const pool = new Pool({ connectionString: this.settings['DATABASE_URL'], max: 2 });
    pool.on('error', () => undefined);
    return pool;
  }
}

/** Repeats each of the steps while `disturb` is called so many times. The first step that fails ends all. */
export async function storm(
  steps: readonly (() => Promise<void>)[],
  times: number,
  disturb: () => Promise<void>,
): Promise<void> {
  let raging = true;
  const failures: unknown[] = [];
  const work = steps.map(async (step) => {
    try {
      while (raging) await step();
    } catch (error) {
      failures.push(error);
    }
  });
  for (let n = 0; n < times && failures.length === 0; n += 1) await disturb();
  raging = false;
  await Promise.all(work);
  if (failures.length > 0) throw failures[0];
}

function typeOf(body: object | undefined): Record<string, string> {
  if (body === undefined || body instanceof FormData) return {};
  return { 'content-type': body instanceof Buffer ? 'application/octet-stream' : 'application/json' };
}

function encoded(body: object): FormData | Uint8Array<ArrayBuffer> | string {
  if (body instanceof FormData) return body;
  return body instanceof Buffer ? new Uint8Array(body) : JSON.stringify(body);
}
