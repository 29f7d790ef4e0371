import type { Socket } from 'socket.io-client';
import { newId } from '@adiuva/kernel';
import { Scheduler } from '@adiuva/automations';
import { Database } from '@adiuva/platform';
import { eventually, TestApp, type TestUser } from '../support/app';

const WEEKLY = { kind: 'cron', expression: '0 9 * * 1', timezone: 'Europe/Berlin' };
const REPORT = { title: 'Weekly report', instructions: 'add a task: write the weekly report', agent: 'task_agent' };

describe('goals', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await TestApp.start();
    await app.startRuns();
  });
  afterAll(() => app.stop());

  const create = async (user: TestUser, fields: object = {}) =>
    (
      await app
        .call('post', '/goals', user)
        .send({ ...REPORT, ...fields })
        .expect(201)
    ).body;

  const run = async (user: TestUser, id: string, body: object = {}): Promise<string> =>
    (await app.call('post', `/goals/${id}/run`, user).send(body).expect(202)).body.run_id;

  const until = async (user: TestUser, id: string, status: string): Promise<void> => {
    await eventually(async () => (await app.call('get', `/runs/${id}`, user)).body.status === status);
  };

  it('are 1,000 of a user at most, however many are created concurrently', async () => {
    const user = await app.user('team');
    const { id } = await create(user, { input: {} });
    await app.nest.get(Database).query(
      `INSERT INTO goals SELECT (jsonb_populate_record(g, jsonb_build_object('id', gen_random_uuid(), 'status', 'archived'))).*
       FROM goals g, generate_series(1, 997) WHERE id = $1`,
      [id],
    );
    const tries = Array.from({ length: 5 }, () => app.call('post', '/goals', user).send(REPORT));
    expect((await Promise.all(tries)).map(({ status }) => status).sort()).toEqual([201, 201, 409, 409, 409]);
  });

  it('keep what they are made of, with their next slot and an entity tag', async () => {
    const user = await app.user();
    const made = await create(user, { schedules: [WEEKLY], input: { tasks: [{ id: 'a', title: 'b' }] } });
    expect(made).toMatchObject({
      ...REPORT,
      status: 'active',
      custody: 'server',
      missed: 'run_once',
      notify: false,
      version: 1,
    });
    expect(made.schedules).toEqual([
      expect.objectContaining({ ...WEEKLY, enabled: true, next_run_at: made.next_run_at }),
    ]);
    expect(new Date(made.next_run_at).getUTCDay()).toBe(1);
    const found = await app.call('get', `/goals/${made.id}`, user).expect(200);
    expect([found.body, found.headers['etag']]).toEqual([made, '"1"']);
    const changed = await app
      .call('patch', `/goals/${made.id}`, user)
      .set('If-Match', '"1"')
      .send({ title: 'Report', status: 'paused' })
      .expect(200);
    expect(changed.body).toMatchObject({ title: 'Report', status: 'paused', version: 2, next_run_at: null });
    await app.call('patch', `/goals/${made.id}`, user).set('If-Match', '"1"').send({ title: 'x' }).expect(412);
    const listed = await app.call('get', '/goals?status=paused', user).expect(200);
    expect([listed.body.length, listed.headers['x-total-count']]).toEqual([1, '1']);
  });

  it('are not there for another user', async () => {
    const { id } = await create(await app.user());
    const other = await app.user();
    await app.call('get', `/goals/${id}`, other).expect(404);
    await app.call('patch', `/goals/${id}`, other).send({ title: 'x' }).expect(404);
    await app.call('post', `/goals/${id}/run`, other).send({}).expect(404);
    await app.call('delete', `/goals/${id}`, other).expect(404);
  });

  it('run by the agents, and their actions wait until they are acknowledged', async () => {
    const user = await app.user();
    const { id } = await create(user, { input: { tasks: [] } });
    const runId = await run(user, id);
    await until(user, runId, 'completed');
    const { body } = await app.call('get', `/runs/${runId}/output`, user).expect(200);
    expect(body.actions).toEqual([
      expect.objectContaining({
        type: 'create_record',
        table: 'tasks',
        data: expect.objectContaining({ title: expect.any(String) }),
      }),
    ]);
    const [action] = body.actions;
    const ack = await app
      .call('post', `/runs/${runId}/actions/ack`, user)
      .send({ action_ids: [action.id] })
      .expect(200);
    expect(ack.body).toEqual({ pending: 0 });
    const goal = await app.call('get', `/goals/${id}`, user).expect(200);
    expect(goal.body.last_run).toMatchObject({ id: runId, status: 'completed' });
    await app.call('post', `/runs/${runId}/cancel`, user).expect(409);
    await app.call('post', `/runs/${runId}/resume`, user).send({}).expect(409);
    await app.call('delete', `/runs/${runId}`, user).expect(204);
  });

  it('stream the events of a run from any position, and end after the final status', async () => {
    const user = await app.user();
    const { id } = await create(user, { input: { tasks: [] } });
    const runId = await run(user, id);
    const events = async (last?: string): Promise<{ id: string; event: string; data: Record<string, unknown> }[]> => {
      const request = app.call('get', `/runs/${runId}/events`, user).buffer(true);
      const { text } = await (last === undefined ? request : request.set('Last-Event-ID', last)).expect(200);
      return [...String(text).matchAll(/id: (.+)\nevent: (.+)\ndata: (.+)\n/g)].map(
        ([, seq = '', event = '', data = '{}']) => ({
          id: seq,
          event,
          data: JSON.parse(data),
        }),
      );
    };
    const all = await events();
    expect(all.map((event) => event.id)).toEqual(all.map((_, index) => String(index + 1)));
    expect(all.map(({ event }) => event)).toEqual([
      'run.status',
      'run.status',
      'step.started',
      'step.completed',
      'progress',
      'output',
      'run.status',
    ]);
    expect(all.at(-2)?.data).toMatchObject({ actions: [expect.objectContaining({ table: 'tasks' })] });
    expect(await events('4')).toEqual(all.slice(4));
    const other = await app.user();
    await app.call('get', `/runs/${runId}/events`, other).expect(404);
  });

  it('ask a connected device for what their input does not have, or wait for one', async () => {
    const user = await app.user();
    const { id } = await create(user, { instructions: 'list my tasks' });
    const runId = await run(user, id);
    await until(user, runId, 'waiting');
    expect((await app.call('get', `/runs/${runId}`, user)).body).toMatchObject({ waiting_for: 'device' });
    const asked: unknown[] = [];
    const socket: Socket = await app.socket(user.accessToken);
    socket.on('run:tool_call', (call: unknown, ack: (answer: unknown) => void) => {
      asked.push(call);
      ack({ ok: true, result: [{ id: newId(), title: 'Feed the owl', status: 'todo' }] });
    });
    await until(user, runId, 'completed');
    expect(asked).toEqual([expect.objectContaining({ run_id: runId, name: 'list_tasks' })]);
    const { body } = await app.call('get', `/runs/${runId}/output`, user).expect(200);
    expect(body.response).toContain('Feed the owl');
  });

  it('tell connected devices what happens to their runs', async () => {
    const user = await app.user();
    const socket = await app.socket(user.accessToken);
    const received: unknown[] = [];
    socket.on('run:status', (frame: unknown) => received.push(frame));
    const output = new Promise((resolve) => socket.once('run:output', resolve));
    const runId = await run(user, (await create(user, { input: { tasks: [] } })).id);
    expect(await output).toEqual({ run_id: runId });
    await eventually(() => received.length === 3);
    expect(received).toEqual(['queued', 'running', 'completed'].map((status) => ({ run_id: runId, status })));
  });

  it('stay within the tier, however many are created at the same time', async () => {
    const user = await app.user('free');
    const answers = await Promise.all(Array.from({ length: 50 }, () => app.call('post', '/goals', user).send(REPORT)));
    const statuses = answers.map(({ status }) => status);
    expect([
      statuses.filter((status) => status === 201).length,
      statuses.filter((status) => status === 402).length,
    ]).toEqual([2, 48]);
    const refused = answers.find(({ status }) => status === 402);
    expect(refused?.body).toMatchObject({ code: 'upgrade_required', required_tier: 'pro' });
  });

  it('leave nothing when they are deleted while they run', async () => {
    const user = await app.user();
    const { id } = await create(user, { instructions: 'list my tasks', schedules: [WEEKLY] });
    const runId = await run(user, id);
    await until(user, runId, 'waiting');
    await app.call('delete', `/goals/${id}`, user).expect(204);
    await app.call('get', `/runs/${runId}`, user).expect(404);
    const database = app.nest.get(Database);
    for (const [table, column] of [
      ['goals', 'id'],
      ['schedules', 'goal_id'],
      ['runs', 'goal_id'],
    ]) {
      expect(await database.query(`SELECT 1 FROM ${table} WHERE ${column} = $1`, [id])).toEqual([]);
    }
    expect(await database.query('SELECT 1 FROM run_steps WHERE run_id = $1', [runId])).toEqual([]);
  });

  it('leave nothing when the account is erased while they run', async () => {
    const user = await app.user();
    const { id } = await create(user, { instructions: 'list my tasks', schedules: [WEEKLY] });
    await until(user, await run(user, id), 'waiting');
    await app.call('delete', '/auth/account', user).send({ password: user.password }).expect(202);
    await app.startJobs();
    const database = app.nest.get(Database);
    await eventually(async () => (await database.query('SELECT 1 FROM users WHERE id = $1', [user.id])).length === 0);
    for (const table of ['goals', 'schedules', 'runs', 'run_steps']) {
      expect(await database.query(`SELECT 1 FROM ${table} WHERE user_id = $1`, [user.id])).toEqual([]);
    }
  });

  it.each([
    [{ schedules: [{ ...WEEKLY, expression: '0 25 * * *' }] }, 422, 'schedules.0.expression'],
    [{ schedules: [{ ...WEEKLY, timezone: 'Europe/Atlantis' }] }, 422, 'schedules.0.timezone'],
    [{ schedules: [{ kind: 'cron' }] }, 400, 'schedules.0.expression'],
    [{ schedules: [[]] }, 400, 'schedules'],
    [{ agent: 'no_such_agent' }, 400, 'agent'],
    [{ title: '' }, 400, 'title'],
    [{ custody: 'nobody' }, 400, 'custody'],
  ])('with %j are refused with %d, which names %s', async (fields, status, field) => {
    const { body } = await app
      .call('post', '/goals', await app.user())
      .send({ ...REPORT, ...fields })
      .expect(status);
    expect(body.errors.map((error: { field: string }) => error.field)).toContain(field);
  });

  it('with an input of 300 KB are refused with 413', async () => {
    const input = { notes: 'x'.repeat(300_000) };
    await app
      .call('post', '/goals', await app.user())
      .send({ ...REPORT, input })
      .expect(413);
  });
});

