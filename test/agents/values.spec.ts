import { TestApp, type TestUser } from '../support/app';
import { FakeOpenAi } from '../support/fakes/models/fake-openai';
import { lastToolResults } from '../chat/chat-helpers';

const DUE = Date.UTC(2026, 10, 30, 9);
const HOUR = 3_600_000;

describe('values that a model gives', () => {
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

  /** The actions of one tool call, and what the model reads as its result. */
  async function call(agent: string, name: string, args: object, context: object = {}) {
    const results: string[] = [];
    model.answer((request) => {
      results.push(...lastToolResults(request));
      return results.length > 0 ? { text: 'ok' } : { calls: [{ name, arguments: args }] };
    });
    const body = { message: 'x', agents: [agent], context };
    const answer = await app.call('post', '/chat', user).send(body).expect(200);
    return { actions: answer.body.actions, result: results[0] ?? '' };
  }

  it.each([
    ['-1', -1],
    ['-1 as a string', '-1'],
  ])('a due date of %s is absent from a create', async (_, due_date) => {
    const { actions } = await call('task_agent', 'create_task', { title: 'Tea', due_date });
    expect(actions).toEqual([
      { type: 'create_record', table: 'tasks', data: { id: expect.any(String), title: 'Tea' }, agent: null },
    ]);
  });

  it.each([
    ['seconds', Math.round(DUE / 1000)],
    ['the year 9999', Date.UTC(9999, 0, 1)],
    ['words', 'tomorrow'],
    ['a negative number', -2],
    ['a fraction', DUE + 0.5],
  ])('a due date of %s makes no action', async (_, due_date) => {
    const { actions, result } = await call('task_agent', 'create_task', { title: 'Tea', due_date });
    expect([actions, result]).toEqual([[], expect.stringContaining('error')]);
  });

  it('a required date of -1 makes no action', async () => {
    const args = { project_id: 'p1', title: 'Beta', date: -1 };
    const { actions, result } = await call('checkpoint_agent', 'create_checkpoint', args);
    expect([actions, result]).toEqual([[], expect.stringContaining('date must have a value')]);
  });

  it.each([
    ['a JSON array in a string', '["Ann","Bob"]'],
    ['an array', ['Ann', 'Bob']],
    ['names separated by commas', 'Ann, Bob'],
  ])('assignees and attendees given as %s are a JSON-encoded string', async (_, names) => {
    const task = await call('task_agent', 'create_task', { title: 'Tea', assignees: names });
    const event = await call('calendar_agent', 'create_event', { title: 'Tea', start_time: DUE, attendees: names });
    expect([task.actions[0].data.assignees, event.actions[0].data.attendees]).toEqual([
      '["Ann","Bob"]',
      '["Ann","Bob"]',
    ]);
  });

  it.each([
    ['a create', 'create_event', { title: 'x', start_time: DUE, end_time: DUE - HOUR }, {}],
    ['an update of both times', 'update_event', { event_id: 'e1', start_time: DUE, end_time: DUE }, {}],
    [
      'an update of one time of an event in view',
      'update_event',
      { event_id: 'e1', end_time: DUE - HOUR },
      { user_profile: { events: [{ id: 'e1', start_time: DUE, end_time: DUE + HOUR }] } },
    ],
  ])('%s that ends an event before it begins makes no action', async (_, name, args, context) => {
    const { actions, result } = await call('calendar_agent', name, args, context);
    expect([actions, result]).toEqual([[], expect.stringContaining('after start_time')]);
  });

  it.each([
    ['no field', { task_id: 't1' }],
    ['only fields that stay', { task_id: 't1', due_date: -1, title: null }],
    ['only unknown fields', { task_id: 't1', colour: 'red' }],
  ])('an update with %s makes no action', async (_, args) => {
    const { actions, result } = await call('task_agent', 'update_task', args);
    expect([actions, result]).toEqual([[], expect.stringContaining('nothing to change')]);
  });

  it('an id of the model is not that of a created record', async () => {
    const { actions } = await call('note_agent', 'create_note', {
      id: 'mine',
      title: 'N',
      content: 'x',
      user_id: 'u2',
    });
    expect(Object.keys(actions[0].data).sort()).toEqual(['content', 'id', 'title']);
    expect(actions[0].data.id).not.toBe('mine');
  });

  it('a string longer than its field makes no action', async () => {
    const { actions } = await call('task_agent', 'create_task', { title: 'x'.repeat(501) });
    expect(actions).toEqual([]);
  });

  it.each([
    [
      'send_notification',
      'calendar_agent',
      'send_notification',
      { title: 'Stretch', time: DUE },
      { type: 'send_notification', table: null, data: { title: 'Stretch', time: DUE }, agent: null },
    ],
    [
      'call_agent',
      'task_agent',
      'schedule_agent',
      { agent: 'analytics_agent', message: 'Weekly report', time: DUE },
      { type: 'call_agent', table: null, data: { message: 'Weekly report', time: DUE }, agent: 'analytics_agent' },
    ],
    [
      'index_document',
      'note_agent',
      'index_document',
      { note_id: 'n1' },
      { type: 'index_document', table: 'notes', data: { id: 'n1' }, agent: null },
    ],
  ])('an action of type %s comes from a tool', async (_, agent, name, args, action) => {
    const { actions } = await call(agent, name, args);
    expect(actions).toEqual([action]);
  });

  it('an agent outside the tier cannot be scheduled', async () => {
    const args = { agent: 'admin_agent', message: 'x' };
    const { actions } = await call('task_agent', 'schedule_agent', args);
    expect(actions).toEqual([]);
  });
});
