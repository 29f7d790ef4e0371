import { TokenBudget } from '@adiuva/llm';
import { eventually } from '../../support/app';
import { ModelUnderTest } from './model-under-test';
import { TESTED } from './providers';

describe.each(TESTED)('$name as the only model', (provider) => {
  let model: ModelUnderTest;
  beforeAll(async () => {
    model = await ModelUnderTest.start(provider, { LLM_AGENT: `${provider.name}:one` });
  });
  afterAll(() => model.stop());
  beforeEach(() => model.settle());

  it.each([429, 503, 529])('that answers %i is unavailable for as long as it says', async (status) => {
    model.server.answer(() => ({
      status,
      headers: { 'retry-after': '7' },
      body: '{"error":{"message":"SECRETUPSTREAM"}}',
    }));
    const { body, headers, text } = await model.ask().expect(503);
    expect([body.code, headers['retry-after'], model.called.length]).toEqual(['unavailable', '7', 1]);
    expect(text).not.toContain('SECRET');
  });

  it('that asks for a second is waited for', async () => {
    model.script({ status: 429, headers: { 'retry-after': '1' } }, { text: ['Now', '.'] });
    const began = performance.now();
    expect((await model.ask().expect(200)).body.response).toBe('Now.');
    expect(performance.now() - began).toBeGreaterThan(950);
  });

  it.each([401, 402, 403])('that answers %i has failed, once, and its words stay here', async (status) => {
    model.server.answer(() => ({ status, body: '{"error":{"message":"SECRETUPSTREAM"}}' }));
    const { body, text } = await model.ask().expect(502);
    expect([body.code, model.called.length]).toEqual(['upstream_failed', 1]);
    expect(text).not.toContain('SECRET');
  });

  it('that only another API serves has failed, and the answer names the remedy', async () => {
    const message = 'This model is only supported in v1/responses and not in v1/chat/completions.';
    model.server.answer(() => ({ status: 404, body: JSON.stringify({ error: { message, type: 'SECRETUPSTREAM' } }) }));
    const { body, text } = await model.ask().expect(502);
    expect(body.detail).toMatch(/chat completions.*LLM_AGENT/);
    expect(text).not.toContain('SECRET');
  });

  it('whose answer cannot be used is paid by its report, also where it is the last', async () => {
    const budget = model.app.nest.get(TokenBudget);
    const before = await budget.used(model.user.id);
    model.server.answer(() => model.whole({ reasoning: 'SECRETTHOUGHT', usage: { input: 70, output: 9 } }));
    await model.ask().expect(502);
    await eventually(async () => (await budget.used(model.user.id)) === before + 79);
  });

  it('that gives an empty answer has failed', async () => {
    model.server.answer(() => model.whole({}));
    expect((await model.ask().expect(502)).body.code).toBe('upstream_failed');
  });

  (provider.protocol.refuses ? it : it.skip)('that refuses is told as such', async () => {
    model.server.answer(() => model.whole({ finish: 'refused' }));
    expect((await model.ask().expect(422)).body.code).toBe('content_refused');
  });

  it('that has nothing to say after a change is complete', async () => {
    model.script(model.whole({ calls: [{ name: 'create_task', args: { title: 'Milk' } }] }), {});
    const { body } = await model.ask().expect(200);
    expect([body.response, body.actions.length, body.finish_reason]).toEqual(['', 1, 'stop']);
  });
});
