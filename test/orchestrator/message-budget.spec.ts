import { TestApp, type TestUser } from '../support/app';
import { FakeOpenAi, type CompletionRequest, type Script } from '../support/fakes/models/fake-openai';
import { lastToolResults } from '../chat/chat-helpers';

const MAX_MODEL_CALLS = 20;
const MAX_TOOL_CALLS = 60;
const LIMIT = /reached its limit of steps/;

const agentOf = ({ messages }: CompletionRequest): string =>
  /You are (\w+_agent) of Adiuva/.exec(String(messages[0]?.content))?.[1] ?? '';
const mayCall = ({ tools, tool_choice }: CompletionRequest): boolean =>
  tools !== undefined && tools.length > 0 && tool_choice !== 'none';

describe('the budget of one message', () => {
  let model: FakeOpenAi;
  let app: TestApp;
  let user: TestUser;
  beforeAll(async () => {
    model = await FakeOpenAi.start();
    app = await TestApp.start(model.settings);
    user = await app.user('power');
  });
  afterAll(async () => {
    await app.stop();
    await model.stop();
  });

  const answer = (script: (request: CompletionRequest) => Script): void => {
    model.seen.length = 0;
    model.answer(script);
  };
  const ask = (more: object) => app.call('post', '/chat', user).send({ message: 'Do it all', ...more });
  const callAgents = (request: CompletionRequest, each: number): Script => {
    const other = agentOf(request) === 'task_agent' ? 'note_agent' : 'task_agent';
    const call = { name: 'call_agent', arguments: { agent: other, message: 'Do your part' } };
    return mayCall(request) ? { calls: Array.from({ length: each }, () => call) } : { text: 'Enough.' };
  };

  it('is 20 model calls over all agents that call each other, and the user is told', async () => {
    answer((request) => callAgents(request, 8));
    const { body } = await ask({ agents: ['task_agent'] }).expect(200);
    expect(model.seen.length).toBeLessThanOrEqual(MAX_MODEL_CALLS);
    expect(body).toMatchObject({ finish_reason: 'tool_limit', response: expect.stringMatching(LIMIT) });
  });

  it('is 20 model calls over all agents of a pipeline, its synthesis included', async () => {
    answer((request) => (agentOf(request) === '' ? { text: 'All of it.' } : callAgents(request, 8)));
    const { body } = await ask({ agents: ['task_agent', 'note_agent', 'project_agent'] }).expect(200);
    expect(model.seen.length).toBeLessThanOrEqual(MAX_MODEL_CALLS);
    expect(body).toMatchObject({ finish_reason: 'tool_limit', response: expect.stringMatching(/^All of it\./) });
  });

  it('is 20 model calls in plan mode, and the plan keeps the actions so far', async () => {
    answer((request) => {
      if (request.tools?.some((tool) => tool.function.name === 'make_plan')) return { text: 'no plan' };
      if (!mayCall(request) || agentOf(request) !== 'task_agent') return callAgents(request, 8);
      const [create, ...calls] = callAgents(request, 8).calls ?? [];
      return { calls: [{ ...create, name: 'create_task', arguments: { title: 'Kept' } }, ...calls] };
    });
    const { body } = await ask({ agents: ['task_agent'], execution_mode: 'plan' }).expect(200);
    expect(model.seen.length).toBeLessThanOrEqual(MAX_MODEL_CALLS);
    expect(body.steps[0]).toMatchObject({ action: 'create_record', variables: { table: 'tasks' } });
  });

  it('is 60 tool calls; changes so far are kept, and further calls are errors for the model', async () => {
    const errors: string[] = [];
    answer((request) => {
      errors.push(...lastToolResults(request).filter((result) => result.includes('used up')));
      if (!mayCall(request)) return { text: 'That was a lot.' };
      return { calls: Array.from({ length: 25 }, (_, i) => ({ name: 'create_task', arguments: { title: `T${i}` } })) };
    });
    const { body } = await ask({ agents: ['task_agent'] }).expect(200);
    expect(body.actions).toHaveLength(MAX_TOOL_CALLS);
    expect(errors).toHaveLength(15);
    expect(body).toMatchObject({ finish_reason: 'tool_limit', response: expect.stringMatching(LIMIT) });
  });

  it('continues in a continuation where it was', async () => {
    answer((request) =>
      mayCall(request) ? { calls: Array.from({ length: 25 }, (_, i) => list(i)) } : { text: 'Done.' },
    );
    let { body } = await ask({ agents: ['task_agent'], client_tools: true }).expect(200);
    let calls = 0;
    while (body.status === 'requires_action') {
      calls += body.tool_calls.length;
      const tool_results = body.tool_calls.map(({ call_id }: { call_id: string }) => ({ call_id, result: [] }));
      ({ body } = await app
        .call('post', '/chat/continue', user)
        .send({ continuation: body.continuation, tool_results })
        .expect(200));
    }
    expect(calls).toBeLessThanOrEqual(MAX_TOOL_CALLS);
    expect(body).toMatchObject({ finish_reason: 'tool_limit', response: expect.stringMatching(LIMIT) });
  });
});

const list = (n: number) => ({ name: 'list_tasks', arguments: { search: `word ${n}` } });
