import { TestApp, type TestUser } from '../support/app';
import { FakeProviders } from '../support/fake-providers';
import { UnresponsivePort } from '../support/unresponsive-port';

describe.each(['anthropic', 'google', 'ollama'])('%s', (provider) => {
  let model: FakeProviders;
  let app: TestApp;
  let user: TestUser;
  beforeAll(async () => {
    model = await FakeProviders.start();
    app = await TestApp.start({ ...model.settings, LLM_PROVIDER: provider, LLM_PROBE_AFTER_MS: '10' });
    user = await app.user();
  });
  afterAll(async () => {
    await app.stop();
    await model.stop();
  });
  const ask = () => app.call('post', '/chat', user).send({ message: 'Call Anna', agents: ['task_agent'] });

  it('speaks, calls a tool, gets its result and reports what was used', async () => {
    model.mood = {};
    const { body } = await ask().expect(200);
    expect(body.response.replace(/\s+/g, ' ')).toBe('I do it. Done.');
    expect(body.actions).toEqual([
      { type: 'create_record', table: 'tasks', agent: null, data: { id: expect.any(String), title: 'Call Anna' } },
    ]);
    expect(body.usage).toEqual({ input_tokens: 200, output_tokens: 40 });
  });

  it('that calls tools without end is stopped after five rounds, and says its last word', async () => {
    model.mood = { loops: true };
    const before = model.asked;
    const { body } = await ask().expect(200);
    expect([model.asked - before, body.actions.length]).toEqual([6, 5]);
    expect(body.response).toMatch(/Done\.$/);
  });

  it('that is busy for long is 503 with the time to wait', async () => {
    model.mood = { status: 429, headers: { 'retry-after': '7' } };
    const before = model.asked;
    const { body, headers, text } = await ask().expect(503);
    expect([body.code, model.asked - before]).toEqual(['unavailable', 1]);
    // The clients of Google and Ollama do not show the header.
    expect(['7', '5']).toContain(headers['retry-after']);
    expect(text).not.toContain('secret');
  });

  it('that refuses our key is 502, once, and its words stay here', async () => {
    model.mood = { status: 401 };
    const before = model.asked;
    const { body, text } = await ask().expect(502);
    expect([body.code, model.asked - before]).toEqual(['upstream_failed', 1]);
    expect(text).not.toContain('secret');
  });
});

describe('a provider that swallows connections', () => {
  let hole: UnresponsivePort;
  beforeAll(async () => {
    hole = await UnresponsivePort.open();
  });
  afterAll(() => hole.close());

  async function statusWith(settings: Record<string, string>): Promise<number> {
    const app = await TestApp.start(settings);
    const user = await app.user();
    const { status } = await app.call('post', '/chat', user).send({ message: 'Hi', agents: ['task_agent'] });
    await app.stop();
    return status;
  }

  // Without our limit the question would wait for the kernel, which tries for minutes.
  it('is given up within the limit on connecting, also where its client knows no such limit', async () => {
    const url = `http://127.0.0.1:${hole.port}`;
    const google = { LLM_PROVIDER: 'google', GOOGLE_API_KEY: 'key', GOOGLE_BASE_URL: url };
    expect(await statusWith({ ...google, LLM_CONNECT_TIMEOUT_MS: '700' })).toBe(504);
  });

  it('is no worse when all three tiers do: they share the limit, and then it is 503', async () => {
    const url = `http://127.0.0.1:${hole.port}/v1`;
    const openai = { LLM_PROVIDER: 'openai', OPENAI_API_KEY: 'key', OPENAI_BASE_URL: url };
    expect(await statusWith({ ...openai, LLM_AGENT: 'openai:one,openai:two,openai:three' })).toBe(503);
  });
});
