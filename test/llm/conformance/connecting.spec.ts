import { TestApp } from '../../support/app';
import { UnresponsivePort } from '../../support/fakes/unresponsive-port';
import { TESTED } from './providers';

describe('a provider that does not accept connections', () => {
  let port: UnresponsivePort;
  beforeAll(async () => {
    port = await UnresponsivePort.open();
  });
  afterAll(() => port.close());

  async function statusOf(settings: Record<string, string>): Promise<number> {
    const app = await TestApp.start(settings);
    const user = await app.user();
    const { status } = await app.call('post', '/chat', user).send({ message: 'Hi', agents: ['task_agent'] });
    await app.stop();
    return status;
  }

  // Without our limit the call would wait for the kernel, which tries for minutes.
  it.each(TESTED.filter(({ name }) => ['openai', 'anthropic', 'google', 'ollama'].includes(name)))(
    'times out within the limit on connecting: $name',
    async ({ name, settings, baseSetting, base }) => {
      const url = `http://127.0.0.1:${port.port}${base}`;
      const limits = { LLM_PROVIDER: name, LLM_CONNECT_TIMEOUT_MS: '500', [baseSetting]: url };
      expect(await statusOf({ ...settings, ...limits })).toBe(504);
    },
  );

  it('is no worse when all three models do: they share the limit, and then it is 503', async () => {
    const url = `http://127.0.0.1:${port.port}/v1`;
    const openai = { LLM_PROVIDER: 'openai', OPENAI_API_KEY: 'key', OPENAI_BASE_URL: url };
    expect(await statusOf({ ...openai, LLM_AGENT: 'openai:one,openai:two,openai:three' })).toBe(503);
  });
});
