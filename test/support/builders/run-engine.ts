import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Module, type DynamicModule, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Principal } from '@adiuva/kernel';
import { AccessTokens, Accounts, UserEncryption } from '@adiuva/auth';
import { Environment } from '@adiuva/config';
import { Database, PlatformModule, type Tx } from '@adiuva/platform';
import {
  RunEvents,
  Runs,
  RunsModule,
  RunStarter,
  RunWorker,
  StepHandlers,
  type NewRun,
  type NewStep,
  type Run,
  type RunEvent,
  type StepExecution,
  type StepOutcome,
} from '@adiuva/runs';
import { ENTITIES } from '../../../ormconfig';
import { eventually } from '../app';

@Module({})
class EngineModule {
  static with(environment: Environment): DynamicModule {
    const quiet = { write: () => undefined };
    return {
      module: EngineModule,
      imports: [PlatformModule.with(environment, ENTITIES, { logTo: quiet }), RunsModule],
    };
  }
}

export type Execute = (step: StepExecution, signal: AbortSignal) => Promise<StepOutcome>;

export const newDataDir = (): string => mkdtempSync(join(tmpdir(), 'adiuva-runs-'));

/** The engine of runs alone, with a handler of the test's; several may share a database and a data directory. */
export class RunEngine {
  private constructor(
    readonly app: INestApplicationContext,
    private readonly counter = { users: 0 },
  ) {}

  static async start(
    place: { readonly url: string; readonly dataDir: string },
    execute: Execute,
    settings: Record<string, string> = {},
  ): Promise<RunEngine> {
    const environment = new Environment({
      ENV: 'test',
      LOG_LEVEL: 'error',
      DATA_DIR: place.dataDir,
      DATABASE_URL: place.url,
      DATABASE_POOL: '10',
      RUN_RETRY_MS: '20',
      ...settings,
    });
    const app = await NestFactory.createApplicationContext(EngineModule.with(environment), {
      logger: false,
      abortOnError: false,
    });
    app.get(StepHandlers).register({ kind: 'gateway', execute });
    return new RunEngine(app);
  }

  get runs(): Runs {
    return this.app.get(Runs);
  }

  get database(): Database {
    return this.app.get(Database);
  }

  async work(): Promise<this> {
    await this.app.get(RunWorker).start();
    return this;
  }

  async stop(): Promise<void> {
    await this.app.get(RunWorker).stop();
    await this.app.close();
  }

  async user(): Promise<Principal> {
    this.counter.users += 1;
    const email = `runs-${process.pid}-${Date.now()}-${this.counter.users}@example.org`;
    // Another for each, because registrations from one address are limited.
    const address = `127.0.0.${this.counter.users % 256}`;
    const tokens = await this.app
      .get(Accounts)
      .register({ email, password: 'a long walk by the sea' }, { address, userAgent: undefined });
    const { userId, sessionId } = this.app.get(AccessTokens).verify(tokens.accessToken);
    return { userId, sessionId, tier: 'power', seats: 1, role: 'user' };
  }

  /** Texts under the user's key, by their columns. */
  async sealed(userId: string, texts: Readonly<Record<string, string>>): Promise<Buffer[]> {
    const cipher = await this.app.get(UserEncryption).open(userId);
    return Object.entries(texts).map(([column, text]) => cipher.seal(column, text));
  }

  /** Undefined where the slot has its run. */
  async tryStart(owner: Principal, steps: readonly NewStep[], run: Partial<NewRun> = {}): Promise<string | undefined> {
    const made = await this.newRun(owner, steps, run);
    return this.database.transaction((tx) => this.app.get(RunStarter).start(tx, owner, ...made));
  }

  async startIn(tx: Tx, owner: Principal, steps: readonly NewStep[]): Promise<string> {
    const id = await this.app.get(RunStarter).start(tx, owner, ...(await this.newRun(owner, steps, {})));
    if (id === undefined) throw new Error('a run without a slot is always made');
    return id;
  }

  private async newRun(owner: Principal, steps: readonly NewStep[], run: Partial<NewRun>) {
    const cipher = await this.app.get(UserEncryption).open(owner.userId);
    return [cipher, { kind: 'gateway', trigger: 'api', input: null, steps, ...run }] as const;
  }

  async start(owner: Principal, steps: readonly NewStep[], run: Partial<NewRun> = {}): Promise<string> {
    const id = await this.tryStart(owner, steps, run);
    if (id === undefined) throw new Error('the slot has its run');
    return id;
  }

  /** The run when it has that status. */
  async until(owner: Principal, id: string, status: Run['status']): Promise<Run> {
    let run = await this.runs.get(owner, id);
    await eventually(async () => (run = await this.runs.get(owner, id)).status === status).catch(() => {
      throw new Error(`the run is ${run.status} and not ${status}`);
    });
    return run;
  }

  /** All events until the run has ended. */
  async events(owner: Principal, id: string, after = 0): Promise<RunEvent[]> {
    const all: RunEvent[] = [];
    for await (const batch of this.app.get(RunEvents).follow(owner, id, after, AbortSignal.timeout(120_000))) {
      all.push(...batch);
    }
    return all;
  }
}

export const done = (response = '', actions: readonly { id: string }[] = []): StepOutcome => ({
  kind: 'done',
  usage: { inputTokens: 1, outputTokens: 2 },
  output: {
    response,
    actions: actions.map(({ id }) => ({
      id,
      type: 'create_record',
      table: 'tasks',
      data: { title: response },
      agent: null,
    })),
  },
});

/** Ten steps: one, then three at the same time, then three, then two, then one. */
export function tenSteps(body: (node: number) => unknown = () => null): NewStep[] {
  const needs = [[], [0], [0], [0], [1], [2], [3], [4, 5], [6], [7, 8]];
  return needs.map((dependsOn, node) => ({ name: `step ${node}`, kind: 'agent', dependsOn, body: body(node) }));
}

export const oneStep = (body: unknown = null): NewStep[] => [{ name: 'only', kind: 'agent', dependsOn: [], body }];
