import type { ModelRequest } from '../../support/fakes/models/fake-model-server';
import type { FakeAnswer } from '../../support/fakes/models/protocol';
import { chatOn } from '../../chat/chat-helpers';
import { ModelUnderTest } from './model-under-test';
import { TESTED } from './providers';

const TITLES = ['Milk', 'Bread'];
const CALLS: FakeAnswer = { calls: TITLES.map((title) => ({ name: 'create_task', args: { title } })) };
const READ: FakeAnswer = { calls: [{ name: 'list_tasks', args: {} }] };
const STATE = 'U0lHTkFUVVJF';
const ASK = { message: 'Please', agents: ['task_agent'] };

/** OpenAI, Mistral and others have no state of their own; the protocol carries DeepSeek's. */
describe.each(TESTED)('$name', (provider) => {
  const { protocol } = provider;
  let model: ModelUnderTest;
  beforeAll(async () => {
    model = await ModelUnderTest.start(provider);
  });
  afterAll(() => model.stop());

  it('calls tools in parallel and gets their results in order, with its state', async () => {
    model.script(model.whole({ ...CALLS, text: ['I do it. '], state: STATE }));
    const { body } = await model.ask().expect(200);
    expect(body.response.replaceAll('\n\n', '')).toBe('I do it. Done.');
    expect(body.actions.map(({ data }: { data: { title: string } }) => data.title)).toEqual(TITLES);
    expect(body).toMatchObject({ usage: { input_tokens: 200, output_tokens: 40 }, finish_reason: 'stop' });
    const [first, second] = model.server.requests;
    expect(protocol.state(second?.body)).toBe(STATE);
    expect(protocol.results(first?.body)).toEqual([]);
    expect(protocol.results(second?.body)).toEqual(TITLES.map((title) => expect.stringContaining(title)));
    expect(second?.url).toMatch(protocol.path);
    expect(second?.headers[provider.key]).toBeDefined();
  });

  it('gets its state back after the client was asked in a request of its own', async () => {
    model.script(model.whole({ ...READ, state: STATE }));
    const stopped = await model.app
      .call('post', '/chat', model.user)
      .send({ ...ASK, client_tools: true })
      .expect(200);
    expect(stopped.body.status).toBe('requires_action');
    expect(stopped.text).not.toContain(STATE);
    const results = stopped.body.tool_calls.map(({ call_id }: { call_id: string }) => ({ call_id, result: [] }));
    const { body } = await model.app
      .call('post', '/chat/continue', model.user)
      .send({ continuation: stopped.body.continuation, tool_results: results })
      .expect(200);
    expect([body.response, body.finish_reason]).toEqual(['Done.', 'stop']);
    expect(protocol.state(model.server.requests.at(-1)?.body)).toBe(STATE);
  });

  it('does not give the state of one model to another', async () => {
    let rounds = 0;
    model.server.answer((request: ModelRequest) => {
      if (request.model === 'two') return model.whole({ text: ['I am two.'] });
      rounds += 1;
      return rounds === 1 ? model.whole({ ...CALLS, state: STATE }) : { status: 500 };
    });
    const { body } = await model.ask().expect(200);
    expect(body.response).toBe('I am two.');
    expect(protocol.state(model.server.requests.at(-1)?.body)).toBeUndefined();
  });

  it('that calls tools without end is stopped after five rounds, says its last word, and the client is told', async () => {
    const offered = ({ body }: ModelRequest): boolean =>
      JSON.stringify(body['tools'] ?? []).length > 2 && body['tool_choice']?.type !== 'none';
    model.server.answer((request) => model.whole(offered(request) ? CALLS : { text: ['Enough.'] }));
    const { body } = await model.ask().expect(200);
    expect([model.called.length, body.actions.length, body.finish_reason]).toEqual([6, 10, 'tool_limit']);
    expect(body.response).toMatch(/Enough\.$/);
  });

  it('that reaches the limit of output tokens is told to the client, over REST, events and sockets', async () => {
    const cut = model.whole({ text: ['Half an ', 'answer'], finish: 'length' });
    model.script(cut);
    expect((await model.ask().expect(200)).body).toMatchObject({ response: 'Half an answer', finish_reason: 'length' });
    model.script(cut);
    const { text } = await model.app.call('post', '/chat', model.user).set('Accept', 'text/event-stream').send(ASK);
    expect(text).toMatch(/event: done\ndata: .*"finish_reason":"length"/);
    model.script(cut);
    const socket = await model.app.socket(model.user.accessToken);
    expect(await chatOn(socket, ASK)).toMatchObject({ response: 'Half an answer', finish_reason: 'length' });
    socket.close();
  });

  it('keeps its connection for the next chat, and makes a new one where it was closed meanwhile', async () => {
    model.server.answer(() => model.whole({ text: ['Fine.'] }));
    await model.ask().expect(200);
    const { connections } = model.server;
    for (let chat = 0; chat < 5; chat += 1) await model.ask().expect(200);
    expect(model.server.connections).toBe(connections);
    model.server.closeIdle();
    await model.ask().expect(200);
    expect(model.server.connections).toBe(connections + 1);
  });
});