describe('schedules', () => {
  let app: TestApp;
  let beside: TestApp;
  beforeAll(async () => {
    app = await TestApp.start();
    beside = await TestApp.start({}, app);
  });
  afterAll(async () => {
    await beside.stop();
    await app.stop();
  });

  /** Next in half an hour, so that no further slot comes while the test looks. */
  const HOURLY = { ...WEEKLY, expression: `${(new Date().getUTCMinutes() + 30) % 60} * * * *` };

  const due = async (fields: object, past: string): Promise<{ user: TestUser; goal: string }> => {
    const user = await app.user('pro');
    const { body } = await app
      .call('post', '/goals', user)
      .send({ ...REPORT, schedules: [HOURLY], ...fields })
      .expect(201);
    await app.nest
      .get(Database)
      .query(`UPDATE schedules SET next_run_at = now() - $2::interval WHERE goal_id = $1`, [body.id, past]);
    return { user, goal: body.id };
  };
  const tick = async (): Promise<void> => {
    const nodes = [app, beside, app, beside];
    await Promise.all(nodes.map((node) => node.nest.get(Scheduler).tick()));
  };
  const runsOf = async ({ user, goal }: { user: TestUser; goal: string }) =>
    (await app.call('get', `/runs?goal_id=${goal}`, user).expect(200)).body;

  it('start one run for a slot, however many processes see it', async () => {
    const goal = await due({}, '1 second');
    await tick();
    await tick();
    expect(await runsOf(goal)).toEqual([
      expect.objectContaining({ trigger: 'schedule', kind: 'goal', status: 'running' }),
    ]);
  });

  it('start one run for all slots of a downtime, or none', async () => {
    const [once, skip] = [await due({ missed: 'run_once' }, '3 hours'), await due({ missed: 'skip' }, '3 hours')];
    // An interval of an hour, so that no slot is recent.
    const database = app.nest.get(Database);
    await database.query(`UPDATE schedules SET expression = '17 4 1 1 *' WHERE goal_id = $1`, [skip.goal]);
    await tick();
    expect([(await runsOf(once)).length, (await runsOf(skip)).length]).toEqual([1, 0]);
    const [next] = await database.query<{ later: boolean }>(
      'SELECT next_run_at > now() AS later FROM schedules WHERE goal_id = $1',
      [skip.goal],
    );
    expect(next).toEqual({ later: true });
  });

  it('start although another one that is due cannot', async () => {
    const [broken, sound] = [await due({}, '2 hours'), await due({}, '1 second')];
    const database = app.nest.get(Database);
    // As of a zone that the next version of the runtime does not know.
    await database.query(`UPDATE schedules SET timezone = 'Europe/Atlantis' WHERE goal_id = $1`, [broken.goal]);
    await tick();
    expect((await runsOf(sound)).length).toBe(1);
    const [kept] = await database.query<{ due: boolean }>(
      'SELECT next_run_at <= now() AS due FROM schedules WHERE goal_id = $1',
      [broken.goal],
    );
    expect(kept).toEqual({ due: true });
    await database.query('DELETE FROM schedules WHERE goal_id = $1', [broken.goal]);
  });

  it('start only for the oldest goals that the tier includes after a downgrade, and the subscription says what is locked', async () => {
    const goals = [await due({}, '1 second')];
    const user = goals[0]?.user ?? (await app.user());
    for (const title of ['Second', 'Third']) {
      const { body } = await app.call('post', '/goals', user).send({ ...REPORT, title, schedules: [HOURLY] });
      goals.push({ user, goal: body.id });
    }
    const subscription = async () => (await app.call('get', '/billing/subscription', user).expect(200)).body;
    expect((await subscription()).locked).toEqual([]);
    for (const node of [app, beside]) await node.setTier(user.id, 'free');
    await app.nest.get(Database).query(`UPDATE schedules SET next_run_at = now() WHERE user_id = $1`, [user.id]);
    await tick();
    expect(await Promise.all(goals.map(async (goal) => (await runsOf(goal)).length))).toEqual([1, 1, 0]);
    expect((await subscription()).locked).toEqual([
      { feature: 'batch_active', included: 2, used: 3, required_tier: 'pro' },
    ]);
    expect((await app.call('get', '/goals', user).expect(200)).body).toHaveLength(3);
  });

  it('are shown before they are stored', async () => {
    const user = await app.user();
    const preview = { kind: 'rrule', expression: 'FREQ=DAILY;BYHOUR=9;BYMINUTE=0', timezone: 'Asia/Tokyo', count: 3 };
    const { body } = await app.call('post', '/schedules/preview', user).send(preview).expect(200);
    expect(body.occurrences).toHaveLength(3);
    expect(body.occurrences.map((ms: number) => new Date(ms).toISOString().slice(11, 16))).toEqual([
      '00:00',
      '00:00',
      '00:00',
    ]);
    const refused = await app
      .call('post', '/schedules/preview', user)
      .send({ ...preview, expression: 'FREQ=NEVER' })
      .expect(422);
    expect(refused.body).toMatchObject({ code: 'invalid_schedule', position: 1, errors: [{ field: 'expression' }] });
  });
});
