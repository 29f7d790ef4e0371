import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { io, type Socket } from 'socket.io-client';
import request from 'supertest';
import type { Tier } from '@adiuva/kernel';
import { Accounts } from '@adiuva/auth';
import { Entitlements } from '@adiuva/billing';
import { Environment } from '@adiuva/config';
import { Database, JobRunner } from '@adiuva/platform';
import { Scheduler } from '@adiuva/automations';
import { NotificationWorker } from '@adiuva/notifications';
import { RunWorker } from '@adiuva/runs';
import { createApplication } from '../../apps/api/src/application';
import { JobHandlers } from '../../apps/worker/src/job-handlers.service';
import { testDatabase, type TestDatabase } from './database';

export interface TestUser {
  readonly id: string;
  readonly email: string;
  readonly password: string;
  readonly accessToken: string;
  readonly refreshToken: string;
}

export const PASSWORD = 'a long walk by the sea';

/** Limits that no test reaches by accident; a test about limits sets its own. */
const UNLIMITED = {
  RATE_LIMIT_FREE: '100000',
  RATE_LIMIT_PRO: '100000',
  RATE_LIMIT_POWER: '100000',
  RATE_LIMIT_TEAM: '100000',
  AUTH_LIMIT_PER_ADDRESS: '100000',
  AUTH_LIMIT_PER_ACCOUNT: '100000',
  REGISTER_LIMIT_PER_ADDRESS: '100000',
  CHAT_STREAMS_FREE: '1000',
  CHAT_STREAMS_PRO: '1000',
  CHAT_STREAMS_POWER: '1000',
  CHAT_STREAMS_TEAM: '1000',
};

/** A command has no time limit, so that a server that was slow does not count what Redis has counted; a test about a silent Redis sets its own URL. */
const PATIENT_REDIS = '?commandTimeout=none';

/** Of all servers of a spec, which may share a database. */
let users = 0;

/** The real server on its own database, listening on a free port; no part of it is mocked. */
export class TestApp {
  readonly log: string[] = [];
  private sockets: Socket[] = [];

  private constructor(
    readonly nest: NestExpressApplication,
    readonly database: TestDatabase,
    readonly dataDir: string,
    private readonly ownDatabase: boolean,
  ) {}

  /** `settings` are environment variables; with `beside`, a second node that shares the database and data directory of another. */
  static async start(settings: Record<string, string> = {}, beside?: TestApp): Promise<TestApp> {
    const database = beside?.database ?? (await testDatabase());
    const dataDir = beside?.dataDir ?? mkdtempSync(join(tmpdir(), 'adiuva-app-'));
    const redis = process.env['TEST_REDIS_URL'];
    const environment = new Environment({
      ENV: 'test',
      LOG_LEVEL: 'info',
      DATA_DIR: dataDir,
      DATABASE_URL: database.url,
      DATABASE_POOL: '8',
      LLM_PROVIDER: 'offline',
      SHUTDOWN_GRACE_MS: '200',
      ...(redis === undefined
        ? {}
        : { REDIS_URL: `${redis}${PATIENT_REDIS}`, REDIS_PREFIX: new URL(database.url).pathname.slice(1) }),
      ...UNLIMITED,
      ...settings,
    });
    const log: string[] = [];
    const nest = await createApplication(environment, { logTo: { write: (line) => void log.push(line) } });
    await nest.listen(0, '127.0.0.1').catch(async (error: unknown) => {
      await nest.close();
      throw error;
    });
    const app = new TestApp(nest, database, dataDir, beside === undefined);
    Object.assign(app, { log });
    return app;
  }

  get port(): number {
    return (this.nest.getHttpServer().address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** A request to a path under /api/v1, as a user where one is given. */
  call(
    method: 'get' | 'post' | 'put' | 'delete' | 'patch' | 'head',
    path: string,
    user?: Pick<TestUser, 'accessToken'>,
  ): request.Test {
    const made = request(this.url)[method](`/api/v1${path}`);
    return user ? made.set('Authorization', `Bearer ${user.accessToken}`) : made;
  }

  /** A user who has just registered, with a tier. */
  async user(tier: Tier = 'free', seats = 1): Promise<TestUser> {
    users += 1;
    const email = `user-${users}-${process.pid}-${Date.now()}@example.org`;
    const { body } = await this.call('post', '/auth/register').send({ email, password: PASSWORD }).expect(201);
    const id = await this.nest.get(Accounts).idOf(email);
    if (tier !== 'free') await this.setTier(id, tier, seats);
    return { id, email, password: PASSWORD, accessToken: body.access_token, refreshToken: body.refresh_token };
  }

  async admin(): Promise<TestUser> {
    const user = await this.user();
    await this.nest.get(Accounts).makeAdmin(user.email, PASSWORD);
    return user;
  }

  async setTier(userId: string, tier: Tier, seats = 1): Promise<void> {
    const entitlements = this.nest.get(Entitlements);
    await this.nest.get(Database).transaction((tx) => entitlements.set(tx, userId, { tier, seats }));
  }

  /** A connected chat socket, to this node or to a process of its own. Rejects with the `connect_error`. */
  socket(token: string, url = this.url): Promise<Socket> {
    const socket = io(`${url}/api/v1/chat/stream`, {
      auth: { token },
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
    });
    this.sockets.push(socket);
    return new Promise((resolve, reject) => {
      socket.once('connect', () => resolve(socket));
      socket.once('connect_error', reject);
    });
  }

  /** Starts background jobs in this process, none of them by the clock: at its minute it would run into whatever test is in progress. */
  async startJobs(): Promise<void> {
    await this.nest.get(JobRunner).start(this.nest.get(JobHandlers).all.map(({ name, run }) => ({ name, run })));
  }

  /** Starts to execute runs in this process. */
  async startRuns(): Promise<void> {
    await this.nest.get(RunWorker).start();
    this.nest.get(Scheduler).start();
  }

  /** Starts to send notifications in this process. */
  startNotifications(): void {
    this.nest.get(NotificationWorker).start();
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.disconnect();
    await this.nest.get(JobRunner).stop();
    this.nest.get(Scheduler).stop();
    await this.nest.get(RunWorker).stop();
    await this.nest.get(NotificationWorker).stop();
    await this.nest.close();
    if (!this.ownDatabase) return;
    await this.database.drop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}

/** Below the time limit of a test, and far above what a busy machine needs. */
const WAIT_MS = 120_000;
/** How many times slower than an idle machine one that runs tests may be. */
const SLOWNESS = 10;

/** What a guarantee of `ms` is on a busy machine: it tells an answer from a hanging one. The benchmarks measure. */
export function whenBusy(ms: number): number {
  return ms * SLOWNESS;
}

/** Waits until `check` holds, asking every 20 ms. Rejects after two minutes. */
export async function eventually(check: () => Promise<boolean> | boolean): Promise<void> {
  const end = Date.now() + WAIT_MS;
  while (!(await check())) {
    if (Date.now() > end) throw new Error('it did not come to hold in time');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
