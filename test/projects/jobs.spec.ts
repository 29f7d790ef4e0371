import { randomBytes } from 'node:crypto';
import { newId } from '@adiuva/kernel';
import { Database, Metrics } from '@adiuva/platform';
import { binary } from '../marketplace/store';
import { eventually, TestApp, type TestUser } from '../support/app';
import { FakeOpenAi, type Script } from '../support/fakes/models/fake-openai';
import { findPlaintext } from '../support/plaintext-search';
import { ProjectClient, scripted, systemOf, type Fields } from './project-client';

describe('jobs of code projects', () => {
  let model: FakeOpenAi;
  let app: TestApp;
  let user: TestUser;
  let client: ProjectClient;
  beforeAll(async () => {
    model = await FakeOpenAi.start();
    app = await TestApp.start({ ...model.settings, LLM_CODE: 'openai:code-model', LLM_QA: 'openai:qa-model' });
    await app.startRuns();
    user = await app.user('pro');
    client = new ProjectClient(app, user);
  });
  afterAll(async () => {
    await app.stop();
    await model.stop();
  });

  it('research writes the requirements, in two steps that each have a prompt', async () => {
    model.answer(
      scripted({
        analyse: [{ calls: [{ name: 'list_files', arguments: {} }] }, { text: 'Cooks need a search.' }],
        specify: [
          (request) => {
            expect(systemOf(request)).toContain('Cooks need a search.');
            return {
              calls: [{ name: 'update_requirements', arguments: { requirements_spec: '# Search by ingredient' } }],
            };
          },
          { text: 'The requirements are written.' },
        ],
      }),
    );
    const id = await client.create();
    const done = await client.ended(await client.start(id, 'research'));
    expect(done).toMatchObject({
      status: 'completed',
      progress: 100,
      agent_type: 'research',
      model_role: 'research',
      error: null,
    });
    expect(done.result).toMatchObject({
      response: 'The requirements are written.',
      requirements_updated: true,
      changes: [],
    });
    const project = await app.call('get', `/projects/${id}`, user).expect(200);
    expect(project.body.requirements_spec).toBe('# Search by ingredient');
  });

  it('research does not overwrite requirements that the user has changed meanwhile', async () => {
    const id = await client.create();
    let reached = false;
    let goOn = (): void => undefined;
    const changed = new Promise<void>((resolve) => (goOn = resolve));
    model.answer(
      scripted({
        analyse: [{ text: 'Fine.' }],
        specify: [
          { calls: [{ name: 'update_requirements', arguments: { requirements_spec: 'of the agent' } }] },
          () => ((reached = true), { text: 'Done.', until: changed }),
        ],
      }),
    );
    const started = await client.start(id, 'research');
    await eventually(async () => reached);
    await app.call('put', `/projects/${id}`, user).send({ requirements_spec: 'of the user' }).expect(200);
    goOn();
    expect((await client.ended(started)).error['code']).toBe('conflict');
    expect((await app.call('get', `/projects/${id}`, user).expect(200)).body.requirements_spec).toBe('of the user');
  });

  it('wireframe writes a tree of files', async () => {
    model.answer(
      scripted({
        outline: [{ text: 'src/search.ts finds recipes' }],
        contracts: [
          {
            calls: [
              { name: 'write_file', arguments: { path: 'src/search.ts', content: 'export type Search = string;\n' } },
            ],
          },
          { text: 'One contract.' },
        ],
      }),
    );
    const id = await client.create();
    const done = await client.ended(await client.start(id, 'wireframe'));
    expect(done.result['changes']).toEqual([{ path: 'src/search.ts', change: 'created' }]);
    expect(await client.read(id, 'src/search.ts')).toBe('export type Search = string;\n');
  });

  it('code creates, edits and deletes files by its own models, and its files are checked', async () => {
    model.answer(
      scripted({
        plan: [{ text: 'Three changes.' }],
        write: [
          {
            calls: [
              { name: 'search_files', arguments: { text: 'GREETING' } },
              { name: 'edit_file', arguments: { path: 'a.ts', old_text: "'hello'", new_text: "'good day'" } },
              { name: 'write_file', arguments: { path: 'b.ts', content: "import './missing';\n" } },
              { name: 'delete_file', arguments: { path: 'old.ts' } },
            ],
          },
          { text: '' },
        ],
      }),
    );
    const id = await client.create();
    await client.write(id, 'a.ts', "export const greeting = 'hello';\n").expect(201);
    await client.write(id, 'old.ts', 'x').expect(201);
    const before = model.seen.length;
    const done = await client.ended(await client.start(id, 'code'));
    expect(done).toMatchObject({ status: 'completed' });
    const events = await app
      .call('get', `/jobs/${String(done['job_id'])}/events`, user)
      .buffer(true)
      .expect(200);
    expect([...new Set([...events.text.matchAll(/"progress":(\d+)/g)].map(([, percent]) => Number(percent)))]).toEqual([
      33, 66, 100,
    ]);
    expect(done.result['changes']).toEqual([
      { path: 'a.ts', change: 'updated' },
      { path: 'b.ts', change: 'created' },
      { path: 'old.ts', change: 'deleted' },
    ]);
    expect(done.result['findings']).toEqual([
      expect.objectContaining({ path: 'b.ts', line: 1, rule: 'broken-import' }),
    ]);
    expect(await client.read(id, 'a.ts')).toBe("export const greeting = 'good day';\n");
    expect(await client.paths(id)).toEqual(['a.ts', 'b.ts']);
    const seen = model.seen.slice(before).map(({ body }) => body);
    expect(new Set(seen.map((body) => body.model))).toEqual(new Set(['code-model']));
    expect(seen.map((body) => JSON.stringify(body).includes("'hello'"))).toEqual([false, false, true]);
  });

  it('qa gives the findings of the checks and a review', async () => {
    model.answer(scripted({ review: [{ text: 'a.json:1 is cut off.' }] }));
    const id = await client.create();
    await client.write(id, 'a.json', '{').expect(201);
    const done = await client.ended(await client.start(id, 'qa'));
    expect(done.result).toMatchObject({
      response: 'a.json:1 is cut off.',
      findings: [expect.objectContaining({ path: 'a.json', line: 1, severity: 'error', rule: 'json-syntax' })],
    });
  });

  it('pedagogy asks, and has no tool that writes', async () => {
    let offered: string[] = [];
    model.answer((request) => {
      offered = (request.tools ?? []).map((tool) => tool.function.name);
      return { text: 'What does the loop do?' };
    });
    const done = await client.ended(await client.start(await client.create('learn'), 'pedagogy'));
    expect(done.result['response']).toBe('What does the loop do?');
    expect(offered).toEqual(['list_files', 'read_file', 'search_files']);
  });

  it('of two jobs on one file the later one merges an edit, and fails openly where it cannot', async () => {
    const id = await client.create();
    await client.write(id, 'a.ts', 'one\ntwo\n').expect(201);
    const between = async (change: () => Promise<unknown>, calls: Script['calls']) => {
      let reached = false;
      let goOn = (): void => undefined;
      const changed = new Promise<void>((resolve) => (goOn = resolve));
      model.answer(
        scripted({
          plan: [{ text: 'Plan.' }],
          write: [{ calls: calls ?? [] }, () => ((reached = true), { text: 'Done.', until: changed })],
        }),
      );
      const started = await client.start(id, 'code');
      await eventually(async () => reached);
      await change();
      goOn();
      return client.ended(started);
    };
    const edit = [{ name: 'edit_file', arguments: { path: 'a.ts', old_text: 'two', new_text: 'TWO' } }];
    const merged = await between(() => client.write(id, 'a.ts', 'ONE\ntwo\n').expect(200), edit);
    expect([merged['status'], await client.read(id, 'a.ts')]).toEqual(['completed', 'ONE\nTWO\n']);
    const whole = [{ name: 'write_file', arguments: { path: 'a.ts', content: 'mine' } }];
    const failed = await between(() => client.write(id, 'a.ts', 'theirs').expect(200), whole);
    expect([failed['status'], failed.error['code'], failed['result']]).toEqual(['failed', 'conflict', null]);
    expect(await client.read(id, 'a.ts')).toBe('theirs');
    const resumed = await client.resume(String(failed['job_id']));
    expect([resumed['status'], await client.read(id, 'a.ts')]).toEqual(['completed', 'mine']);
    await client.write(id, 'a.ts', 'one two').expect(200);
    const unmerged = await between(() => client.write(id, 'a.ts', 'nothing').expect(200), edit);
    expect(unmerged.error['code']).toBe('conflict');
    const again = [{ name: 'edit_file', arguments: { path: 'a.ts', old_text: 'nothing', new_text: 'all' } }];
    model.answer(scripted({ write: [{ calls: again }, { text: 'Done.' }] }));
    const reworked = await client.resume(String(unmerged['job_id']));
    expect([reworked['status'], await client.read(id, 'a.ts')]).toEqual(['completed', 'all']);
  });

  it('cancel closes the model and writes nothing; deleting a project cancels its jobs', async () => {
    model.answer(scripted({ plan: [{ text: 'waiting', after: 1, then: 'stall' }] }));
    const id = await client.create();
    const before = model.seen.length;
    const cancelled = await client.start(id, 'code');
    await eventually(async () => model.seen.length > before);
    expect((await app.call('post', `/jobs/${cancelled}/cancel`, user).expect(202)).body.status).toBe('cancelled');
    await eventually(async () => model.seen[before]?.closedAt !== undefined);
    await app.call('post', `/jobs/${cancelled}/cancel`, user).expect(409);
    const running = await client.start(id, 'code');
    await app.call('delete', `/projects/${id}`, user).expect(204);
    await app.call('get', `/jobs/${running}`, user).expect(404);
    await app.call('get', `/runs/${running}`, user).expect(404);
  });

  it('are listed with their project, followed by events, and do not exist for others', async () => {
    model.answer(() => ({ text: 'Fine.' }));
    const id = await client.create();
    const first = await client.start(id, 'pedagogy');
    await client.ended(first);
    const second = await client.start(id, 'qa');
    await client.ended(second);
    const { body: list } = await app.call('get', `/jobs/${id}/list`, user).expect(200);
    expect([list.project_id, list.count, list.jobs.map((one: Fields) => one['job_id'])]).toEqual([
      id,
      2,
      [second, first],
    ]);
    expect((await app.call('get', `/jobs/${id}/list?limit=1`, user).expect(200)).body.count).toBe(1);
    await app.call('get', `/jobs/${id}/list?limit=101`, user).expect(400);
    const events = await app.call('get', `/jobs/${second}/events`, user).buffer(true).expect(200);
    expect([...events.text.matchAll(/^id: (\d+)$/gm)].map(([, number]) => Number(number))).toEqual(
      [...events.text.matchAll(/^id: /gm)].map((_, index) => index + 1),
    );
    expect(events.text).toContain('"progress":100');
    const other = await app.user('pro');
    for (const path of [`/jobs/${first}`, `/jobs/${id}/list`, `/jobs/${first}/events`])
      await app.call('get', path, other).expect(404);
    const body = { project_id: id, agent_type: 'qa', input_context: {} };
    await app.call('post', '/run-agent', other).send(body).expect(404);
    expect((await app.call('get', '/runs?kind=job', user).expect(200)).body.length).toBeGreaterThan(1);
  });

  it('are estimated by what the last jobs of the agent took', async () => {
    model.answer(() => ({ text: 'Fine.' }));
    const id = await client.create();
    const input = { project_id: id, agent_type: 'pedagogy', input_context: {} };
    const estimate = async (): Promise<number> =>
      (await app.call('post', '/run-agent', user).send(input).expect(202)).body.estimated_time;
    const jobs = [await client.start(id, 'pedagogy'), await client.start(id, 'pedagogy')];
    for (const job of jobs) await client.ended(job);
    await app.nest.get(Database).query(
      `UPDATE runs SET started_at = ended_at - make_interval(secs => CASE id WHEN $1 THEN 100 ELSE 300 END)
       FROM code_jobs j WHERE j.run_id = runs.id AND j.agent_type = 'pedagogy'`,
      [jobs[0]],
    );
    expect(await estimate()).toBeGreaterThan(100);
    expect(await estimate()).toBeLessThanOrEqual(300);
  });

  it('refuse inputs that are too deep or too long, and plans without storage', async () => {
    const id = await client.create();
    const send = (input: unknown, owner = user, projectId = id) =>
      app.call('post', '/run-agent', owner).send({ project_id: projectId, agent_type: 'code', input_context: input });
    const nested = (levels: number): unknown => (levels === 1 ? {} : { a: nested(levels - 1) });
    await send(nested(8)).expect(202);
    await send({ a: 'x'.repeat(262_136) }).expect(202);
    await send({ a: 'x'.repeat(262_137) }).expect(400);
    await send(nested(9)).expect(400);
    await send([]).expect(400);
    await send('x').expect(400);
    await send({}, user, newId()).expect(404);
    await send({}, await app.user()).expect(402);
  });

  it('keep what users write and agents answer in no table, file, Redis key, metric or log', async () => {
    const marker = `canary${randomBytes(12).toString('hex')}`;
    const content = `export const name = '${marker}';\n`;
    model.answer(
      scripted({
        plan: [{ text: marker }],
        write: [
          { calls: [{ name: 'write_file', arguments: { path: `${marker}.ts`, content } }] },
          { text: `${marker} is written` },
        ],
      }),
    );
    const fields = { title: marker, description: marker, tech_stack: [marker], mode: 'build' };
    const { id } = (await app.call('post', '/projects', user).send(fields).expect(201)).body;
    await app.call('put', `/projects/${id}`, user).send({ requirements_spec: marker }).expect(200);
    const done = await client.ended(await client.start(id, 'code', { request: marker }));
    expect([done['status'], await client.read(id, `${marker}.ts`)]).toEqual(['completed', content]);
    await app.call('get', `/projects/${id}/archive`, user).buffer(true).parse(binary).expect(200);
    const places = {
      databaseUrl: app.database.url,
      folders: [app.dataDir],
      texts: { log: app.log.join('\n'), metrics: await app.nest.get(Metrics).text() },
      redisUrl: process.env['TEST_REDIS_URL'],
    };
    expect(await findPlaintext(marker, places)).toEqual([]);
    expect(await findPlaintext(String(done['job_id']), places)).not.toEqual([]);
  });
});

