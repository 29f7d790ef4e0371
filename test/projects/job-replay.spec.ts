import { Database } from '@adiuva/platform';
import { eventually, TestApp, type TestUser } from '../support/app';
import { FakeOpenAi, type Answerer, type CompletionRequest, type Script } from '../support/fakes/models/fake-openai';

const systemOf = ({ messages }: CompletionRequest): string => String(messages[0]?.content ?? '');

/** Answers the steps that write, one script for each round; any other step is done immediately. */
const scripted =
  (rounds: readonly ((request: CompletionRequest) => Script)[]): Answerer =>
  (request) => {
    const writes = /You carry out the plan|You write the outline/.test(systemOf(request));
    const round = request.messages.filter(({ role }) => role === 'assistant').length;
    return (writes ? rounds[round]?.(request) : undefined) ?? { text: 'Done.' };
  };

describe('a job of a code project', () => {
  let model: FakeOpenAi;
  let app: TestApp;
  let user: TestUser;
  beforeAll(async () => {
    model = await FakeOpenAi.start();
    app = await TestApp.start(model.settings);
    await app.startRuns();
    user = await app.user('pro');
  });
  afterAll(async () => {
    await app.stop();
    await model.stop();
  });

  const create = async (): Promise<string> =>
    (await app.call('post', '/projects', user).send({ title: 'Recipes', mode: 'build' }).expect(201)).body.id;
  const paths = async (id: string): Promise<string[]> =>
    (await app.call('get', `/projects/${id}/files`, user).expect(200)).body.files.map(
      (file: { path: string }) => file.path,
    );
  const start = async (projectId: string, agent: string): Promise<string> => {
    const body = { project_id: projectId, agent_type: agent, input_context: { request: 'Please help' } };
    return (await app.call('post', '/run-agent', user).send(body).expect(202)).body.job_id;
  };
  const ended = async (id: string) => {
    const job = async () => (await app.call('get', `/jobs/${id}`, user).expect(200)).body;
    await eventually(async () => ['completed', 'failed'].includes((await job()).status));
    return job();
  };
  const resume = async (id: string) => {
    await app.call('post', `/runs/${id}/resume`, user).send({}).expect(202);
    return ended(id);
  };

  it('that continues writes what it has recorded, whatever tools its model called that it does not have', async () => {
    const id = await create();
    await app.call('post', `/projects/${id}/files`, user).send({ path: 'old', content: 'x' }).expect(201);
    let broken = true;
    const calls = [
      { name: 'delete_file', arguments: { path: 'old' } },
      { name: 'write_file', arguments: { path: 'a.ts', content: 'A' } },
      { name: 'write_file', arguments: { path: 'b.ts', content: 'B' } },
      { name: 'write_file', arguments: { path: 'B.ts', content: 'twin' } },
    ];
    model.answer(scripted([() => ({ calls }), () => (broken ? { status: 400 } : { text: 'Done.' })]));
    const started = await start(id, 'wireframe');
    expect((await ended(started))['status']).toBe('failed');
    broken = false;
    const done = await resume(started);
    expect([done['status'], done.result['changes']]).toEqual([
      'completed',
      [
        { path: 'a.ts', change: 'created' },
        { path: 'b.ts', change: 'created' },
      ],
    ]);
    expect(await paths(id)).toEqual(['a.ts', 'b.ts', 'old']);
  });

  it('that continues finds a prompt that is written in pieces where a job without a break finds it', async () => {
    let resumed = false;
    const pieces = (request: CompletionRequest, from: number, to: number): Script => {
      const secret = systemOf(request).slice(systemOf(request).indexOf('You carry out the plan'));
      const words = secret.split(' ').slice(from, to);
      return {
        calls: words.map((content, index) => ({ name: 'write_file', arguments: { path: `${from + index}`, content } })),
      };
    };
    model.answer(
      scripted([(request) => pieces(request, 0, 7), (request) => (resumed ? pieces(request, 7, 12) : { status: 400 })]),
    );
    const interrupted = await create();
    const started = await start(interrupted, 'code');
    expect((await ended(started)).status).toBe('failed');
    resumed = true;
    expect((await resume(started)).status).toBe('completed');
    const whole = await create();
    await ended(await start(whole, 'code'));
    expect(await paths(interrupted)).toEqual(await paths(whole));
    expect((await paths(whole)).length).toBeLessThan(12);
  });

  it('does not start while its project is deleted, whose locks a step that ends takes in the same order', async () => {
    model.answer(scripted([() => ({ calls: [{ name: 'write_file', arguments: { path: 'a', content: 'x' } }] })]));
    const id = await create();
    await app.call('post', `/projects/${id}/files`, user).send({ path: 'old', content: 'x' }).expect(201);
    const database = app.nest.get(Database);
    const blocked = async (): Promise<number> =>
      (
        await database.query(
          `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        )
      ).length;
    const body = { project_id: id, agent_type: 'code', input_context: {} };
    const answers = await database.transaction(async (tx) => {
      await tx.query('SELECT FROM storage_usage WHERE user_id = $1 FOR UPDATE', [user.id]);
      const deleted = app.call('delete', `/projects/${id}`, user).then(({ status }) => status);
      await eventually(async () => (await blocked()) >= 1);
      const started = app
        .call('post', '/run-agent', user)
        .send(body)
        .then(({ status }) => status);
      await eventually(async () => (await blocked()) >= 2);
      return { deleted, started };
    });
    expect([await answers.deleted, await answers.started]).toEqual([204, 404]);
    expect(await database.query('SELECT FROM runs WHERE ended_at IS NULL')).toEqual([]);
  });
});
