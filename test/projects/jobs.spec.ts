import { newId } from '@adiuva/kernel';
import { Database } from '@adiuva/platform';
import { eventually, TestApp, type TestUser } from '../support/app';
import { FakeOpenAi, type Answerer, type CompletionRequest, type Script } from '../support/fakes/models/fake-openai';

type Fields = Record<string, unknown>;

const systemOf = ({ messages }: CompletionRequest): string => String(messages[0]?.content ?? '');
const phaseOf = (request: CompletionRequest): string => {
  const words: Record<string, string> = {
    'You prepare the requirements': 'analyse',
    'You write the requirements': 'specify',
    'You design the structure': 'outline',
    'You write the outline': 'contracts',
    'You plan a change': 'plan',
    'You carry out the plan': 'write',
    'You review the project': 'review',
    'You are a tutor': 'ask',
  };
  return Object.entries(words).find(([start]) => systemOf(request).includes(start))?.[1] ?? 'unknown';
};
const toolResults = ({ messages }: CompletionRequest): Fields[] =>
  messages.filter(({ role }) => role === 'tool').map(({ content }) => JSON.parse(String(content)));

/** Answers each phase with its scripts in order; the round is the number of assistant messages. */
const scripted = (phases: Record<string, readonly (Script | ((request: CompletionRequest) => Script))[]>): Answerer => {
  return (request) => {
    const round = request.messages.filter(({ role }) => role === 'assistant').length;
    const script = phases[phaseOf(request)]?.[round] ?? { text: 'Done.' };
    return typeof script === 'function' ? script(request) : script;
  };
};

