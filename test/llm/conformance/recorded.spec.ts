import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ModelUnderTest } from './model-under-test';
import { TESTED } from './providers';
import { whenBusy } from '../../support/app';

type Outcome = 'text' | 'one call' | 'two calls' | 'call without arguments' | 'next model' | 'error' | 'refused';

/** Answers of providers that once went wrong, byte for byte, and what is right. */
const CASES: Readonly<Record<string, Readonly<Record<string, Outcome>>>> = {
  openai: {
    sameindex: 'two calls',
    noindex: 'two calls',
    namerepeat: 'one call',
    stringindex: 'one call',
    nullargs: 'call without arguments',
    spaceargs: 'call without arguments',
    truncated: 'error',
    'truncated-tool': 'next model',
    'choice-error': 'error',
    'choice-error-first': 'next model',
    'event-error': 'error',
    message200: 'next model',
    'reasoning-only': 'next model',
    think: 'text',
    arraycontent: 'text',
    usageneg: 'text',
    tooltext: 'one call',
    bom: 'text',
    'hang-after-finish': 'text',
  },
  anthropic: {
    truncated: 'error',
    'truncated-tool': 'next model',
    html200: 'next model',
    json200error: 'next model',
    inputatstart: 'one call',
  },
  google: {
    two: 'two calls',
    signature: 'one call',
    truncated: 'error',
    'first-error': 'next model',
    empty200: 'next model',
    safety: 'refused',
    'maxtokens-empty': 'next model',
    malformed: 'next model',
  },
  ollama: {
    two: 'two calls',
    twochunks: 'two calls',
    nullargs: 'call without arguments',
    stringargs: 'one call',
    think: 'text',
    'thinking-only': 'next model',
  },
};
const SECRET = /SECRET/;

/** No answer needs a limit to end it. */
const PATIENT = { LLM_FIRST_TOKEN_TIMEOUT_MS: '100000', LLM_TOKEN_GAP_TIMEOUT_MS: '100000' };

describe('the recorded answers', () => {
  it.each(Object.keys(CASES))('of %s are all judged', (folder) => {
    const files = readdirSync(join(__dirname, '../cases', folder)).map((file) => file.replace('.http', ''));
    expect(files.sort()).toEqual(Object.keys(CASES[folder] ?? {}).sort());
  });
});

describe.each(TESTED)('$name', (provider) => {
  let model: ModelUnderTest;
  beforeAll(async () => {
    model = await ModelUnderTest.start(provider, PATIENT);
  });
  afterAll(() => model.stop());
  beforeEach(() => model.settle());

  const titles = (actions: readonly { data: { title: string } }[]) => actions.map(({ data }) => data.title);

  it.each(Object.entries(CASES[provider.cases] ?? {}))('answers %s with: %s', async (name, outcome) => {
    model.script(model.recorded(name));
    const began = performance.now();
    const { status, body, text } = await model.ask();
    const ms = performance.now() - began;
    expect(text).not.toMatch(SECRET);
    switch (outcome) {
      case 'text':
        expect([status, body.response]).toEqual([200, expect.stringMatching(/^(?:hello world|Hello!)$/)]);
        expect(body.usage.input_tokens).toBeGreaterThanOrEqual(0);
        expect(ms).toBeLessThan(whenBusy(5_000));
        break;
      case 'one call':
        expect([status, titles(body.actions), body.response]).toEqual([200, ['Milk'], 'Done.']);
        break;
      case 'two calls':
        expect([status, titles(body.actions), body.response]).toEqual([200, ['Milk', 'Bread'], 'Done.']);
        break;
      case 'call without arguments': {
        expect([status, body.response]).toEqual([200, 'Done.']);
        const [, second] = model.server.requests;
        expect(provider.protocol.results(second?.body)).toEqual([expect.not.stringContaining('error')]);
        break;
      }
      case 'next model':
        expect([status, body.response, body.actions]).toEqual([200, 'I am two.', []]);
        expect(model.called).toEqual(['one', 'two']);
        expect(ms).toBeLessThan(whenBusy(5_000));
        break;
      case 'error':
        expect([status, body.code]).toEqual([502, 'upstream_failed']);
        expect(model.called).toEqual(['one']);
        break;
      case 'refused':
        expect([status, body.response]).toEqual([200, 'I am two.']);
        model.server.answer(() => model.recorded(name));
        expect((await model.ask().expect(422)).body.code).toBe('content_refused');
        break;
    }
  });
});
