import type { Socket } from 'socket.io-client';
import { Database } from '@adiuva/platform';
import { RunWorker } from '@adiuva/runs';
import { eventually, TestApp, type TestUser } from '../support/app';
import { FakeOpenAi } from '../support/fakes/models/fake-openai';
import { freePort, NodeProcess } from '../support/processes/node-process';

type Ack = (answer: unknown) => void;
interface Asked {
  readonly name: string;
  readonly ack: Ack;
}

/** Longer than a test waits: nothing here ends because of a time limit of the model or of a lease. */
const NO_LIMITS = {
  LLM_FIRST_TOKEN_TIMEOUT_MS: '600000',
  LLM_TOKEN_GAP_TIMEOUT_MS: '600000',
  LLM_TOTAL_TIMEOUT_MS: '600000',
  RUN_LEASE_MS: '4000000',
};

describe('a run of an agent', () => {
  let model: FakeOpenAi;
  let app: TestApp;
  let other: TestApp;
  beforeAll(async () => {
    model = await FakeOpenAi.start();
    const settings = { ...model.settings, ...NO_LIMITS };
    app = await TestApp.start(settings);
    other = await TestApp.start(settings, app);
    await app.startRuns();
    await app.startJobs();
  });
  afterAll(async () => {
    await other.stop();
    await app.stop();
    await model.stop();
  });

  const start = async (user: TestUser): Promise<string> => {
    const goal = { title: 'Owls', instructions: 'list my tasks', agent: 'task_agent' };
    const { id } = (await app.call('post', '/goals', user).send(goal).expect(201)).body;
    return (await app.call('post', `/goals/${id}/run`, user).send({}).expect(202)).body.run_id;
  };
  const until = (user: TestUser, id: string, status: string) =>
    eventually(async () => (await other.call('get', `/runs/${id}`, user).expect(200)).body.status === status);
  const device = async (
    node: Pick<TestApp, 'url'>,
    user: TestUser,
    answer: (asked: Asked) => void,
  ): Promise<Socket> => {
    const socket = await app.socket(user.accessToken, node.url);
    socket.on('run:tool_call', ({ name }: { name: string }, ack: Ack) => answer({ name, ack }));
    return socket;
  };
  const looksUp = (name: string) => ({ calls: [{ name, arguments: {} }] });

  it('asks one device, though devices are connected to two nodes', async () => {
    const user = await app.user();
    const asked: Asked[] = [];
    for (const node of [app, other, app, other]) await device(node, user, (one) => void asked.push(one));
    model.answer(({ messages }) => (messages.at(-1)?.role === 'tool' ? { text: 'Done.' } : looksUp('list_tasks')));
    const id = await start(user);
    await eventually(() => asked.length > 0);
    // What the other node would ask is asked before a later question of it.
    const later = await app.user();
    let answered = false;
    await device(other, later, ({ ack }) => {
      answered = true;
      ack({ ok: true, result: [] });
    });
    await until(later, await start(later), 'completed');
    expect([answered, asked.length]).toEqual([true, 1]);
    asked[0]?.ack({ ok: true, result: [] });
    await until(user, id, 'completed');
  });

  it('asks the device of another node where the first does not serve runs', async () => {
    const user = await app.user();
    const refused: string[] = [];
    for (const node of [app, app]) {
      await device(node, user, ({ name, ack }) => {
        refused.push(name);
        ack({ ok: false, error: 'not_serving' });
      });
    }
    const id = await start(user);
    await eventually(() => refused.length >= 2);
    await device(other, user, ({ ack }) => ack({ ok: true, result: [] }));
    await until(user, id, 'completed');
  });

  it('asks a device of another node when the process that asks is killed', async () => {
    // A device of a machine that stands still has so long to answer; the other node asks 10 s later.
    const timeout = { CHAT_CLIENT_TIMEOUT_MS: '15000' };
    const node = await TestApp.start({ ...model.settings, ...timeout }, app);
    const settings = { ENV: 'test', DATA_DIR: app.dataDir, DATABASE_URL: app.database.url, DATABASE_POOL: '8' };
    const doomed = new NodeProcess(
      'apps/api/src/main.ts',
      { ...settings, ...model.settings, ...timeout, JOBS_IN_PROCESS: 'false' },
      await freePort(),
    );
    await doomed.start();
    const user = await app.user();
    model.answer(({ messages }) => (messages.at(-1)?.role === 'tool' ? { text: 'Done.' } : looksUp('list_tasks')));
    const asked: string[] = [];
    await device(doomed, user, () => void asked.push('doomed'));
    const id = await start(user);
    await eventually(() => asked.length === 1);
    await device(node, user, ({ ack }) => {
      asked.push('other');
      ack({ ok: true, result: [] });
    });
    await doomed.kill();
    await until(user, id, 'completed');
    expect(asked).toEqual(['doomed', 'other']);
    await node.stop();
  });

  /** A run whose model has begun to answer and says nothing more. */
  const stalled = async (user: TestUser): Promise<{ id: string; closed: () => number | undefined }> => {
    model.answer(() => ({ text: 'wait', after: 1, then: 'stall' }));
    const before = model.seen.length;
    const id = await start(user);
    await eventually(() => model.seen.length > before);
    return { id, closed: () => model.seen[before]?.closedAt };
  };
  const stored = async (user: TestUser): Promise<number[]> =>
    Promise.all(
      [
        'SELECT FROM goals WHERE user_id = $1',
        'SELECT FROM runs WHERE user_id = $1',
        'SELECT FROM run_steps WHERE user_id = $1',
        'SELECT FROM run_events WHERE run_id NOT IN (SELECT id FROM runs) AND $1::uuid IS NOT NULL',
        `SELECT FROM graphile_worker.jobs WHERE task_identifier = 'run_step' AND $1::uuid IS NOT NULL
           AND split_part(key, ':', 1) NOT IN (SELECT id::text FROM runs)`,
      ].map(async (sql) => (await app.nest.get(Database).query(sql, [user.id])).length),
    );

  it('closes the connection to the model when it is cancelled on another node', async () => {
    const user = await app.user();
    const { id, closed } = await stalled(user);
    await other.call('post', `/runs/${id}/cancel`, user).expect(202);
    await eventually(() => closed() !== undefined);
    await until(user, id, 'cancelled');
  });

  it('leaves nothing when its goal is deleted while the model works', async () => {
    const user = await app.user();
    const { id, closed } = await stalled(user);
    const goal = (await app.call('get', `/runs/${id}`, user).expect(200)).body.goal_id;
    await app.call('delete', `/goals/${goal}`, user).expect(204);
    await eventually(() => closed() !== undefined);
    await eventually(async () => (await stored(user)).every((count) => count === 0));
    await app.call('get', `/runs/${id}`, user).expect(404);
  });

  it('leaves nothing when its account is erased while the model works', async () => {
    const user = await app.user();
    const { closed } = await stalled(user);
    await app.call('delete', '/auth/account', user).send({ password: user.password }).expect(202);
    await eventually(() => closed() !== undefined);
    await eventually(async () => (await stored(user)).every((count) => count === 0));
  });

  it('asks its next question again, instead of taking the answer before, when another process takes the step over', async () => {
    const user = await app.user();
    let stalls = true;
    model.answer(({ messages }) => {
      const results = messages.filter(({ role }) => role === 'tool').length;
      if (results === 1) return stalls ? { text: 'wait', after: 1, then: 'stall' } : looksUp('list_tasks_due_today');
      return results === 0 ? looksUp('list_tasks') : { text: 'Done.' };
    });
    const asked: Asked[] = [];
    await device(app, user, (one) => void asked.push(one));
    const before = model.seen.length;
    const id = await start(user);
    await eventually(() => asked.length === 1);
    asked[0]?.ack({ ok: true, result: [] });
    await eventually(() => model.seen.length === before + 2);
    const rows = await app.nest
      .get(Database)
      .query('SELECT 1 FROM run_steps WHERE run_id = $1 AND (question IS NOT NULL OR answer IS NOT NULL)', [id]);
    expect(rows).toEqual([]);
    stalls = false;
    await app.nest.get(RunWorker).stop();
    await other.nest.get(RunWorker).start();
    await eventually(() => asked.length === 2);
    expect(asked.map(({ name }) => name)).toEqual(['list_tasks', 'list_tasks_due_today']);
    asked[1]?.ack({ ok: true, result: [] });
    await until(user, id, 'completed');
  });
});
