import { HumanMessage } from '@langchain/core/messages';
import { Environment } from '@adiuva/config';
import { LlmConfig } from '@adiuva/llm';
import { ModelFactory } from '../../libs/llm/src/providers/model-factory';
import { ChunkQueue } from '../../libs/llm/src/streaming/chunk-queue';
import { FakeModelServer } from '../support/fakes/models/fake-model-server';
import { TESTED } from './conformance/providers';

const WHAT_IS_WRONG = [
  ['ftp://example.org/v1', 'http'],
  ['http://user:secret@example.org/v1', 'user name'],
  ['http://example.org/v1#part', 'fragment'],
  ['http://example.org/v1/responses', 'another endpoint'],
  ['http://', 'URL'],
] as const;

describe.each(TESTED)('the base URL of $name', (provider) => {
  const { base, baseSetting, settings, name } = provider;
  const version = { google: '/v1beta', anthropic: '/v1', ollama: '/api' }[name] ?? '';
  const endpoint = { google: '', anthropic: '/v1/messages', ollama: '/api/chat' }[name] ?? `${base}/chat/completions`;

  it.each([
    ['as documented', base],
    ['with a slash at the end', `${base}/`],
    ['with slashes too many', `//${base.replaceAll('/', '//')}//`],
    ['with a path of a proxy', `/proxy/path${base}`],
    ['with a query', `${base}?api-version=7`],
    ['with the version', `${base}${version}`],
    ['with the version twice', base.includes('/v1') ? `${base}/v1` : `${base}${version}${version}`],
    ['with the endpoint itself', endpoint],
    ...(name === 'ollama'
      ? [
          ['of its OpenAI protocol', '/v1/'],
          ['of an endpoint of that', '/v1/chat/completions'],
        ]
      : []),
    ...(/^(?:\/api)?\/v1$/.test(base) ? [['without a path', '']] : []),
  ] as [string, string][])('may be written %s', async (_, written) => {
    const server = await FakeModelServer.start();
    server.answer(() => ({ status: 500 }));
    const values = new LlmConfig(
      new Environment({ LLM_PROVIDER: name, ...settings, [baseSetting]: server.origin + written }),
    ).values;
    const models = new ModelFactory(values, 100);
    const model = await models.model({ provider: name, model: 'one' }, 1_000);
    const call = { messages: [new HumanMessage('Hi')] };
    await model.stream(call, new ChunkQueue(), new AbortController().signal).catch(() => undefined);
    const url = new URL(server.requests[0]?.url ?? '', server.origin);
    await Promise.all([models.close(), server.stop()]);
    const path = { google: '/v1beta/models/one:streamGenerateContent', anthropic: '/v1/messages', ollama: '/api/chat' }[
      name
    ];
    expect(url.pathname).toBe((written.includes('proxy') ? '/proxy/path' : '') + (path ?? `${base}/chat/completions`));
    expect(url.searchParams.get('api-version')).toBe(written.includes('?') ? '7' : null);
    if (name === 'google') expect(url.searchParams.get('alt')).toBe('sse');
  });

  it.each(WHAT_IS_WRONG)('is refused at the start: %s', (written, reason) => {
    const environment = new Environment({ LLM_PROVIDER: name, ...settings, [baseSetting]: written });
    expect(() => new LlmConfig(environment)).toThrow(new RegExp(`${baseSetting}: .*${reason}`));
    expect(() => new LlmConfig(environment)).not.toThrow(/secret/);
  });
});

it('the OpenAI-compatible endpoint of Gemini is refused as the address of its API', () => {
  const settings = {
    LLM_PROVIDER: 'gemini',
    GOOGLE_API_KEY: 'key',
    GOOGLE_BASE_URL: 'https://example.org/v1beta/openai/',
  };
  expect(() => new LlmConfig(new Environment(settings))).toThrow('GOOGLE_BASE_URL');
});

it('gemini is a name for google', () => {
  const config = new LlmConfig(
    new Environment({ LLM_PROVIDER: 'gemini', GOOGLE_API_KEY: 'key', LLM_AGENT: 'gemini:x' }),
  );
  expect([config.provider, config.chain('agent')]).toEqual(['google', [{ provider: 'google', model: 'x' }]]);
});

it.each(TESTED)('$name with only some of its settings is refused at the start', ({ name, settings, baseSetting }) => {
  const all = {
    ...settings,
    ...(name === 'ollama' || name === 'serverless_gpu' ? { [baseSetting]: 'http://a/v1' } : {}),
  };
  expect(new LlmConfig(new Environment({ LLM_PROVIDER: name, ...all })).provider).toBe(name);
  expect(new LlmConfig(new Environment(all)).provider).toBe(name);
  for (const missing of Object.keys(all)) {
    const environment = new Environment({ LLM_PROVIDER: name, ...all, [missing]: undefined });
    expect(() => new LlmConfig(environment)).toThrow(missing);
  }
});
