import { fork, type ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { slotsAfter, type ScheduleKind, type ScheduleRule } from '@adiuva/automations';
import { newId } from '@adiuva/kernel';
import { testDatabase } from '../support/database';
import setUp from '../support/global-setup';
import tearDown from '../support/global-teardown';
import { newDataDir, RunEngine } from '../support/builders/run-engine';

const ROOT = resolve(__dirname, '../..');
const SCHEDULES = 1_000;
const IDLE_SCHEDULES = 10_000;
const IDLE_MS = 20_000;
const MAX_IDLE = 0.02;
const PROCESSES = 3;
const HOUR = 3_600_000;
/** A little before and after each clock change, in UTC. */
const WINDOWS: readonly (readonly [zone: string, change: string])[] = [
  ['Europe/Berlin', '2027-03-28T01:00:00Z'],
  ['Europe/Berlin', '2027-10-31T01:00:00Z'],
  ['America/New_York', '2027-03-14T07:00:00Z'],
  ['America/New_York', '2027-11-07T06:00:00Z'],
  ['Australia/Lord_Howe', '2027-10-02T15:30:00Z'],
  ['Australia/Lord_Howe', '2027-04-03T15:00:00Z'],
];
const BEFORE = 1.5 * HOUR;
const AFTER = 2.5 * HOUR;
const RULES: readonly (readonly [ScheduleKind, string])[] = [
  ['cron', '30 2 * * *'],
  ['cron', '15 1 * * *'],
  ['rrule', 'FREQ=DAILY;BYHOUR=2;BYMINUTE=0'],
  ['rrule', 'FREQ=DAILY;BYHOUR=1;BYMINUTE=45'],
  ['cron', '0 * * * *'],
];

interface TestSchedule extends ScheduleRule {
  readonly id: string;
}

/**
 * `npm run test:chaos -- schedules`: 1,000 schedules over three processes that are killed at random, on both clock changes of three zones: each slot starts
 * one run and none is lost. Then what 10,000 schedules cost while nothing is due. The database's clock is a function of the test: `now()` of the
 * scheduler's statements finds it before the built-in one.
 */
export async function chaos(): Promise<void> {
  await setUp();
  const dataDir = newDataDir();
  const database = await testDatabase();
  const client = new Client({ connectionString: database.url });
  await client.connect();
  const processes = Array.from({ length: PROCESSES }, () => new SchedulerProcess(database.url, dataDir));
  try {
    await injectClock(client);
    const schedules = await seed(client, { url: database.url, dataDir });
    await Promise.all(processes.map((each) => each.start()));
    for (const [zone, change] of WINDOWS) await oneChange({ client, processes, schedules }, zone, new Date(change));
    await Promise.all(processes.map((each) => each.settled()));
    await idle(client, processes);
  } finally {
    await Promise.all(processes.map((each) => each.kill()));
    await client.end();
    await database.drop();
    await tearDown();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

class SchedulerProcess {
  private child: ChildProcess | undefined;
  private starting: Promise<void> = Promise.resolve();

  constructor(
    private readonly url: string,
    private readonly dataDir: string,
  ) {}

  get pid(): number {
    return this.child?.pid ?? 0;
  }

  start(): Promise<void> {
    const child = fork(join(ROOT, 'test/support/processes/scheduler-process.ts'), [this.url, this.dataDir], {
      cwd: ROOT,
      execArgv: ['--require', join(ROOT, 'test/support/typescript.js')],
    });
    this.child = child;
    this.starting = new Promise((ready) => {
      child.once('message', () => ready());
      child.once('exit', () => ready());
    });
    return this.starting;
  }

  settled(): Promise<void> {
    return this.starting;
  }

  async kill(): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((done) => child.once('exit', done));
    child.kill('SIGKILL');
    await gone;
  }
}

/** `now()` gives what the table says; the clock of everything else is the real one. */
async function injectClock(client: Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>('SELECT current_database() AS name');
  await client.query(`CREATE SCHEMA test_clock;
    CREATE TABLE test_clock.instant (at timestamptz NOT NULL);
    INSERT INTO test_clock.instant VALUES ('2027-01-01T00:00:00Z');
    CREATE FUNCTION test_clock.now() RETURNS timestamptz LANGUAGE sql STABLE AS 'SELECT at FROM test_clock.instant';
    ALTER DATABASE ${String(rows[0]?.name)} SET search_path = public, test_clock, pg_catalog`);
}

async function seed(client: Client, place: { url: string; dataDir: string }): Promise<TestSchedule[]> {
  const engine = await RunEngine.start(place, () => Promise.reject(new Error('no run is executed')));
  const schedules: TestSchedule[] = [];
  for (let user = 0; user < 20; user += 1) {
    const owner = await engine.user();
    await client.query(`INSERT INTO entitlements (user_id, tier, seats) VALUES ($1, 'power', 1)`, [owner.userId]);
    for (let index = 0; index < SCHEDULES / 20; index += 1)
      schedules.push(await add(client, engine, owner.userId, schedules.length));
  }
  await engine.stop();
  return schedules;
}

async function add(client: Client, engine: RunEngine, userId: string, index: number): Promise<TestSchedule> {
  const [zone] = WINDOWS[2 * (index % 3)] ?? ['UTC'];
  const [kind, expression] = RULES[index % RULES.length] ?? ['cron', '0 * * * *'];
  const rule = { kind, expression, timezone: zone, startsAt: new Date('2027-01-01T00:00:00Z'), endsAt: null };
  const [goal, id] = [newId(), newId()];
  const sealed = await engine.sealed(userId, {
    [`goals.title|${goal}`]: 'x',
    [`goals.instructions|${goal}`]: 'x',
    [`goals.input|${goal}`]: '{}',
  });
  await client.query(
    `INSERT INTO goals (id, user_id, status, missed, notify, title, instructions, input) VALUES ($1, $2, 'active', 'run_once', false, $3, $4, $5)`,
    [goal, userId, ...sealed],
  );
  await client.query(
    `INSERT INTO schedules (id, goal_id, user_id, kind, expression, timezone, enabled, starts_at) VALUES ($1, $2, $3, $4, $5, $6, true, $7)`,
    [id, goal, userId, kind, expression, zone, rule.startsAt],
  );
  return { id, ...rule };
}

interface Place {
  readonly client: Client;
  readonly processes: readonly SchedulerProcess[];
  readonly schedules: readonly TestSchedule[];
}

/** The clock goes from slot to slot; while slots are due, a random process is killed. */
async function oneChange({ client, processes, schedules }: Place, zone: string, change: Date): Promise<void> {
  const [from, to] = [new Date(change.getTime() - BEFORE), new Date(change.getTime() + AFTER)];
  const due = schedules.filter(({ timezone }) => timezone === zone);
  const expected = due.flatMap((schedule) =>
    slotsUntil(schedule, from, to).map((slot) => `${schedule.id} ${slot.toISOString()}`),
  );
  await client.query('UPDATE schedules SET next_run_at = NULL');
  await client.query('UPDATE test_clock.instant SET at = $1', [from]);
  for (const schedule of due)
    await client.query('UPDATE schedules SET next_run_at = $2 WHERE id = $1', [
      schedule.id,
      slotsAfter(schedule, from, 1)[0],
    ]);
  let kills = 0;
  for (;;) {
    const { rows } = await client.query<{ at: Date | null }>('SELECT min(next_run_at) AS at FROM schedules');
    const at = rows[0]?.at;
    if (!at || at > to) break;
    await client.query('UPDATE test_clock.instant SET at = $1', [at]);
    await pause(randomInt(1_200));
    const killed = processes[randomInt(processes.length)];
    if (killed) {
      await killed.settled();
      await killed.kill();
      kills += 1;
      void killed.start();
    }
    await noneDue(client, at);
  }
  const { rows } = await client.query<{ schedule_id: string; slot: Date }>(
    'SELECT schedule_id, slot FROM runs WHERE slot > $1 AND slot <= $2',
    [from, to],
  );
  const started = rows.map(({ schedule_id, slot }) => `${schedule_id} ${slot.toISOString()}`);
  const lost = expected.filter((slot) => !started.includes(slot)).length;
  const twice = started.length - new Set(started).size;
  const wrong = started.filter((slot) => !expected.includes(slot)).length;
  print(
    `${zone}, ${change.toISOString().slice(0, 10)}: ${due.length} schedules, ${expected.length} slots, ${kills} kills: ${lost} lost, ${twice} twice, ${wrong} wrong`,
  );
  if (lost + twice + wrong > 0 || expected.length === 0) throw new Error('not each slot started one run');
}

function slotsUntil(rule: ScheduleRule, from: Date, to: Date): Date[] {
  return slotsAfter(rule, from, 50).filter((slot) => slot <= to);
}

async function noneDue(client: Client, at: Date): Promise<void> {
  const end = Date.now() + 60_000;
  for (;;) {
    const { rows } = await client.query('SELECT 1 FROM schedules WHERE next_run_at <= $1 LIMIT 1', [at]);
    if (rows.length === 0) return;
    if (Date.now() > end) throw new Error('a slot was not started within a minute');
    await pause(20);
  }
}

/** What a scheduler and its connections to the database cost while none of 10,000 schedules is due. */
async function idle(client: Client, processes: readonly SchedulerProcess[]): Promise<void> {
  await Promise.all(processes.slice(1).map((each) => each.kill()));
  await client.query(`UPDATE schedules SET next_run_at = '2030-01-01'`);
  await client.query(
    `INSERT INTO schedules (id, goal_id, user_id, kind, expression, timezone, enabled, starts_at, next_run_at)
     SELECT gen_random_uuid(), goal_id, user_id, kind, expression, timezone, true, starts_at, '2030-01-01'::timestamptz + random() * interval '1 year'
     FROM (SELECT * FROM schedules LIMIT $1) AS chosen, generate_series(1, $2)`,
    [SCHEDULES, (IDLE_SCHEDULES - SCHEDULES) / SCHEDULES],
  );
  await client.query('ANALYZE schedules');
  await pause(2_000);
  const { rows } = await client.query<{ pid: number }>(
    `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
  );
  const pids = [processes[0]?.pid ?? 0, ...rows.map(({ pid }) => pid)];
  const before = pids.map(cpuMs);
  await pause(IDLE_MS);
  const used = pids.reduce((sum, pid, index) => sum + cpuMs(pid) - (before[index] ?? 0), 0) / IDLE_MS;
  print(
    `${IDLE_SCHEDULES} schedules of which none is due: ${(100 * used).toFixed(2)} % of a core, process and database together`,
  );
  if (used > MAX_IDLE) throw new Error('the scheduler costs too much while nothing is due');
}

/** User and system time of a process; ticks are 10 ms on Linux. */
function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return 10 * (Number(fields[11]) + Number(fields[12]));
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
