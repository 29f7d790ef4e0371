import { Scheduler } from '@adiuva/automations';
import { TokenBudget } from '@adiuva/llm';
import { Database, Idempotency } from '@adiuva/platform';
import { RunStarter, RunWorker } from '@adiuva/runs';
import { eventually, TestApp, type TestUser } from '../support/app';
import { FakeOpenAi } from '../support/fakes/models/fake-openai';
import { TestPushService } from '../support/fakes/push-service';
import { AGENT_SECRET, HMAC_SECRET, SignedCall } from '../gateway/signed-call';
import { notify, withBrowser } from '../notifications/helpers';

const GOAL = { title: 'Report', instructions: 'add a task: write the report', agent: 'task_agent' };
/** Due at no time that is near. */
const DAILY = { kind: 'cron', expression: `0 ${(new Date().getUTCHours() + 12) % 24} * * *`, timezone: 'UTC' };

/** Runs, notifications and jobs are started by the tests that need them, so that what is due waits for them. */
describe('a disabled account', () => {
  let app: TestApp;
  let push: TestPushService;
  let model: FakeOpenAi;
  let admin: TestUser;
  beforeAll(async () => {
    [push, model] = await Promise.all([TestPushService.start(), FakeOpenAi.start()]);
    app = await TestApp.start({
      ...push.settings,
      AGENT_JWT_SECRET: AGENT_SECRET,
      BACKEND_HMAC_SECRET: HMAC_SECRET,
      ALLOW_PRIVATE_PROVIDERS: 'true',
    });
    admin = await app.admin();
    await app.startJobs();
  });
  afterAll(async () => {
    await app.stop();
    await Promise.all([push.stop(), model.stop()]);
  });

  const setDisabled = (user: TestUser, disabled: boolean) =>
    app.call('patch', `/admin/users/${user.id}`, admin).send({ disabled }).expect(200);
  const query = <R>(sql: string, values: readonly unknown[]) => app.nest.get(Database).query<R>(sql, values);
  const runsOf = (user: TestUser) =>
    query<{ status: string }>('SELECT status FROM runs WHERE user_id = $1 ORDER BY id', [user.id]);
  const goal = async (user: TestUser, fields: object = {}): Promise<string> =>
    (
      await app
        .call('post', '/goals', user)
        .send({ ...GOAL, ...fields })
        .expect(201)
    ).body.id;

  it('starts no run of a schedule, keeps no other schedule waiting, and gets the missed slot once when it is enabled', async () => {
    const [user, other] = [await app.user(), await app.user()];
    await goal(user, { schedules: [DAILY] });
    await goal(other, { schedules: [DAILY] });
    await setDisabled(user, true);
    await query(`UPDATE schedules SET next_run_at = now() - interval '2 hours' WHERE user_id = $1`, [user.id]);
    await query(`UPDATE schedules SET next_run_at = now() - interval '1 hour' WHERE user_id = $1`, [other.id]);
    const scheduler = app.nest.get(Scheduler);
    expect(await scheduler.tick()).toBe(1);
    expect(await scheduler.tick()).toBe(0);
    expect([(await runsOf(user)).length, (await runsOf(other)).length]).toEqual([0, 1]);
    await setDisabled(user, false);
    await scheduler.tick();
    await scheduler.tick();
    expect(await runsOf(user)).toHaveLength(1);
  });

  it('pauses its queued runs and steps, and resumes them when it is enabled', async () => {
    const user = await app.user('power');
    const id = await goal(user);
    for (let k = 0; k < 8; k += 1) await app.call('post', `/goals/${id}/run`, user).send({}).expect(202);
    const before = await runsOf(user);
    expect(new Set(before.map(({ status }) => status))).toEqual(new Set(['running', 'queued']));
    await setDisabled(user, true);
    await app.nest.get(RunWorker).start();
    const open = `SELECT count(*)::int AS open FROM run_steps WHERE user_id = $1 AND status = 'ready' AND NOT throttled`;
    await eventually(async () => (await query<{ open: number }>(open, [user.id]))[0]?.open === 0);
    expect(await runsOf(user)).toEqual(before);
    await setDisabled(user, false);
    await eventually(async () => (await runsOf(user)).every(({ status }) => status === 'completed'));
  });

  it('has the step aborted that is executed: nothing of it is stored, and it is executed when the account is enabled', async () => {
    const user = await app.user('power');
    await app.call('put', '/providers/openai', user).send({ api_key: 'sk-own', base_url: model.url }).expect(200);
    model.answer(() => ({ text: 'never', firstDelay: 600_000 }));
    await app
      .call('post', `/goals/${await goal(user)}/run`, user)
      .send({})
      .expect(202);
    await app.nest.get(RunWorker).start();
    await eventually(() => model.seen.length === 1);
    await setDisabled(user, true);
    await eventually(() => model.seen[0]?.closedAt !== undefined);
    const steps = () =>
      query('SELECT status, throttled, owner, failures, output FROM run_steps WHERE user_id = $1', [user.id]);
    const paused = { status: 'ready', throttled: true, owner: null, failures: 0, output: null };
    expect([await runsOf(user), await steps()]).toEqual([[{ status: 'running' }], [paused]]);
    model.answer(() => ({ text: 'Done.' }));
    await setDisabled(user, false);
    await eventually(async () => (await runsOf(user)).every(({ status }) => status === 'completed'));
  });

  it('gets no tokens and no claim of an idempotency key for what was authenticated just before', async () => {
    const user = await app.user('power');
    const caller = { userId: user.id, sessionId: user.id, tier: 'power', seats: 1, role: 'user' } as const;
    const request = { scope: user.id, operation: 'x', key: 'k', content: 'c' };
    await setDisabled(user, true);
    await expect(app.nest.get(TokenBudget).reserve(caller, 1)).rejects.toMatchObject({ code: 'account_disabled' });
    await expect(app.nest.get(Idempotency).begin(request)).rejects.toMatchObject({ code: 'idempotency_in_progress' });
    await setDisabled(user, false);
    expect(await app.nest.get(TokenBudget).reserve(caller, 1)).toMatchObject({ tokens: 1 });
    expect(await app.nest.get(Idempotency).begin(request)).toHaveProperty('holder');
  });

  it('starts no run and creates nothing with an agent token, neither then nor after it is enabled', async () => {
    const user = await app.user('power');
    const { body } = await app.call('post', '/auth/agent-token', user).send({ scopes: ['tools:*'] });
    const call = (name: string, args: object) =>
      new SignedCall(app, 'post', `/gateway/tools/${name}`)
        .with({ body: { arguments: args }, token: body.token })
        .send();
    expect((await call('create_task', { title: 'Call Anna' })).status).toBe(200);
    await setDisabled(user, true);
    await eventually(async () => (await call('remember', { content: 'x' })).status === 401);
    const database = app.nest.get(Database);
    // What was authenticated just before.
    await expect(database.transaction((tx) => app.nest.get(RunStarter).lockOwner(tx, user.id))).rejects.toMatchObject({
      code: 'account_disabled',
    });
    await setDisabled(user, false);
    expect((await call('create_task', { title: 'Call Anna' })).status).toBe(401);
  });

  it('sends no notification, neither at its start nor of a chain that has begun, until it is enabled', async () => {
    const user = await app.user();
    const browser = await withBrowser(app, push, user);
    const later = new Date(Date.now() + 3_600_000);
    await notify(app, user, { title: 'Due later', deliver_at: later.getTime() });
    const begun = await notify(app, user, { title: 'Begun', policy: [{ channel: 'web_push', after_s: 3_600 }] });
    app.startNotifications();
    const steps = () =>
      query<{ status: string }>('SELECT status FROM notification_steps WHERE notification_id = $1', [begun]);
    await eventually(async () => (await steps()).length === 1);
    await setDisabled(user, true);
    await query(
      `UPDATE notifications SET deliver_at = now() - interval '1 hour' WHERE user_id = $1 AND status = 'scheduled'`,
      [user.id],
    );
    await query(`UPDATE notification_steps SET due_at = now() - interval '1 hour' WHERE user_id = $1`, [user.id]);
    // What is due later, of another account, leaves meanwhile.
    const other = await app.user();
    const otherBrowser = await withBrowser(app, push, other);
    const next = await notify(app, other, { title: 'Next', deliver_at: later.getTime() });
    await query('UPDATE notifications SET deliver_at = now() WHERE id = $1', [next]);
    await eventually(() => push.of(otherBrowser).length === 1);
    expect(push.of(browser)).toEqual([]);
    await setDisabled(user, false);
    await eventually(() => push.of(browser).length === 2);
  });

  it('has nothing among what rounds look for, however much became due, and drops what has expired meanwhile', async () => {
    const user = await app.user();
    const browser = await withBrowser(app, push, user);
    app.startNotifications();
    const later = Date.now() + 3_600_000;
    const expired = await notify(app, user, { title: 'Expired', deliver_at: later, expires_at: later + 3_600_000 });
    const kept = await notify(app, user, { title: 'Kept', deliver_at: later });
    const begun = await notify(app, user, { title: 'Begun', policy: [{ channel: 'web_push', after_s: 3_600 }] });
    const steps = 'SELECT status FROM notification_steps WHERE notification_id = $1';
    await eventually(async () => (await query(steps, [begun])).length === 1);
    await setDisabled(user, true);
    await query(`UPDATE notifications SET deliver_at = now() WHERE id = ANY ($1)`, [[expired, kept]]);
    await query(`UPDATE notification_steps SET due_at = now() WHERE user_id = $1`, [user.id]);
    await query(
      `INSERT INTO notifications SELECT (jsonb_populate_record(n, jsonb_build_object('id', gen_random_uuid(), 'expires_at', $2::timestamptz))).*
       FROM notifications n, generate_series(1, 2000) WHERE id = $1`,
      [kept, new Date(later)],
    );
    const pagesRead = async (): Promise<number> => {
      const [row] = await query<{ 'QUERY PLAN': { Plan: Record<string, number> }[] }>(
        `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT notifications_next_due('{web_push}')`,
        [],
      );
      const plan = row?.['QUERY PLAN'][0]?.Plan;
      return (plan?.['Shared Hit Blocks'] ?? Infinity) + (plan?.['Shared Read Blocks'] ?? Infinity);
    };
    await eventually(async () => (await pagesRead()) < 100);
    await query('UPDATE notifications SET expires_at = now() WHERE user_id = $1 AND expires_at IS NOT NULL', [user.id]);
    await setDisabled(user, false);
    await eventually(() => push.of(browser).length === 2);
    const status = 'SELECT FROM notifications WHERE id = $1 AND status = $2';
    await eventually(async () => (await query(status, [expired, 'expired'])).length === 1);
    expect(
      push
        .of(browser)
        .map(({ payload }) => payload.title)
        .sort(),
    ).toEqual(['Begun', 'Kept']);
  });
});
