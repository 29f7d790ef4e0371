import { Models, TokenBudget } from '@adiuva/llm';
import { Database } from '@adiuva/platform';
import { eventually, TestApp, type TestUser, whenBusy } from '../support/app';
import { FakeOpenAi, type CompletionRequest, type Script } from '../support/fakes/models/fake-openai';

const TIERS = { LLM_AGENT: 'openai:one,openai:two,openai:three', LLM_ROUTER: 'openai:small' };

/** So that no time that a test may take makes a probe due. */
const NO_PROBE = { LLM_PROBE_AFTER_MS: '600000' };

/** A server whose agents have three tiers; `scripts` say what each does. */
async function serverWith(scripts: Record<string, Script>, settings: Record<string, string> = {}) {
  const times: number[] = [];
  const model = await FakeOpenAi.start(({ model: name }: CompletionRequest) => {
    times.push(performance.now());
    return scripts[name] ?? { text: `I am ${name}.` };
  });
  const app = await TestApp.start({
    ...model.settings,
    ...TIERS,
    LLM_FIRST_TOKEN_TIMEOUT_MS: '3000',
    LLM_TOKEN_GAP_TIMEOUT_MS: '3000',
    ...settings,
  });
  const user = await app.user();
  const ask = (who: TestUser = user) => app.call('post', '/chat', who).send({ message: 'Hi', agents: ['task_agent'] });
  const stop = async (): Promise<void> => {
    await app.stop();
    await model.stop();
  };
  const asked = () => model.seen.map(({ body }) => body.model);
  return { model, app, user, ask, asked, times, stop };
}

describe('a tier of models', () => {
  it.each<[string, Script]>([
    ['is busy for long', { status: 429, headers: { 'retry-after': '30' } }],
    ['fails', { status: 500 }],
    ['refuses our key', { status: 401 }],
    ['resets the connection', { text: 'x', after: 0, then: 'reset' }],
    ['sends a malformed chunk', { text: 'x', after: 0, then: 'garbage' }],
    ['says nothing', { firstDelay: 10_000, text: 'late' }],
    ['stalls before its first word', { text: ['', 'late'], after: 0, then: 'stall' }],
  ])('that %s is followed by the next', async (_, fault) => {
    const { ask, asked, times, stop } = await serverWith({ one: fault });
    const { body } = await ask().expect(200);
    expect(body.response).toBe('I am two.');
    const [one = 0, two = Infinity] = times;
    expect(two - one).toBeLessThan(whenBusy(3_500));
    expect(asked()).toEqual(['one', 'two']);
    await stop();
  });

  it('that fails after its first word is not replaced in silence', async () => {
    const { model, ask, asked, stop } = await serverWith({});
    // The first call of a process loads an SDK, and would meet text and failure together.
    await ask().expect(200);
    model.answer(() => ({ text: ['Half ', 'an ', 'answer'], after: 2, gap: 200, then: 'reset' }));
    const { body } = await ask().expect(502);
    expect(body.code).toBe('upstream_failed');
    expect(asked()).toEqual(['one', 'one']);
    await stop();
  });

  it('that asks for a second or two is waited for', async () => {
    let refusals = 1;
    const { model, ask, asked, stop } = await serverWith({});
    model.answer(() => (refusals-- > 0 ? { status: 429, headers: { 'retry-after': '1' } } : { text: 'Now.' }));
    const began = performance.now();
    expect((await ask().expect(200)).body.response).toBe('Now.');
    expect(performance.now() - began).toBeGreaterThan(950);
    expect(asked()).toEqual(['one', 'one']);
    await stop();
  });

  it('that failed five times is left alone, probed after a while, and used again', async () => {
    const { model, ask, asked, stop } = await serverWith({ one: { status: 500 } }, { LLM_PROBE_AFTER_MS: '2000' });
    for (let call = 0; call < 8; call += 1) await ask().expect(200);
    // A probe between them, where this process stood still, fails as well.
    expect(asked().filter((name) => name === 'one').length).toBeLessThan(8);
    model.answer(({ model: name }) => ({ text: `I am ${name}.` }));
    await eventually(async () => (await ask().expect(200)).body.response === 'I am one.');
    expect((await ask().expect(200)).body.response).toBe('I am one.');
    await stop();
  });

  it('that refuses our key is left alone at once', async () => {
    const { ask, asked, stop } = await serverWith({ one: { status: 402 } }, NO_PROBE);
    await ask().expect(200);
    await ask().expect(200);
    expect(asked()).toEqual(['one', 'two', 'two']);
    await stop();
  });

  it('is missing where all are down: 503 with Retry-After within 3 s, and in 50 ms once that is known', async () => {
    const down: Script = { status: 500 };
    const { app, ask, user, stop } = await serverWith({ one: down, two: down, three: down }, NO_PROBE);
    const began = performance.now();
    const first = await ask().expect(503);
    expect(performance.now() - began).toBeLessThan(whenBusy(3_000));
    expect(Number(first.headers['retry-after'])).toBeGreaterThan(0);
    expect(first.text).not.toContain('scripted');
    for (let call = 0; call < 4; call += 1) await ask().expect(503);
    expect(app.nest.get(Models).state).toBe('down');
    const fastest = async (work: () => PromiseLike<unknown>): Promise<number> => {
      const times: number[] = [];
      for (let call = 0; call < 5; call += 1) {
        const at = performance.now();
        await work();
        times.push(performance.now() - at);
      }
      return Math.min(...times);
    };
    const anything = await fastest(() => app.call('get', '/agents', user).expect(200));
    expect((await fastest(() => ask().expect(503))) - anything).toBeLessThan(whenBusy(50));
    const ready = await app.call('get', '/health/ready');
    expect(ready.body.checks.llm).toBe('down');
    await stop();
  });
});

