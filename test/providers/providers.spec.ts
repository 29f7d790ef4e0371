import { AgentCatalogue } from '@adiuva/agents';
import { UserEncryption } from '@adiuva/auth';
import { Database } from '@adiuva/platform';
import { eventually, TestApp, type TestUser } from '../support/app';
import { EndlessServer } from '../support/fakes/models/endless-server';
import { FakeOpenAi } from '../support/fakes/models/fake-openai';

const KEY = 'sk-a-key-of-the-user';

let operator: FakeOpenAi;
let own: FakeOpenAi;
let app: TestApp;
let other: TestApp;
/** Refuses private addresses, as by default. */
let strict: TestApp;
beforeAll(async () => {
  [operator, own] = await Promise.all([FakeOpenAi.start(() => ({ text: 'Operator.' })), FakeOpenAi.start()]);
  app = await TestApp.start({ ...operator.settings, ALLOW_PRIVATE_PROVIDERS: 'true' });
  other = await TestApp.start({ ...operator.settings, ALLOW_PRIVATE_PROVIDERS: 'true' }, app);
  strict = await TestApp.start(operator.settings, app);
  await app.startRuns();
});
afterAll(async () => {
  await strict.stop();
  await other.stop();
  await app.stop();
  await Promise.all([operator.stop(), own.stop()]);
});
beforeEach(() => {
  own.answer(() => ({ text: 'Own.' }));
  own.seen.length = 0;
  operator.seen.length = 0;
});

const put = (user: TestUser, name: string, fields: object = {}, node = app) =>
  node.call('put', `/providers/${name}`, user).send({ api_key: KEY, base_url: own.url, ...fields });
const list = async (user: TestUser) => (await app.call('get', '/providers', user).expect(200)).body;
const ask = (user: TestUser, node = app) =>
  node.call('post', '/chat', user).send({ message: 'Hi', agents: ['task_agent'] });

