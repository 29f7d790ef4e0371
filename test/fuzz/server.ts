import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'pg';
import { Agent, fetch, type Response } from 'undici';
import { connectEmbeddedPostgres } from '@adiuva/embedded';
import type { Tier } from '@adiuva/kernel';
import { freePort, Program } from '../support/processes/server-process';
import { PASSWORD, type Target } from './client';
import { HttpClient } from './http-client';
import type { World } from './world';

export const MAX_RSS_MB = 600;

/** A token lives for 15 minutes. */
const ADMIN_TOKEN_MS = 600_000;
/** An attack may last longer than the server keeps an idle connection. */
const CONNECTION_EACH = new Agent({ pipelining: 0 });
const NO_LIMIT = '100000000';
const NO_LIMITS = {
  RATE_LIMIT_FREE: NO_LIMIT,
  RATE_LIMIT_PRO: NO_LIMIT,
  RATE_LIMIT_POWER: NO_LIMIT,
  RATE_LIMIT_TEAM: NO_LIMIT,
  AUTH_LIMIT_PER_ADDRESS: NO_LIMIT,
  AUTH_LIMIT_PER_ACCOUNT: NO_LIMIT,
  REGISTER_LIMIT_PER_ADDRESS: NO_LIMIT,
};

/** The built server in a process of its own, with its embedded PostgreSQL. */
export class Server {
  private users = 0;
  private pool: Pool | undefined;

  private constructor(
    readonly port: number,
    private readonly program: Program,
    private readonly settings: Record<string, string>,
    private readonly folder: string,
  ) {}

  static async start(more: Record<string, string> = {}): Promise<Server> {
    const folder = mkdtempSync(join(tmpdir(), 'adiuva-fuzz-'));
    const port = await freePort();
    const settings = {
      DATA_DIR: folder,
      PORT: String(port),
      LOG_LEVEL: 'warn',
      LLM_PROVIDER: 'offline',
      ...NO_LIMITS,
      ...more,
    };
    const program = Program.start('dist/apps/api/src/start.js', [], settings);
    await program.ready(port);
    return new Server(port, program, settings, folder);
  }

  async call(path: string, body: unknown, token?: string): Promise<Response> {
    const headers = {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    };
    return fetch(`http://127.0.0.1:${this.port}/api/v1${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
      dispatcher: CONNECTION_EACH,
    });
  }

  async register(email: string, tier?: string): Promise<void> {
    const { status } = await this.call('/auth/register', { email, password: PASSWORD });
    if (status !== 201) throw new Error(`registration answers ${status}`);
    if (tier !== undefined) await this.administer('tier', email, tier);
  }

  /** The access token of a new user. */
  async newUser(): Promise<string> {
    const email = `fuzz-${(this.users += 1)}@example.org`;
    await this.register(email);
    return this.login(email);
  }

  /** The server for random requests. `admin` is the address of an administrator. */
  async target(world: World, admin: string): Promise<Target> {
    const database = await connectEmbeddedPostgres(this.folder);
    if (database === null) throw new Error('the server has no embedded database');
    const pool = new Pool({ connectionString: database, max: 4 });
    this.pool = pool;
    const query = async <R>(sql: string, values: readonly unknown[] = []): Promise<R[]> =>
      (await pool.query(sql, [...values])).rows;
    let token = { value: '', until: 0 };
    return {
      url: `http://127.0.0.1:${this.port}`,
      http: new HttpClient(this.port, () => this.starvedMs()),
      query,
      setTier: (userId, tier) => setTier(query, userId, tier),
      adminToken: async () => {
        if (Date.now() > token.until) token = { value: await this.login(admin), until: Date.now() + ADMIN_TOKEN_MS };
        return token.value;
      },
      world,
    };
  }

  async administer(...words: string[]): Promise<void> {
    const { code, output } = await Program.start('dist/apps/cli/src/main.js', ['admin', ...words], this.settings).ended;
    if (code !== 0) throw new Error(output);
  }

  async login(email: string): Promise<string> {
    const response = await this.call('/auth/login', { email, password: PASSWORD });
    const { access_token: token }: { access_token?: string } = JSON.parse(await response.text());
    if (token === undefined) throw new Error(`login answers ${response.status}`);
    return token;
  }

  /** The largest resident set since the start or the last `resetPeak`, in MB (10^6 bytes), as Linux counts it. */
  peakMb(): number {
    const [, kib = '0'] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${this.program.child.pid}/status`, 'utf8')) ?? [];
    return Math.round((Number(kib) * 1_024) / 1e6);
  }

  /** How long its main thread has been ready to run without a processor, on a machine with other work. */
  starvedMs(): number {
    // https://docs.kernel.org/scheduler/sched-stats.html: the second number, in nanoseconds.
    const [, waited = '0'] = readFileSync(`/proc/${this.program.child.pid}/schedstat`, 'utf8').split(' ');
    return Number(waited) / 1e6;
  }

  resetPeak(): void {
    // https://man7.org/linux/man-pages/man5/proc_pid_clear_refs.5.html: 5 resets the peak.
    writeFileSync(`/proc/${this.program.child.pid}/clear_refs`, '5');
  }

  get hasEnded(): boolean {
    return this.program.child.exitCode !== null || this.program.child.signalCode !== null;
  }

  /** Error lines of its log. */
  get errors(): string[] {
    return this.program.output.split('\n').filter((line) => /"level":"?(?:error|fatal|50|60)/.test(line));
  }

  async stop(): Promise<void> {
    await this.pool?.end();
    this.program.child.kill('SIGTERM');
    await this.program.ended;
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** As a payment would, with seats for a team. */
async function setTier(query: Target['query'], userId: string, tier: Tier): Promise<void> {
  await query(
    `INSERT INTO entitlements (user_id, tier, seats) VALUES ($1, $2, 5)
     ON CONFLICT (user_id) DO UPDATE SET tier = excluded.tier, seats = excluded.seats`,
    [userId, tier],
  );
  const changed = [{ topic: 'entitlement.changed', data: { user_id: userId } }];
  await query('SELECT pg_notify($1, $2)', ['adiuva_signals', JSON.stringify(changed)]);
}
