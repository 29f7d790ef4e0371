import { TestApp, type TestUser } from '../support/app';

const DAY = 86_400_000;
const AT = Date.UTC(2026, 10, 25, 22, 30);
const INPUT = {
  tasks: [
    {
      id: 't1',
      title: 'Late',
      status: 'todo',
      priority: 'high',
      project_id: 'p1',
      due_date: AT - 3 * DAY,
      created_at: AT - 9 * DAY,
    },
    {
      id: 't2',
      title: 'Today',
      status: 'todo',
      priority: 'low',
      project_id: 'p1',
      due_date: AT + 1,
      created_at: AT - 2 * DAY,
    },
    { id: 't3', title: 'Next', status: 'in_progress', due_date: AT + 3 * DAY, created_at: AT - DAY },
    { id: 't4', title: 'Done', status: 'done', completed_at: AT - DAY, created_at: AT - 20 * DAY },
  ],
  projects: [{ id: 'p1', name: 'Atlas', status: 'active' }],
  checkpoints: [{ title: 'Beta', date: AT + 2 * DAY }],
  timezone: 'Europe/Rome',
  at: AT,
};

describe('a report', () => {
  let app: TestApp;
  let user: TestUser;
  beforeAll(async () => {
    app = await TestApp.start({ RATE_LIMIT_PRO: '10' });
    user = await app.user();
  });
  afterAll(() => app.stop());

  const report = (body: object, of = user) => app.call('post', '/reports', of).send({ ...INPUT, ...body });

  it.each(['week', 'workload', 'trends'])('%s is the same bytes for the same input', async (kind) => {
    const [one, other] = [await report({ kind }).expect(200), await report({ kind }).expect(200)];
    expect(one.text).toBe(other.text);
    const { at: _, ...undated } = INPUT;
    const dateless = () =>
      app
        .call('post', '/reports', user)
        .send({ ...undated, kind })
        .expect(200);
    expect((await dateless()).text).toBe((await dateless()).text);
  });

  it('counts by the local day of the user', async () => {
    const { body } = await report({ kind: 'workload' }).expect(200);
    expect(body).toMatchObject({
      kind: 'workload',
      date: '2026-11-25',
      open: 3,
      overdue: 1,
      due_today: 1,
      due_next_week: 1,
      by_priority: { high: 1, low: 1, none: 1 },
      by_project: [
        { project_id: 'p1', name: 'Atlas', open: 2 },
        { project_id: null, name: null, open: 1 },
      ],
    });
    expect(body.next[0].id).toBe('t1');
    expect((await report({ kind: 'workload', timezone: 'Asia/Tokyo' }).expect(200)).body.date).toBe('2026-11-26');
    const week = await report({ kind: 'week' }).expect(200);
    expect(week.body.tasks.done).toEqual({ count: 1, titles: ['Done'] });
    const trends = await report({ kind: 'trends' }).expect(200);
    expect([trends.body.weeks.length, trends.body.totals]).toEqual([8, { created: 4, done: 1, open_change: 3 }]);
  });

  it('takes rows that make no sense, and refuses what is no request', async () => {
    const odd = [
      {},
      { created_at: 8.64e15, completed_at: 1e300, due_date: -1e15 },
      { id: '__proto__', due_date: 8.64e15 },
      { due_date: 'x', status: 7, project_id: { a: 1 } },
      { created_at: -1 },
    ];
    for (const kind of ['week', 'workload', 'trends'])
      await report({ kind, tasks: odd, projects: odd, checkpoints: odd, at: 0 }).expect(200);
    const { at: _, ...undated } = INPUT;
    for (const kind of ['week', 'workload', 'trends'])
      await app
        .call('post', '/reports', user)
        .send({ ...undated, kind, tasks: odd, checkpoints: odd })
        .expect(200);
    for (const wrong of [{ kind: 'month' }, { timezone: 'Mars/Base' }, { tasks: 'x' }, { tasks: [1] }, { at: -1 }])
      await report({ kind: 'week', ...wrong }).expect(400);
    await report({ kind: 'week', tasks: Array.from({ length: 2_001 }, () => ({})) }).expect(400);
  });

  it('counts as a computation', async () => {
    const limited = await app.user('pro');
    const { headers } = await report({ kind: 'week' }, limited).expect(200);
    expect(headers['ratelimit-remaining']).toBe('5');
  });
});