describe('jobs without a language model', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await TestApp.start({ LLM_PROVIDER: 'offline' });
    await app.startRuns();
  });
  afterAll(() => app.stop());

  it('are refused with the setting, except the checks of qa', async () => {
    const user = await app.user('pro');
    const { body: project } = await app.call('post', '/projects', user).send({ title: 'x', mode: 'build' }).expect(201);
    await app.call('post', `/projects/${project.id}/files`, user).send({ path: 'a.json', content: '{' }).expect(201);
    const send = (agent: string) =>
      app.call('post', '/run-agent', user).send({ project_id: project.id, agent_type: agent, input_context: {} });
    for (const agent of ['research', 'wireframe', 'code', 'pedagogy']) {
      const { body } = await send(agent).expect(501);
      const setting = expect.stringContaining(`LLM_${agent.toUpperCase()}`);
      expect([body.code, body.detail]).toEqual(['not_configured', setting]);
    }
    const { body } = await send('qa').expect(202);
    await eventually(async () => (await app.call('get', `/jobs/${body.job_id}`, user)).body.status === 'completed');
    const { body: done } = await app.call('get', `/jobs/${body.job_id}`, user).expect(200);
    expect(done.result.findings).toEqual([expect.objectContaining({ path: 'a.json', rule: 'json-syntax' })]);
  });
});