describe('jobs of code projects', () => {
  let model: FakeOpenAi;
  let app: TestApp;
  let user: TestUser;
  beforeAll(async () => {
    model = await FakeOpenAi.start();
    app = await TestApp.start({ ...model.settings, LLM_CODE: 'openai:code-model', LLM_QA: 'openai:qa-model' });
    await app.startRuns();
    user = await app.user('pro');
  });
  afterAll(async () => {
    await app.stop();
    await model.stop();
  });

  const create = async (mode = 'build'): Promise<string> =>
    (await app.call('post', '/projects', user).send({ title: 'Recipes', mode }).expect(201)).body.id;
  const write = (id: string, path: string, content: string) =>
    app.call('post', `/projects/${id}/files`, user).send({ path, content });
  const read = async (id: string, path: string): Promise<string> =>
    (await app.call('get', `/projects/${id}/files/content`, user).query({ path }).expect(200)).body.content;
  const paths = async (id: string): Promise<string[]> =>
    (await app.call('get', `/projects/${id}/files`, user).expect(200)).body.files.map((file: Fields) => file['path']);
  const start = async (
    projectId: string,
    agent: string,
    input: Fields = { request: 'Please help' },
  ): Promise<string> => {
    const body = { project_id: projectId, agent_type: agent, input_context: input };
    const { body: started } = await app.call('post', '/run-agent', user).send(body).expect(202);
    expect(started).toEqual({ job_id: expect.any(String), status: 'queued', estimated_time: expect.any(Number) });
    return started.job_id;
  };
  const job = async (id: string): Promise<Fields & { result: Fields; error: Fields }> =>
    (await app.call('get', `/jobs/${id}`, user).expect(200)).body;
  const ended = async (id: string) => {
    await eventually(async () => ['completed', 'failed', 'cancelled'].includes(String((await job(id))['status'])));
    return job(id);
  };
  const resume = async (id: string) => {
    await app.call('post', `/runs/${id}/resume`, user).send({}).expect(202);
    return ended(id);
  };

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
    const id = await create();
    const done = await ended(await start(id, 'research'));
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
    const id = await create();
    let reached = false;
    model.answer(
      scripted({
        analyse: [{ text: 'Fine.' }],
        specify: [
          { calls: [{ name: 'update_requirements', arguments: { requirements_spec: 'of the agent' } }] },
          () => ((reached = true), { text: 'Done.', firstDelay: 400 }),
        ],
      }),
    );
    const started = await start(id, 'research');
    await eventually(async () => reached);
    await app.call('put', `/projects/${id}`, user).send({ requirements_spec: 'of the user' }).expect(200);
    expect((await ended(started)).error['code']).toBe('conflict');
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
    const id = await create();
    const done = await ended(await start(id, 'wireframe'));
    expect(done.result['changes']).toEqual([{ path: 'src/search.ts', change: 'created' }]);
    expect(await read(id, 'src/search.ts')).toBe('export type Search = string;\n');
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
    const id = await create();
    await write(id, 'a.ts', "export const greeting = 'hello';\n").expect(201);
    await write(id, 'old.ts', 'x').expect(201);
    const before = model.seen.length;
    const done = await ended(await start(id, 'code'));
    expect(done).toMatchObject({ status: 'completed' });
    expect(done.result['changes']).toEqual([
      { path: 'a.ts', change: 'updated' },
      { path: 'b.ts', change: 'created' },
      { path: 'old.ts', change: 'deleted' },
    ]);
    expect(done.result['findings']).toEqual([
      expect.objectContaining({ path: 'b.ts', line: 1, rule: 'broken-import' }),
    ]);
    expect(await read(id, 'a.ts')).toBe("export const greeting = 'good day';\n");
    expect(await paths(id)).toEqual(['a.ts', 'b.ts']);
    expect(new Set(model.seen.slice(before).map(({ body }) => body.model))).toEqual(new Set(['code-model']));
  });

  it('qa gives the findings of the checks and a review', async () => {
    model.answer(scripted({ review: [{ text: 'a.json:1 is cut off.' }] }));
    const id = await create();
    await write(id, 'a.json', '{').expect(201);
    const done = await ended(await start(id, 'qa'));
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
    const done = await ended(await start(await create('learn'), 'pedagogy'));
    expect(done.result['response']).toBe('What does the loop do?');
    expect(offered).toEqual(['list_files', 'read_file', 'search_files']);
  });

  it('a model that writes outside of the project or a part of its prompt reads an error', async () => {
    const errors: unknown[] = [];
    model.answer(
      scripted({
        plan: [{ text: 'Plan.' }],
        write: [
          (request) => ({
            calls: [
              { name: 'write_file', arguments: { path: '../x', content: 'x' } },
              { name: 'edit_file', arguments: { path: 'none.ts', old_text: 'a', new_text: 'b' } },
              { name: 'write_file', arguments: { path: 'leak.md', content: systemOf(request) } },
            ],
          }),
          (request) => {
            errors.push(...toolResults(request).map((result) => result['error']));
            return { text: 'I give up.' };
          },
        ],
      }),
    );
    const id = await create();
    const done = await ended(await start(id, 'code'));
    expect(errors).toEqual([
      'The path has a relative segment',
      'There is no such file',
      expect.stringContaining('confidential'),
    ]);
    expect(await paths(id)).toEqual([]);
    expect(JSON.stringify(done)).not.toContain('You carry out the plan');
  });

  it('one step writes at most 200 files', async () => {
    const errors: unknown[] = [];
    const batch = (from: number) =>
      Array.from({ length: 30 }, (_, index) => ({
        name: 'write_file',
        arguments: { path: `f${from + index}.txt`, content: 'x' },
      }));
    model.answer(
      scripted({
        plan: [{ text: 'Plan.' }],
        write: [
          { calls: batch(0) },
          { calls: batch(30) },
          (request) => (errors.push(...toolResults(request)), { calls: batch(60) }),
          { text: 'x' },
        ],
      }),
    );
    const id = await create();
    await ended(await start(id, 'code'));
    expect(await paths(id)).toHaveLength(60);
  });

  it('of two jobs on one file the later one merges an edit, and fails openly where it cannot', async () => {
    const id = await create();
    await write(id, 'a.ts', 'one\ntwo\n').expect(201);
    const between = async (change: () => Promise<unknown>, calls: Script['calls']) => {
      let reached = false;
      model.answer(
        scripted({
          plan: [{ text: 'Plan.' }],
          write: [{ calls: calls ?? [] }, () => ((reached = true), { text: 'Done.', firstDelay: 400 })],
        }),
      );
      const started = await start(id, 'code');
      await eventually(async () => reached);
      await change();
      return ended(started);
    };
    const edit = [{ name: 'edit_file', arguments: { path: 'a.ts', old_text: 'two', new_text: 'TWO' } }];
    const merged = await between(() => write(id, 'a.ts', 'ONE\ntwo\n').expect(200), edit);
    expect([merged['status'], await read(id, 'a.ts')]).toEqual(['completed', 'ONE\nTWO\n']);
    const whole = [{ name: 'write_file', arguments: { path: 'a.ts', content: 'mine' } }];
    const failed = await between(() => write(id, 'a.ts', 'theirs').expect(200), whole);
    expect([failed['status'], failed.error['code'], failed['result']]).toEqual(['failed', 'conflict', null]);
    expect(await read(id, 'a.ts')).toBe('theirs');
    const resumed = await resume(String(failed['job_id']));
    expect([resumed['status'], await read(id, 'a.ts')]).toEqual(['completed', 'mine']);
    await write(id, 'a.ts', 'one two').expect(200);
    const unmerged = await between(() => write(id, 'a.ts', 'nothing').expect(200), edit);
    expect(unmerged.error['code']).toBe('conflict');
    const again = [{ name: 'edit_file', arguments: { path: 'a.ts', old_text: 'nothing', new_text: 'all' } }];
    model.answer(scripted({ write: [{ calls: again }, { text: 'Done.' }] }));
    const reworked = await resume(String(unmerged['job_id']));
    expect([reworked['status'], await read(id, 'a.ts')]).toEqual(['completed', 'all']);
  });

  it('cancel closes the model and writes nothing; deleting a project cancels its jobs', async () => {
    model.answer(scripted({ plan: [{ text: 'waiting', after: 1, then: 'stall' }] }));
    const id = await create();
    const before = model.seen.length;
    const cancelled = await start(id, 'code');
    await eventually(async () => model.seen.length > before);
    expect((await app.call('post', `/jobs/${cancelled}/cancel`, user).expect(202)).body.status).toBe('cancelled');
    await eventually(async () => model.seen[before]?.closedAt !== undefined);
    await app.call('post', `/jobs/${cancelled}/cancel`, user).expect(409);
    const running = await start(id, 'code');
    await app.call('delete', `/projects/${id}`, user).expect(204);
    await app.call('get', `/jobs/${running}`, user).expect(404);
    await app.call('get', `/runs/${running}`, user).expect(404);
  });

  it('are listed with their project, followed by events, and do not exist for others', async () => {
    model.answer(() => ({ text: 'Fine.' }));
    const id = await create();
    const first = await start(id, 'pedagogy');
    await ended(first);
    const second = await start(id, 'qa');
    await ended(second);
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

  it('refuse inputs that are too deep or too long, and plans without storage', async () => {
    const id = await create();
    const send = (input: unknown, owner = user, projectId = id) =>
      app.call('post', '/run-agent', owner).send({ project_id: projectId, agent_type: 'code', input_context: input });
    const nested = (levels: number): unknown => (levels === 1 ? {} : { a: nested(levels - 1) });
    await send(nested(9)).expect(400);
    await send([]).expect(400);
    await send('x').expect(400);
    await send({ a: 'x'.repeat(262_145) }).expect(400);
    await send({}, user, newId()).expect(404);
    await send({}, await app.user()).expect(402);
  });

  it('keep no canary of input, prompt, path or result in plaintext', async () => {
    model.answer(
      scripted({
        plan: [{ text: 'canary-plan' }],
        write: [
          { calls: [{ name: 'write_file', arguments: { path: 'canary-file.md', content: 'canary-content' } }] },
          { text: 'canary-result' },
        ],
      }),
    );
    const id = await create();
    expect((await ended(await start(id, 'code', { request: 'canary-input' })))['status']).toBe('completed');
    const database = app.nest.get(Database);
    for (const table of ['runs', 'run_steps', 'run_events', 'code_jobs', 'code_files', 'code_file_versions']) {
      const rows = await database.query<{ text: string }>(`SELECT row::text AS text FROM ${table} row`);
      const stored = rows.map(({ text }) => text).join(' ');
      expect(stored).not.toContain('canary');
      expect(stored).not.toContain(Buffer.from('canary').toString('hex'));
    }
    expect(app.log.join(' ')).not.toContain('canary');
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
    const refused = await send('code').expect(501);
    expect([refused.body.code, refused.body.detail]).toEqual(['not_configured', expect.stringContaining('LLM_CODE')]);
    const { body } = await send('qa').expect(202);
    await eventually(async () => (await app.call('get', `/jobs/${body.job_id}`, user)).body.status === 'completed');
    const { body: done } = await app.call('get', `/jobs/${body.job_id}`, user).expect(200);
    expect(done.result.findings).toEqual([expect.objectContaining({ path: 'a.json', rule: 'json-syntax' })]);
  });
});
