import { fork, type ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Principal } from '@adiuva/kernel';
import type { RunEvent } from '@adiuva/runs';
import { eventually } from '../support/app';
import { testDatabase, type TestDatabase } from '../support/database';
import { done, newDataDir, oneStep, RunEngine, tenSteps } from '../support/builders/run-engine';

const ROOT = resolve(__dirname, '../..');
const DONE = `SELECT count(*) FROM run_steps WHERE status = 'done'`;
/** The steps of three runs. */
const ALL = 30;

/** A process that executes steps; resolves when it does. */
async function runProcess(url: string, dataDir: string): Promise<ChildProcess> {
  const child = fork(join(ROOT, 'test/support/processes/run-process.ts'), [url, dataDir], {
    cwd: ROOT,
    execArgv: ['--require', join(ROOT, 'test/support/typescript.js')],
  });
  await new Promise<void>((ready, failed) => {
    child.once('message', () => ready());
    child.once('exit', (code) => failed(new Error(`the process ended with ${String(code)}`)));
  });
  return child;
}

describe('work of a process that is killed', () => {
  const dataDir = newDataDir();
  let database: TestDatabase;
  let engine: RunEngine;
  let owner: Principal;
  const children: ChildProcess[] = [];

  beforeAll(async () => {
    database = await testDatabase();
    // This process starts and reads runs, and executes none.
    engine = await RunEngine.start({ url: database.url, dataDir }, () => Promise.resolve(done()));
    owner = await engine.user();
    await engine.database.query(
      'CREATE TABLE attempts (run_id uuid, node integer, pid integer, at timestamptz DEFAULT clock_timestamp())',
    );
  });
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    await engine.stop();
    await database.drop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const begin = async (): Promise<ChildProcess> => {
    const child = await runProcess(database.url, dataDir);
    children.push(child);
    return child;
  };

  it('continues in another one within 30 s at the step that it executed', async () => {
    const first = await begin();
    const id = await engine.start(owner, oneStep({ ms: 60_000 }));
    const attempts = () => engine.database.query<{ pid: number }>('SELECT pid FROM attempts WHERE run_id = $1', [id]);
    await eventually(async () => (await attempts()).length === 1);
    const second = await begin();
    first.kill('SIGKILL');
    await eventually(async () => (await attempts()).length === 2);
    expect((await attempts()).map(({ pid }) => pid)).toEqual([first.pid, second.pid]);
    expect(await countOf(`SELECT takeovers AS count FROM run_steps WHERE run_id = '${id}'`)).toBe(1);
    await engine.runs.cancel(owner, id);
    second.kill('SIGKILL');
  });

  it('ends, whichever is killed when, without a step that is executed again after its end or a hole in the events', async () => {
    const processes = await Promise.all([begin(), begin(), begin(), begin()]);
    const ids: string[] = [];
    for (let index = 0; index < 3; index += 1)
      ids.push(
        await engine.start(
          owner,
          tenSteps(() => ({ ms: 150 })),
        ),
      );
    const received: RunEvent[][] = ids.map(() => []);
    const following = ids.map(async (id, index) => {
      received[index] = await engine.events(owner, id);
    });
    for (const worker of processes.slice(1)) {
      const ended = await countOf(DONE);
      // At a step boundary: the moment in which another step has been stored. On a slow machine all may be stored before it is looked at.
      await eventually(async () => ended === ALL || (await countOf(DONE)) > ended);
      worker.kill('SIGKILL');
    }
    for (const id of ids) await engine.until(owner, id, 'completed');
    await Promise.all(following);
    for (const events of received) {
      expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
      const completed = events.filter(({ kind }) => kind === 'step.completed').map(({ stepId }) => stepId);
      expect([completed.length, new Set(completed).size]).toEqual([10, 10]);
    }
    expect(
      await countOf('SELECT count(*) FROM attempts a JOIN run_steps s USING (run_id, node) WHERE a.at > s.ended_at'),
    ).toBe(0);
    const locked = `SELECT count(*) FROM graphile_worker.jobs WHERE task_identifier = 'run_step'`;
    await eventually(async () => (await countOf(locked)) === 0);
  });

  async function countOf(sql: string): Promise<number> {
    const [row] = await engine.database.query<{ count: string }>(sql);
    return Number(row?.count);
  }
});