describe('the month’s tokens', () => {
  it('are reserved before and settled after, never overspent by calls at once, and 402 when they are gone', async () => {
    const { model, app, ask, user, stop } = await serverWith(
      {},
      { LLM_MONTHLY_TOKENS_FREE: '9000', LLM_MAX_OUTPUT_TOKENS: '1000', LLM_FIRST_TOKEN_TIMEOUT_MS: '60000' },
    );
    const budget = app.nest.get(TokenBudget);
    await ask().expect(200);
    expect(await budget.used(user.id)).toBe(120);
    // The calls overlap, however slowly they come: none is answered before one is refused.
    let refuse = (): void => undefined;
    const until = new Promise<void>((resolve) => (refuse = resolve));
    model.answer(() => ({ until, text: 'I am one.' }));
    const answers = await Promise.all(
      Array.from({ length: 12 }, async () => {
        const answer = await ask();
        if (answer.status === 402) refuse();
        return answer;
      }),
    );
    const refused = answers.filter(({ status }) => status === 402);
    expect(refused.length).toBeGreaterThan(0);
    expect(answers.every(({ status }) => status === 200 || status === 402)).toBe(true);
    expect(await budget.used(user.id)).toBe(120 * (1 + answers.length - refused.length));
    const [problem] = refused;
    const now = new Date();
    expect(problem?.body).toMatchObject({
      code: 'quota_exceeded',
      limit_tokens: 9000,
      resets_at: Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1),
    });
    await stop();
  });

  it('are all but spent by calls under way: the model is not even asked', async () => {
    const { app, ask, asked, user, stop } = await serverWith(
      { one: { firstDelay: 300, text: 'Slow.' } },
      { LLM_MONTHLY_TOKENS_FREE: '9000', LLM_MAX_OUTPUT_TOKENS: '1000' },
    );
    await ask().expect(200);
    const before = asked().length;
    const statuses = (await Promise.all(Array.from({ length: 12 }, () => ask()))).map(({ status }) => status);
    const answered = statuses.filter((status) => status === 200).length;
    expect(answered).toBeGreaterThan(0);
    expect(statuses.filter((status) => status === 402)).toHaveLength(12 - answered);
    expect(asked().length - before).toBe(answered);
    expect(await app.nest.get(TokenBudget).used(user.id)).toBe(120 * (1 + answered));
    await stop();
  });

  it('that another node has spent meanwhile are known when the answer would come, and it does not', async () => {
    const { app, ask, user, stop } = await serverWith({}, { LLM_MONTHLY_TOKENS_FREE: '100000' });
    await ask().expect(200);
    await app.nest.get(Database).query('UPDATE token_usage SET tokens = 99999 WHERE user_id = $1', [user.id]);
    const { body } = await ask().expect(402);
    expect(body).toMatchObject({ code: 'quota_exceeded', limit_tokens: 100_000, used_tokens: 99_999 });
    expect(await app.nest.get(TokenBudget).used(user.id)).toBe(99_999);
    await stop();
  });
});
