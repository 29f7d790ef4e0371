import { TestApp, type TestUser } from '../support/app';
import { FakeOpenAi, type CompletionRequest, type Script } from '../support/fakes/models/fake-openai';
import { lastToolResults } from '../chat/chat-helpers';

const systemOf = ({ messages }: CompletionRequest): string => String(messages[0]?.content);
const agentOf = (request: CompletionRequest): string =>
  /You are (\w+_agent) of Adiuva/.exec(systemOf(request))?.[1] ?? '';
const isRouting = ({ tools = [] }: CompletionRequest): boolean => tools.some((tool) => tool.function.name === 'route');

describe('agents', () => {
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

  /** Routes to `agents`; then each agent says what `script` says for it, and the rest is synthesis. */
  const model3 = (agents: readonly string[], script: (agent: string, request: CompletionRequest) => Script) => {
    model.seen.length = 0;
    model.answer((request) =>
      isRouting(request) ? { calls: [{ name: 'route', arguments: { agents } }] } : script(agentOf(request), request),
    );
  };
  const ask = (message: string, more: object = {}) => app.call('post', '/chat', user).send({ message, ...more });

  it('in a pipeline receive the results of the earlier ones, and one synthesis answers', async () => {
    model3([], (agent, request) => {
      if (agent === '') return { text: 'Both are done.' };
      if (lastToolResults(request).length > 0) return { text: `${agent} did it.` };
      const name = agent === 'task_agent' ? 'create_task' : 'create_note';
      return { calls: [{ name, arguments: { title: agent, content: 'x', description: 'x' } }] };
    });
    const { body } = await ask('A task and a note', { agents: ['task_agent', 'note_agent'] }).expect(200);
    expect(body).toMatchObject({ response: 'Both are done.', agent: 'task_agent, note_agent' });
    expect(body.actions.map(({ table }: { table: string }) => table)).toEqual(['tasks', 'notes']);
    const note = model.seen.find((seen) => agentOf(seen.body) === 'note_agent');
    expect(note && systemOf(note.body)).toContain(
      '"previous_results":[{"agent":"task_agent","response":"task_agent did it."',
    );
    expect(body.usage).toEqual({ input_tokens: 500, output_tokens: 100 });
  });

  it('run as a pipeline where the router names several', async () => {
    model3(['note_agent', 'task_agent', 'note_agent', 'nobody'], (agent) => ({
      text: agent === '' ? 'Joined.' : 'Part.',
    }));
    const { body } = await ask('Write a note and then a task').expect(200);
    expect(body).toMatchObject({ response: 'Joined.', agent: 'note_agent, task_agent' });
  });

  it('call each other, but not deeper than three', async () => {
    const atMaxDepth: string[] = [];
    model3([], (agent, request) => {
      const [result] = lastToolResults(request);
      if (result !== undefined) return { text: `${agent}<${result}>` };
      const other = agent === 'task_agent' ? 'note_agent' : 'task_agent';
      if (!request.tools?.some((tool) => tool.function.name === 'call_agent')) atMaxDepth.push(agent);
      return { calls: [{ name: 'call_agent', arguments: { agent: other, message: 'Do your part' } }] };
    });
    const { body } = await ask('Go on for ever', { agents: ['task_agent'] }).expect(200);
    expect(atMaxDepth).toEqual(['note_agent']);
    expect(body.response).toContain('may not call each other any deeper');
    expect(body.agent).toBe('task_agent');
  });

  it('return the actions of their delegates', async () => {
    model3([], (agent, request) => {
      if (lastToolResults(request).length > 0) return { text: 'Done.' };
      return agent === 'task_agent'
        ? { calls: [{ name: 'call_agent', arguments: { agent: 'project_agent', message: 'Create Atlas' } }] }
        : { calls: [{ name: 'create_project', arguments: { name: 'Atlas' } }] };
    });
    const { body } = await ask('Atlas', { agents: ['task_agent'] }).expect(200);
    expect(body.actions).toMatchObject([{ type: 'create_record', table: 'projects', data: { name: 'Atlas' } }]);
  });

  it.each([
    ['calendar_agent', 'create_event', { title: 'Lunch', start_time: 1_800_000_000_000 }, 'events'],
    ['email_agent', 'draft_email', { to: 'Anna', subject: 'Hi', body: 'Dear Anna' }, 'emails'],
  ])('%s writes %s as an action', async (agent, name, args, table) => {
    model3([], (_, request) =>
      lastToolResults(request).length > 0 ? { text: 'Done.' } : { calls: [{ name, arguments: args }] },
    );
    const { body } = await ask('Do it', { agents: [agent] }).expect(200);
    expect(body.actions).toMatchObject([{ type: 'create_record', table, data: args }]);
  });

  it('are listed by tier, and a named one of a higher tier is 402', async () => {
    const free = await app.user();
    const names = async (one: TestUser) =>
      (await app.call('get', '/agents', one).expect(200)).body.map(({ name }: { name: string }) => name);
    expect(await names(free)).toEqual(['task_agent', 'project_agent', 'note_agent', 'onboarding_agent']);
    expect(await names(user)).toEqual([
      'task_agent',
      'project_agent',
      'note_agent',
      'checkpoint_agent',
      'calendar_agent',
      'email_agent',
      'analytics_agent',
      'onboarding_agent',
    ]);
    const refused = await app
      .call('post', '/chat', free)
      .send({ message: 'x', agents: ['task_agent', 'email_agent'] })
      .expect(402);
    expect(refused.body).toMatchObject({ code: 'upgrade_required', required_tier: 'pro' });
    await ask('x', { agents: ['nobody'] }).expect(400);
    await ask('x', { agents: Array.from({ length: 6 }, (_, index) => `a${index}`) }).expect(400);
  });

  it('of a lower tier cannot call those of a higher one', async () => {
    const free = await app.user();
    model3([], (_, request) => {
      const [result] = lastToolResults(request);
      return result === undefined
        ? { calls: [{ name: 'call_agent', arguments: { agent: 'email_agent', message: 'Draft' } }] }
        : { text: result };
    });
    const { body } = await app
      .call('post', '/chat', free)
      .send({ message: 'x', agents: ['task_agent'] })
      .expect(200);
    expect(body.response).toContain('no such agent');
  });
});