describe('the key of an own provider', () => {
  it('answers the chats of its user alone, with the model and address that the user gave', async () => {
    const [user, other] = [await app.user(), await app.user()];
    await put(user, 'openai', { model: 'my-model' }).expect(200);
    expect((await ask(user).expect(200)).body.response).toBe('Own.');
    expect(own.seen.map(({ body, headers }) => [body.model, headers.authorization])).toEqual([
      ['my-model', `Bearer ${KEY}`],
    ]);
    expect(operator.seen).toEqual([]);
    expect((await ask(other).expect(200)).body.response).toBe('Operator.');
    expect(operator.seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer sk-test']);
    await app.call('delete', '/providers/openai', user).expect(204);
    await app.call('delete', '/providers/openai', user).expect(404);
    expect((await ask(user).expect(200)).body.response).toBe('Operator.');
  });

  it('is used, and used no more, by the chats of every node', async () => {
    const user = await app.user();
    expect((await ask(user, other).expect(200)).body.response).toBe('Operator.');
    await put(user, 'openai').expect(200);
    await eventually(async () => (await ask(user, other).expect(200)).body.response === 'Own.');
    await app.call('delete', '/providers/openai', user).expect(204);
    await eventually(async () => (await ask(user, other).expect(200)).body.response === 'Operator.');
  });

  it('answers the runs of its user', async () => {
    const user = await app.user('pro');
    await put(user, 'openai').expect(200);
    const goal = { title: 'Notes', instructions: 'Write a note', agent: 'note_agent' };
    const { body } = await app.call('post', '/goals', user).send(goal).expect(201);
    const { body: run } = await app.call('post', `/goals/${body.id}/run`, user).send({}).expect(202);
    const path = `/runs/${run.run_id}`;
    await eventually(async () => (await app.call('get', path, user)).body.status === 'completed');
    expect(own.seen.length).toBeGreaterThan(0);
    expect(JSON.stringify((await app.call('get', `${path}/output`, user).expect(200)).body)).toContain('Own.');
  });

  it('is set with null for what is not given as without it, and a row that has null is still read', async () => {
    const user = await app.user('pro');
    const { body } = await put(user, 'openai', { base_url: null, model: null }).expect(200);
    expect(body).toMatchObject({ name: 'openai', base_url: null, model: null });
    const sealed = (await app.nest.get(UserEncryption).open(user.id)).seal(
      'own_providers.settings|openai',
      JSON.stringify({ apiKey: KEY, baseUrl: null, model: null }),
    );
    await app.nest.get(Database).query('UPDATE own_providers SET settings = $2 WHERE user_id = $1', [user.id, sealed]);
    expect(await list(user)).toEqual([body]);
  });

  it('is never shown again, and is sealed', async () => {
    const user = await app.user();
    const { body } = await put(user, 'anthropic', { model: 'm' }).expect(200);
    const view = { name: 'anthropic', base_url: own.url, model: 'm', locked: false };
    expect(body).toEqual({ ...view, created_at: expect.any(Number), updated_at: expect.any(Number) });
    expect(await list(user)).toEqual([body]);
    const rows = await app.nest
      .get(Database)
      .query('SELECT o::text AS row FROM own_providers o WHERE user_id = $1', [user.id]);
    expect(JSON.stringify(rows)).not.toContain(Buffer.from(KEY).toString('hex'));
  });

  it('costs no tokens of the month, so that a user without any left is answered', async () => {
    const user = await app.user();
    await app.nest
      .get(Database)
      .query(`INSERT INTO token_usage VALUES ($1, date_trunc('month', now() AT TIME ZONE 'UTC')::date, $2)`, [
        user.id,
        10 ** 12,
      ]);
    expect((await ask(user).expect(402)).body.code).toBe('quota_exceeded');
    await put(user, 'openai').expect(200);
    await ask(user).expect(200);
  });

  it('gets public instructions: no word of a prompt and no description of a tool reaches the server of a user', async () => {
    const user = await app.user();
    await put(user, 'openai').expect(200);
    await app
      .call('post', '/chat', user)
      .send({ message: 'Hi', agents: ['task_agent'], context: { user_profile: { name: 'Anna' } } })
      .expect(200);
    const [{ body } = { body: { messages: [], tools: [] } }] = own.seen;
    const [system] = body.messages;
    expect(system?.content).toMatch(/^You are an agent called task_agent: .*"Anna"/s);
    expect(body.tools?.map(({ function: { name, description } }) => [name, description])).toContainEqual([
      'create_task',
      'create_task',
    ]);
    const sent = JSON.stringify(body);
    const [agent] = app.nest
      .get(AgentCatalogue)
      .of('free')
      .filter(({ name }) => name === 'task_agent');
    if (!agent) throw new Error('there is no task agent');
    const words = agent.prompt
      .render({ agent: '', context: '' })
      .split('\n')
      .filter((line) => line.length > 60);
    expect(words.length).toBeGreaterThan(5);
    for (const line of words) expect(sent).not.toContain(line.slice(0, 60));
    for (const { description } of agent.tools) expect(sent).not.toContain(description);
    expect(sent).toContain('"title"');
    expect(sent).not.toMatch(/"description":"[^"]* /);
  });

  it('that is refused or fails is reported, affects no other user, and is not replaced by our models', async () => {
    const [user, other] = [await app.user(), await app.user()];
    await put(user, 'openai').expect(200);
    own.answer(() => ({ status: 401, body: `{"error":{"message":"wrong key ${KEY}"}}` }));
    for (let attempt = 0; attempt < 6; attempt += 1) {
      const { body } = await ask(user).expect(502);
      expect([body.code, body.detail]).toEqual(['upstream_failed', 'Your provider refuses your key']);
      expect(JSON.stringify(body)).not.toContain(KEY);
    }
    expect(operator.seen).toEqual([]);
    expect((await ask(other).expect(200)).body.response).toBe('Operator.');
    own.answer(() => ({ text: 'Own again.' }));
    expect((await ask(user).expect(200)).body.response).toBe('Own again.');
  });

  it('is followed by the one that was set before it', async () => {
    const user = await app.user('pro');
    await put(user, 'mistral', { model: 'first' }).expect(200);
    await put(user, 'openai', { model: 'second' }).expect(200);
    own.answer(({ model }) => (model === 'second' ? { status: 500 } : { text: 'First.' }));
    expect((await ask(user).expect(200)).body.response).toBe('First.');
    expect(own.seen.map(({ body }) => body.model)).toEqual(['second', 'first']);
  });
});

