import { TestApp, type TestUser } from '../support/app';
import { FakeOpenAi, type Script } from '../support/fakes/models/fake-openai';
import { chatOn } from '../chat/chat-helpers';

const PLAN = {
  agent: 'email_agent',
  steps: [
    { action: 'read_records', variables: { tool: 'list_emails', arguments: {} } },
    { action: 'run_prompt', prompt_template: 'email.triage', variables: {}, data_from_step: 0 },
    { action: 'create_record', variables: { table: 'tasks' }, data_from_step: 1 },
  ],
};

describe('plans', () => {
  let model: FakeOpenAi;
  let app: TestApp;
  let user: TestUser;
  beforeAll(async () => {
    model = await FakeOpenAi.start();
    app = await TestApp.start(model.settings);
    user = await app.user('power');
  });
  beforeEach(() => void (model.seen.length = 0));
  afterAll(async () => {
    await app.stop();
    await model.stop();
  });

  /** The planner makes `draft`; agents add one task. */
  const planner = (draft: unknown) =>
    model.answer(({ tools = [], messages }): Script => {
      const names = tools.map((tool) => tool.function.name);
      if (names.includes('make_plan')) return { calls: [{ name: 'make_plan', arguments: draft }] };
      if (names.includes('route')) return { calls: [{ name: 'route', arguments: { agents: ['task_agent'] } }] };
      if (messages.at(-1)?.role === 'tool') return { text: 'ok' };
      return { calls: [{ name: 'create_task', arguments: { title: 'Call Anna' } }] };
    });
  const plan = (message: string, who = user, more: object = {}) =>
    app.call('post', '/chat', who).send({ message, execution_mode: 'plan', ...more });

  it('are made by the planner, checked, and answered as an ExecutionPlan', async () => {
    planner(PLAN);
    const { body } = await plan('Go through my mail').expect(200);
    expect(body).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      agent: 'email_agent',
      steps: PLAN.steps.map((step) => ({ prompt_template: null, data_from_step: null, ...step })),
    });
  });

  it('are sent over a socket as `plan` instead of `response`', async () => {
    planner(PLAN);
    const socket = await app.socket(user.accessToken);
    const done = await chatOn(socket, { message: 'Go through my post', execution_mode: 'plan' });
    expect(done).toMatchObject({ done: true, agent: 'email_agent', plan: { agent: 'email_agent' } });
    expect(done).not.toHaveProperty('response');
    expect(done).not.toHaveProperty('actions');
  });

  it.each([
    ['a forward reference', [{ ...PLAN.steps[1], data_from_step: 0 }]],
    ['a reference to itself', [PLAN.steps[0], { ...PLAN.steps[1], data_from_step: 1 }]],
    ['a template that does not exist', [{ action: 'run_prompt', prompt_template: 'evil', variables: {} }]],
    ['a variable that is missing', [{ action: 'run_prompt', prompt_template: 'email.triage', variables: {} }]],
    ['a table that does not exist', [{ action: 'create_record', variables: { table: 'users' } }]],
    ['an action that does not exist', [{ action: 'drop_database', variables: {} }]],
  ])('with %s are not taken: what the agents would do becomes the plan', async (what, steps) => {
    planner({ agent: 'email_agent', steps });
    const { body } = await plan(`Plan ${what}`).expect(200);
    expect(body.agent).toBe('task_agent');
    expect(body.steps).toEqual([
      {
        action: 'create_record',
        prompt_template: null,
        variables: { table: 'tasks', data: { id: expect.any(String), title: 'Call Anna' } },
        data_from_step: null,
      },
    ]);
  });

  it('are cached by normalized request: a repetition calls no model, and new records get new ids', async () => {
    planner({ nonsense: true });
    const first = await plan('Please remind me to call Anna tomorrow!').expect(200);
    expect(model.seen.length).toBeGreaterThan(0);
    model.seen.length = 0;
    const second = await plan('remind me to call   anna tomorrow').expect(200);
    expect(model.seen).toHaveLength(0);
    expect(second.body.id).not.toBe(first.body.id);
    expect(second.body.steps[0].variables.data.id).not.toBe(first.body.steps[0].variables.data.id);
    expect(second.body.steps[0].variables.data.title).toBe('Call Anna');
    await plan('remind me to call Bob tomorrow').expect(200);
    expect(model.seen.length).toBeGreaterThan(0);
  });

  it('with user data are never shared between users or contexts, and those without are', async () => {
    const other = await app.user('power');
    planner(PLAN);
    await plan('Sort the secret mail of Dr. Quince').expect(200);
    model.seen.length = 0;
    await plan('Sort the secret mail of Dr. Quince', other).expect(200);
    expect(model.seen).toHaveLength(1);
    await plan('Sort the secret mail of Dr. Quince', user, { context: { user_profile: { name: 'N' } } }).expect(200);
    expect(model.seen).toHaveLength(2);
    planner({ playbook: 'weekly-report' });
    await plan('Weekly report').expect(200);
    model.seen.length = 0;
    const { body } = await plan('weekly report, please', other).expect(200);
    expect(model.seen).toHaveLength(0);
    expect(body.agent).toBe('analytics_agent');
  });

  it('of playbooks are listed by tier and served with an ETag', async () => {
    const free = await app.user();
    const all = await app.call('get', '/plans/playbook', user).expect(200);
    const few = await app.call('get', '/plans/playbook', free).expect(200);
    expect(all.body.length).toBeGreaterThanOrEqual(8);
    const ids = (list: { id: string }[]) => list.map(({ id }) => id);
    expect(ids(all.body)).toEqual(
      expect.arrayContaining(['task-from-email', 'weekly-report', 'project-from-note', 'triage-inbox']),
    );
    expect(ids(few.body)).not.toContain('triage-inbox');
    expect(few.headers['etag']).not.toBe(all.headers['etag']);
    const tag = String(all.headers['etag']);
    await app.call('get', '/plans/playbook', user).set('If-None-Match', tag).expect(304);
    await app.call('get', '/plans/playbook', free).set('If-None-Match', tag).expect(200);
    const one = await app.call('get', '/plans/playbook/triage-inbox', user).expect(200);
    await app
      .call('get', '/plans/playbook/triage-inbox', user)
      .set('If-None-Match', `W/${one.headers['etag']}`)
      .expect(304);
    const locked = await app.call('get', '/plans/playbook/triage-inbox', free).expect(402);
    expect(locked.body).toMatchObject({ code: 'upgrade_required', required_tier: 'pro' });
    await app.call('get', '/plans/playbook/none', user).expect(404);
  });

  it('have steps that run by the id of their template; its text never leaves', async () => {
    model.answer(() => ({ text: '[{"title":"Pay"}]' }));
    const { body } = await app
      .call('post', '/plans/steps', user)
      .send({ prompt_template: 'email.extract_tasks', variables: { email: 'Please pay' } })
      .expect(200);
    expect(body).toEqual({ output: '[{"title":"Pay"}]' });
    expect(String(model.seen[0]?.body.messages[0]?.content)).toContain('Find what the e-mail wants');
    expect(model.seen[0]?.body.messages[1]?.content).toBe('{"email":"Please pay"}');
  });

  it.each([
    ['an unknown template', 'power', 404, { prompt_template: 'nothing', variables: {} }],
    ['a template of a higher tier', 'free', 402, { prompt_template: 'email.triage', variables: { data: [] } }],
    ['a missing variable', 'power', 400, { prompt_template: 'email.extract_tasks', variables: {} }],
    [
      'an unknown variable',
      'power',
      400,
      { prompt_template: 'email.extract_tasks', variables: { email: 'x', evil: 1 } },
    ],
    [
      'an unknown member',
      'power',
      400,
      { prompt_template: 'email.extract_tasks', variables: { email: 'x' }, text: 'y' },
    ],
    ['variables that are no object', 'power', 400, { prompt_template: 'email.extract_tasks', variables: [1] }],
  ] as const)('refuse a step with %s', async (_, tier, status, body) => {
    await app
      .call('post', '/plans/steps', await app.user(tier))
      .send(body)
      .expect(status);
  });
});

