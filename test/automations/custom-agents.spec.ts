import { Database } from '@adiuva/platform';
import { eventually, TestApp, type TestUser } from '../support/app';
import { FakeOpenAi, type CompletionRequest } from '../support/fakes/models/fake-openai';
import { lastToolResults } from '../chat/chat-helpers';

const NEW = {
  name: 'meeting_notes',
  description: 'Turns minutes into tasks',
  instructions: 'Read the minutes. Make one task for each promise, with the words of the person who made it.',
  tools: ['list_tasks', 'create_task'],
};

const systemOf = (request: CompletionRequest | undefined): string => String(request?.messages[0]?.content);

describe('custom agents', () => {
  let model: FakeOpenAi;
  let app: TestApp;
  beforeAll(async () => {
    model = await FakeOpenAi.start();
    app = await TestApp.start(model.settings);
    await app.startRuns();
  });
  afterAll(async () => {
    await app.stop();
    await model.stop();
  });

  const create = async (user: TestUser, fields: object = {}) =>
    (
      await app
        .call('post', '/agents', user)
        .send({ ...NEW, ...fields })
        .expect(201)
    ).body;

  const errorsOf = async (user: TestUser, fields: object): Promise<string[]> => {
    const { body } = await app
      .call('post', '/agents', user)
      .send({ ...NEW, ...fields })
      .expect(400);
    return body.errors.map(({ field }: { field: string }) => field);
  };

  it('answer without their names in the log', async () => {
    const user = await app.user('pro');
    await create(user, { name: 'canary_of_a_user' });
    model.answer(() => ({ text: 'Read.' }));
    await app
      .call('post', '/chat', user)
      .send({ message: 'read them', agents: ['canary_of_a_user'] })
      .expect(200);
    expect(app.log.filter((line) => line.includes('"chat_done"'))).not.toEqual([]);
    expect(app.log.filter((line) => line.includes('canary_of_a_user'))).toEqual([]);
  });

  it('keep what they are made of, change by version, and are listed beside the built-in ones', async () => {
    const user = await app.user('pro');
    const made = await create(user);
    expect(made).toMatchObject({
      ...NEW,
      kind: 'custom',
      model_role: 'agent',
      memory: false,
      enabled: true,
      version: 1,
    });
    const change = app.call('patch', `/agents/${made.id}`, user).set('If-Match', '"1"');
    const changed = await change.send({ enabled: false, description: 'Minutes' }).expect(200);
    expect(changed.body).toMatchObject({ ...NEW, description: 'Minutes', enabled: false, version: 2 });
    await app.call('patch', `/agents/${made.id}`, user).set('If-Match', '"1"').send({ enabled: true }).expect(412);
    const { body: listed } = await app.call('get', '/agents', user).expect(200);
    expect(listed[0]).toMatchObject({ name: 'task_agent', kind: 'builtin', enabled: true });
    expect(listed.at(-1)).toEqual({
      id: made.id,
      name: NEW.name,
      description: 'Minutes',
      kind: 'custom',
      enabled: false,
    });
    await app.call('delete', `/agents/${made.id}`, user).expect(204);
    await app.call('get', `/agents/${made.id}`, user).expect(404);
  });

  it('are not there for another user', async () => {
    const { id } = await create(await app.user('pro'));
    const other = await app.user('pro');
    await app.call('get', `/agents/${id}`, other).expect(404);
    await app.call('patch', `/agents/${id}`, other).send({ enabled: false }).expect(404);
    await app.call('delete', `/agents/${id}`, other).expect(404);
    await app
      .call('post', '/chat', other)
      .send({ message: 'hello', agents: [NEW.name] })
      .expect(400);
  });

  it('with fields outside their limits are refused, and the answer names the place', async () => {
    const user = await app.user('pro');
    expect(await errorsOf(user, { name: 'Ab' })).toEqual(['name']);
    expect(await errorsOf(user, { name: `a${'b'.repeat(63)}` })).toEqual(['name']);
    expect(await errorsOf(user, { instructions: '' })).toEqual(['instructions']);
    expect(await errorsOf(user, { instructions: 'a'.repeat(16_001) })).toEqual(['instructions']);
    expect(await errorsOf(user, { tools: ['list_tasks', 'rm_rf'] })).toEqual(['tools.1']);
    expect(await errorsOf(user, { tools: ['remember'] })).toEqual(['tools.0']);
    expect(await errorsOf(user, { model_role: 'router' })).toEqual(['model_role']);
    expect(await errorsOf(user, { surprise: 1 })).toEqual(['surprise']);
    await app
      .call('post', '/agents', user)
      .send({ ...NEW, instructions: 'a'.repeat(300_000) })
      .expect((response) => expect([400, 413]).toContain(response.status));
  });

  it('have names of their own: a second one and one of a built-in agent are 409', async () => {
    const user = await app.user('pro');
    const { id } = await create(user, { name: 'other_agent' });
    await create(user);
    await app.call('post', '/agents', user).send(NEW).expect(409);
    await app
      .call('post', '/agents', user)
      .send({ ...NEW, name: 'task_agent' })
      .expect(409);
    await app.call('patch', `/agents/${id}`, user).send({ name: NEW.name }).expect(409);
    await app.call('patch', `/agents/${id}`, user).send({ name: 'note_agent' }).expect(409);
  });

  it('are none on the free tier, and at most 50 under 50 parallel creations', async () => {
    const free = await app
      .call('post', '/agents', await app.user())
      .send(NEW)
      .expect(402);
    expect(free.body).toMatchObject({ code: 'upgrade_required', required_tier: 'pro' });
    const user = await app.user('pro');
    for (let count = 0; count < 25; count += 1) await create(user, { name: `agent_${count}` });
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, at) => app.call('post', '/agents', user).send({ ...NEW, name: `parallel_${at}` })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(25);
    expect(answers.filter(({ status, body }) => status === 402 && body.code === 'quota_exceeded')).toHaveLength(25);
  });

  it('answer in a chat by their own instructions and tools, which the leak protection lets pass', async () => {
    const user = await app.user('pro');
    await create(user);
    const requests: CompletionRequest[] = [];
    model.answer((request) => {
      requests.push(request);
      if (request.messages.at(-1)?.role === 'tool') return { text: NEW.instructions };
      return { calls: [{ name: 'create_task', arguments: { title: 'Call Anna' } }] };
    });
    const { body } = await app
      .call('post', '/chat', user)
      .send({ message: 'Anna: I will be called', agents: [NEW.name] })
      .expect(200);
    expect(body).toMatchObject({ agent: NEW.name, response: NEW.instructions });
    expect(body.actions).toEqual([expect.objectContaining({ type: 'create_record', table: 'tasks' })]);
    expect(systemOf(requests[0])).toContain(NEW.instructions);
    expect(requests[0]?.tools?.map((tool) => tool.function.name).sort()).toEqual(['create_task', 'list_tasks']);
  });

  it('that are disabled, or of a tier that has ended, answer nothing', async () => {
    const user = await app.user('pro');
    const { id } = await create(user);
    await app.call('patch', `/agents/${id}`, user).send({ enabled: false }).expect(200);
    await app
      .call('post', '/chat', user)
      .send({ message: 'hello', agents: [NEW.name] })
      .expect(400);
    await app.call('patch', `/agents/${id}`, user).send({ enabled: true }).expect(200);
    await app.setTier(user.id, 'free');
    const refused = await app
      .call('post', '/chat', user)
      .send({ message: 'hello', agents: [NEW.name] })
      .expect(402);
    expect(refused.body.required_tier).toBe('pro');
  });

  it('run goals, keep their name there when it changes, and cannot be deleted while one is active', async () => {
    const user = await app.user('pro');
    const { id } = await create(user);
    const goal = { title: 'Minutes', instructions: 'read the minutes', agent: NEW.name, input: { tasks: [] } };
    const { body: made } = await app.call('post', '/goals', user).send(goal).expect(201);
    await app.call('patch', `/agents/${id}`, user).send({ name: 'minutes_reader' }).expect(200);
    expect((await app.call('get', `/goals/${made.id}`, user)).body.agent).toBe('minutes_reader');
    model.answer(() => ({ text: 'Nothing was promised.' }));
    const { body: started } = await app.call('post', `/goals/${made.id}/run`, user).send({}).expect(202);
    await eventually(async () => (await app.call('get', `/runs/${started.run_id}`, user)).body.status === 'completed');
    const output = await app.call('get', `/runs/${started.run_id}/output`, user).expect(200);
    expect(output.body.response).toBe('Nothing was promised.');
    await app.call('delete', `/agents/${id}`, user).expect(409);
    await app.call('patch', `/goals/${made.id}`, user).send({ status: 'paused' }).expect(200);
    await app.call('delete', `/agents/${id}`, user).expect(204);
    await app.call('patch', `/goals/${made.id}`, user).send({ status: 'active' }).expect(400);
    await app
      .call('post', '/goals', user)
      .send({ ...goal, agent: 'minutes_reader' })
      .expect(400);
  });

  it('call other agents only where they have the tool for it', async () => {
    const user = await app.user('pro');
    await create(user, { name: 'alone_agent' });
    await create(user, { name: 'social_agent', tools: ['call_agent'] });
    const offered = async (name: string): Promise<string[]> => {
      const requests: CompletionRequest[] = [];
      model.answer((request) => {
        requests.push(request);
        return { text: 'Done.' };
      });
      await app
        .call('post', '/chat', user)
        .send({ message: 'hello', agents: [name] })
        .expect(200);
      return requests[0]?.tools?.map((tool) => tool.function.name) ?? [];
    };
    expect(await offered('alone_agent')).not.toContain('call_agent');
    expect(await offered('social_agent')).toEqual(['call_agent']);
  });

  it('work in nodes of a DAG, where those that do not exist or are disabled are refused by name', async () => {
    const user = await app.user('power');
    const { id } = await create(user);
    const nodes = [{ id: 'read', agent: NEW.name, instructions: 'read the minutes' }];
    const { body: dag } = await app.call('post', '/create-dag', user).send({ title: 'Minutes', nodes }).expect(201);
    model.answer(() => ({ text: 'Read.' }));
    const { body: started } = await app.call('post', '/execute-dag', user).send({ dag_id: dag.id }).expect(202);
    const path = `/dag-executions/${started.execution_id}`;
    await eventually(async () => (await app.call('get', path, user)).body.status === 'completed');
    await app.call('patch', `/agents/${id}`, user).send({ enabled: false }).expect(200);
    const refused = await app.call('post', '/create-dag', user).send({ title: 'Minutes', nodes }).expect(422);
    expect(JSON.stringify(refused.body)).toContain('read');
  });

  it('make plans too, and such a plan is not taken over by an agent of the same name with other instructions', async () => {
    const user = await app.user('pro');
    const { id } = await create(user);
    let asked = 0;
    model.answer((request) => {
      asked += 1;
      return { text: request.tool_choice === undefined ? 'Nothing to do.' : 'No plan.' };
    });
    const plan = async (): Promise<{ plan: { agent: string } }> =>
      (
        await app
          .call('post', '/chat', user)
          .send({ message: 'plan it', execution_mode: 'plan', agents: [NEW.name] })
          .expect(200)
      ).body;
    await plan();
    const first = asked;
    await app.call('patch', `/agents/${id}`, user).send({ instructions: 'Others.' }).expect(200);
    await plan();
    expect(asked).toBe(2 * first);
  });

  describe('with memory', () => {
    const remember = async (user: TestUser, fields: object) =>
      (await app.call('post', '/memories', user).send(fields).expect(201)).body;

    it('see memories of all agents and their own, and what they remember is seen the next time', async () => {
      const user = await app.user('pro');
      await create(user, { name: 'knowing_agent', memory: true });
      await create(user);
      await remember(user, { content: 'The team meets on Tuesdays.' });
      await remember(user, { agent: NEW.name, content: 'Only for the other one.' });
      const seen: string[] = [];
      model.answer((request) => {
        seen.push(systemOf(request));
        if (lastToolResults(request).length > 0) return { text: 'I keep it.' };
        return { calls: [{ name: 'remember', arguments: { content: 'Anna is called Annie.' } }] };
      });
      const chat = { message: 'Call me Annie', agents: ['knowing_agent'] };
      await app.call('post', '/chat', user).send(chat).expect(200);
      expect(seen[0]).toContain('The team meets on Tuesdays.');
      expect(seen[0]).not.toContain('Only for the other one.');
      const { body: own } = await app.call('get', '/memories?agent=knowing_agent', user).expect(200);
      expect(own).toEqual([expect.objectContaining({ agent: 'knowing_agent', content: 'Anna is called Annie.' })]);
      seen.length = 0;
      await app.call('post', '/chat', user).send(chat).expect(200);
      expect(seen[0]).toContain('Anna is called Annie.');
    });

    it('remember a thing once in a run, whatever is executed again', async () => {
      const user = await app.user('pro');
      await create(user, { name: 'knowing_agent', memory: true });
      let failures = 1;
      model.answer((request) => {
        if (lastToolResults(request).length === 0)
          return { calls: [{ name: 'remember', arguments: { content: 'Once.' } }] };
        failures -= 1;
        return failures >= 0 ? { status: 400 } : { text: 'Kept.' };
      });
      const goal = { title: 'Keep', instructions: 'keep it', agent: 'knowing_agent', input: { tasks: [] } };
      const { body: made } = await app.call('post', '/goals', user).send(goal).expect(201);
      const { body: started } = await app.call('post', `/goals/${made.id}/run`, user).send({}).expect(202);
      const status = async (): Promise<string> => (await app.call('get', `/runs/${started.run_id}`, user)).body.status;
      await eventually(async () => ['completed', 'failed'].includes(await status()));
      if ((await status()) === 'failed') {
        await app.call('post', `/runs/${started.run_id}/resume`, user).send({}).expect(202);
        await eventually(async () => (await status()) === 'completed');
      }
      expect((await app.call('get', '/memories', user)).body).toHaveLength(1);
    });

    it('have at most 500 memories of the user, also under 50 parallel creations', async () => {
      const user = await app.user('pro');
      await app.nest
        .get(Database)
        .query(
          `INSERT INTO memories (id, user_id, content) SELECT gen_random_uuid(), $1, 'x' FROM generate_series(1, 480)`,
          [user.id],
        );
      const answers = await Promise.all(
        Array.from({ length: 50 }, () => app.call('post', '/memories', user).send({ content: 'one more' })),
      );
      expect(answers.filter(({ status }) => status === 201)).toHaveLength(20);
      expect(answers.filter(({ status, body }) => status === 402 && body.code === 'quota_exceeded')).toHaveLength(30);
    });

    it('show memories that only their user may read, change by version and delete', async () => {
      const user = await app.user('pro');
      const made = await remember(user, { content: 'One.' });
      const path = `/memories/${made.id}`;
      expect((await app.call('get', path, user).expect(200)).body).toEqual(made);
      const changed = await app.call('patch', path, user).set('If-Match', '"1"').send({ content: 'Two.' }).expect(200);
      expect(changed.body).toMatchObject({ content: 'Two.', agent: null, version: 2 });
      await app.call('patch', path, user).set('If-Match', '"1"').send({ content: 'Three.' }).expect(412);
      await app.call('patch', path, user).send({ agent: 'no_such_agent' }).expect(400);
      await app
        .call('post', '/memories', user)
        .send({ content: 'a'.repeat(4_001) })
        .expect(400);
      const other = await app.user('pro');
      await app.call('get', path, other).expect(404);
      await app.call('patch', path, other).send({ content: 'x' }).expect(404);
      await app.call('delete', path, other).expect(404);
      await app.call('delete', path, user).expect(204);
      await app.call('get', path, user).expect(404);
    });
  });

  it('find every tool in the catalogue, by kind, with a schema and without a description for models', async () => {
    const user = await app.user();
    const { body: tools } = await app.call('get', '/tools', user).expect(200);
    const byName = new Map(tools.map((tool: { name: string }) => [tool.name, tool]));
    expect(byName.get('list_tasks')).toMatchObject({ kind: 'read', title: 'List tasks', agents: ['task_agent'] });
    expect(byName.get('create_task')).toMatchObject({
      kind: 'write',
      parameters: { type: 'object', required: expect.arrayContaining(['title']) },
    });
    expect(byName.get('remember')).toMatchObject({ kind: 'server', agents: [] });
    expect(byName.get('call_agent')).toMatchObject({ kind: 'server' });
    const keys = (value: unknown, inProperties = false): string[] =>
      typeof value !== 'object' || value === null
        ? []
        : Object.entries(value).flatMap(([key, inner]) => [
            ...(inProperties ? [] : [key]),
            ...keys(inner, key === 'properties'),
          ]);
    expect(keys(tools.map(({ parameters }: { parameters: object }) => parameters))).not.toContain('description');
    expect((await app.call('get', '/tools/create_task', user).expect(200)).body).toEqual(byName.get('create_task'));
    await app.call('get', '/tools/no_such_tool', user).expect(404);
  });
});