describe('the number of own providers', () => {
  it('is one on the free plan, also of concurrent requests; more are kept but locked after a downgrade', async () => {
    const user = await app.user();
    const names = ['openai', 'mistral', 'deepseek', 'openrouter'];
    const answers = await Promise.all(names.map((name) => put(user, name)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 402, 402, 402]);
    expect(answers.find(({ status }) => status === 402)?.body.required_tier).toBe('pro');
    const [{ name: first }] = await list(user);
    await put(user, first, { model: 'changed' }).expect(200);
    await app.setTier(user.id, 'pro');
    for (const name of names) await put(user, name, { model: `model-of-${name}` }).expect(200);
    await app.setTier(user.id, 'free');
    expect((await list(user)).map(({ locked }: { locked: boolean }) => locked)).toEqual([false, true, true, true]);
    expect((await app.call('get', '/billing/subscription', user).expect(200)).body.locked).toEqual([
      { feature: 'providers', included: 1, used: 4, required_tier: 'pro' },
    ]);
    await ask(user).expect(200);
    expect(own.seen.map(({ body }) => body.model)).toEqual([`model-of-${first}`]);
  });
});

describe('the address of an own provider', () => {
  it.each([
    'https://127.0.0.1/v1',
    'https://[::1]/v1',
    'https://169.254.169.254/latest',
    'https://10.0.0.1',
    'https://2130706433',
    'https://[::ffff:192.168.0.1]',
    'https://localhost/v1',
    'https://localhost./v1',
    'https://0177.0.0.1',
    'https://metadata.google.internal/v1',
    'http://api.example.org/v1',
    'ftp://example.org',
    'https://user:secret@example.org',
    'nothing',
  ])('%s is refused', async (url) => {
    const user = await strict.user();
    const { body } = await put(user, 'openai', { base_url: url }, strict).expect(400);
    expect(body.errors[0].field).toBe('base_url');
  });

  it('is checked again at each connection, so a name that has become private leads nowhere', async () => {
    const user = await app.user();
    await put(user, 'openai').expect(200);
    await put(user, 'openai', { base_url: own.url.replace('127.0.0.1', 'localhost') }).expect(200);
    await ask(user).expect(200);
    own.seen.length = 0;
    // The other node does not allow what this one did: as if the address had changed after the check.
    expect((await ask(user, strict).expect(502)).body.code).toBe('upstream_failed');
    expect(own.seen).toEqual([]);
  });

  it('is left where it redirects elsewhere', async () => {
    const user = await app.user();
    await put(user, 'openai').expect(200);
    own.answer(() => ({ status: 307, headers: { location: operator.url } }));
    await ask(user).expect(502);
    expect(operator.seen).toEqual([]);
  });
});

describe('an own provider that sends without end', () => {
  const MIB = 1024 * 1024;
  /** What the buffers of both ends of a connection hold. */
  const BUFFERED = 8 * MIB;

  it.each([
    ['an answer', 200, ': nothing\n\n', 16 * MIB],
    ['events without a word', 200, 'data: {"choices":[{"index":0,"delta":{}}]}\n\n', 16 * MIB],
    ['an error', 500, 'x', 64 * 1024],
  ])('has its connection closed, and %s is read up to its limit', async (_, status, line, limit) => {
    const server = await EndlessServer.start(status, line);
    const user = await app.user();
    await put(user, 'openai', { base_url: server.url }).expect(200);
    expect((await ask(user).expect(502)).body.code).toBe('upstream_failed');
    await eventually(() => server.sent.length > 0);
    for (const bytes of server.sent) {
      expect(bytes).toBeGreaterThanOrEqual(limit);
      expect(bytes).toBeLessThan(limit + BUFFERED);
    }
    await server.stop();
  });
});

it('a provider that does not exist is not found, and a key that is no header is refused', async () => {
  const user = await app.user();
  await put(user, 'offline').expect(404);
  await put(user, 'ollama').expect(404);
  for (const key of ['', 'a b', 'a\r\nx: y', 'ä'.repeat(3), 'x'.repeat(1001)])
    await put(user, 'openai', { api_key: key }).expect(400);
});