describe('plans without a language model', () => {
  let app: TestApp;
  beforeAll(async () => void (app = await TestApp.start()));
  afterAll(() => app.stop());

  it('are a playbook where the message asks for one, else the actions of the offline assistant', async () => {
    const user = await app.user('power');
    const plan = (message: string) => app.call('post', '/chat', user).send({ message, execution_mode: 'plan' });
    const report = await plan('Make my weekly report').expect(200);
    expect(report.body).toMatchObject({ agent: 'analytics_agent', steps: [{ action: 'call_agent' }, {}, {}] });
    const task = await plan('Remind me to call Anna tomorrow at 5pm').expect(200);
    expect(task.body.steps).toMatchObject([{ action: 'create_record', variables: { table: 'tasks' } }]);
  });

  it('a step of a plan is 501 naming the setting', async () => {
    const { body } = await app
      .call('post', '/plans/steps', await app.user('power'))
      .send({ prompt_template: 'email.extract_tasks', variables: { email: 'Please pay' } })
      .expect(501);
    expect(body).toMatchObject({ code: 'not_configured', detail: expect.stringContaining('LLM_PROVIDER') });
  });

  it('answers of several agents are joined unchanged', async () => {
    const user = await app.user('power');
    const { body } = await app
      .call('post', '/chat', user)
      .send({ message: 'Create a project called Atlas', agents: ['project_agent', 'note_agent'] })
      .expect(200);
    expect(body.actions).toMatchObject([{ type: 'create_record', table: 'projects', data: { name: 'Atlas' } }]);
    expect(body.response.length).toBeGreaterThan(0);
  });
});
