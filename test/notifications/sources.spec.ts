import { randomBytes } from 'node:crypto';
import { Database } from '@adiuva/platform';
import { NOTICE_TEXTS, NOTICES } from '@adiuva/notifications';
import { SubscriptionRefresh } from '@adiuva/billing';
import { eventually, TestApp, type TestUser } from '../support/app';
import { FakeOpenAi, type Script } from '../support/fakes/models/fake-openai';
import { stripeWithPrices, WEBHOOK_ONLY, WEBHOOK_SECRET } from '../support/builders/stripe-life';

interface Notification {
  readonly id: string;
  readonly title: string;
  readonly body: string;
  readonly status: string;
  readonly deliver_at: number;
}

const stripe = stripeWithPrices();
let model: FakeOpenAi;
let app: TestApp;
beforeAll(async () => {
  model = await FakeOpenAi.start();
  app = await TestApp.start({ ...WEBHOOK_ONLY, ...model.settings, RUN_RETRY_MS: '1' });
  await Promise.all([app.startRuns(), app.startJobs()]);
});
afterAll(async () => {
  await app.stop();
  await model.stop();
});

const inbox = async (user: TestUser): Promise<Notification[]> =>
  (await app.call('get', '/notifications', user).expect(200)).body.notifications;

/** Newest first, once there are so many. */
async function notified(user: TestUser, count: number): Promise<Notification[]> {
  await eventually(async () => (await inbox(user)).length >= count);
  return inbox(user);
}

/** A job that waits for its time runs now. */
async function bringForward(key: string): Promise<void> {
  await app.nest
    .get(Database)
    .query(
      `SELECT graphile_worker.reschedule_jobs(ARRAY(SELECT id FROM graphile_worker.jobs WHERE key = $1), run_at := now())`,
      [key],
    );
}

/** Jobs that were enqueued before are done, so that what has not come does not come. */
async function jobsDone(): Promise<void> {
  await eventually(async () => {
    const rows = await app.nest
      .get(Database)
      .query(`SELECT FROM graphile_worker.jobs WHERE run_at <= now() AND attempts < max_attempts`);
    return rows.length === 0;
  });
}

describe('a goal with notify', () => {
  async function run(user: TestUser, fields: object = {}): Promise<{ goal: string; run: string }> {
    const goal = { title: 'Weekly report', instructions: 'Report', agent: 'task_agent', notify: true, ...fields };
    const { body } = await app.call('post', '/goals', user).send(goal).expect(201);
    const { body: started } = await app.call('post', `/goals/${body.id}/run`, user).send({}).expect(202);
    return { goal: body.id, run: started.run_id };
  }
  const until = (user: TestUser, id: string, status: string) =>
    eventually(async () => (await app.call('get', `/runs/${id}`, user)).body.status === status);

  it('notifies its owner when a run ends, under its title and in the language of the owner', async () => {
    model.answer((): Script => ({ text: 'A secret result' }));
    const user = await app.user();
    const preferences = { timezone: 'UTC', quiet_hours: null, policy: [], digest: 'off', language: 'de' };
    await app.call('put', '/notifications/preferences', user).send(preferences).expect(200);
    await run(user, { input: { tasks: [] } });
    expect(await notified(user, 1)).toMatchObject([
      { title: 'Weekly report', body: 'Das Ergebnis liegt in der App bereit.', status: 'delivered' },
    ]);
  });

  it('notifies when a run fails, and again when it fails again', async () => {
    model.answer((): Script => ({ status: 400 }));
    const user = await app.user();
    const { run: id } = await run(user, { input: { tasks: [] } });
    await notified(user, 1);
    await app.call('post', `/runs/${id}/resume`, user).send({}).expect(202);
    expect((await notified(user, 2)).map(({ body }) => body)).toEqual(Array(2).fill(NOTICE_TEXTS.en.goal_failed.body));
  });

  it('that waits for a device notifies after a minute, once, and not where it goes on before', async () => {
    model.answer(({ messages }): Script =>
      messages.at(-1)?.role === 'tool' ? { text: 'Done.' } : { calls: [{ name: 'list_tasks', arguments: {} }] },
    );
    const user = await app.user();
    const [waiting, answered] = [await run(user), await run(user)];
    for (const { run: id } of [waiting, answered]) await until(user, id, 'waiting');
    await jobsDone();
    expect(await inbox(user)).toEqual([]);
    await app
      .call('post', `/runs/${answered.run}/resume`, user)
      .send({ answer: [{ result: [] }] })
      .expect(202);
    expect(await notified(user, 1)).toMatchObject([{ body: NOTICE_TEXTS.en.goal_completed.body }]);
    for (const { run: id } of [waiting, answered, waiting]) await bringForward(`notify-goal:${user.id}:${id}:waiting`);
    expect((await notified(user, 2)).map(({ body }) => body)).toEqual([
      NOTICE_TEXTS.en.goal_waits_for_device.body,
      NOTICE_TEXTS.en.goal_completed.body,
    ]);
    await jobsDone();
    expect(await inbox(user)).toHaveLength(2);
  });

  it('whose content only devices can read notifies without it', async () => {
    const user = await app.user();
    const ciphertext = randomBytes(64).toString('base64');
    const { run: id } = await run(user, {
      ...{ custody: 'device', title: { ciphertext }, instructions: { ciphertext }, input: undefined },
    });
    await until(user, id, 'waiting');
    await bringForward(`notify-goal:${user.id}:${id}:waiting`);
    const { title, body } = NOTICE_TEXTS.en.goal_waits_for_device;
    expect(await notified(user, 1)).toMatchObject([{ title, body }]);
  });

  it('is the only one that notifies, and a cancelled run does not', async () => {
    model.answer((): Script => ({ calls: [{ name: 'list_tasks', arguments: {} }] }));
    const user = await app.user();
    const cancelled = await run(user);
    await until(user, cancelled.run, 'waiting');
    await app.call('post', `/runs/${cancelled.run}/cancel`, user).expect(202);
    model.answer((): Script => ({ text: 'Done.' }));
    const silent = await run(user, { notify: false, input: { tasks: [] } });
    await until(user, silent.run, 'completed');
    await bringForward(`notify-goal:${user.id}:${cancelled.run}:waiting`);
    await jobsDone();
    expect(await inbox(user)).toEqual([]);
  });

  it('has its send_notification actions carried out by the server, each once and at its time', async () => {
    const time = Date.now() + 3_600_000;
    const arguments_ = [{ title: 'Stretch', text: 'Five minutes', time }, { title: 'Now' }];
    model.answer(({ messages }): Script =>
      messages.at(-1)?.role === 'tool'
        ? { text: 'I will remind you.' }
        : { calls: arguments_.map((given) => ({ name: 'send_notification', arguments: given })) },
    );
    const user = await app.user();
    const { run: id } = await run(user, { notify: false, input: { tasks: [] } });
    await until(user, id, 'completed');
    const found = (await inbox(user)).sort((one, other) => one.title.localeCompare(other.title));
    expect(found.map(({ title, status }) => [title, status])).toEqual([
      ['Now', 'delivered'],
      ['Stretch', 'scheduled'],
    ]);
    expect(found[1]).toMatchObject({ body: 'Five minutes', deliver_at: time });
    const { body: output } = await app.call('get', `/runs/${id}/output`, user).expect(200);
    expect(output.actions.map(({ data }: { data: Record<string, unknown> }) => data['notification_id'])).toEqual(
      found.map((one) => one.id).reverse(),
    );
    const { body } = await app
      .call('post', `/runs/${id}/actions/ack`, user)
      .send({ action_ids: [id] })
      .expect(200);
    expect(body.pending).toBe(0);
  });
});

describe('a subscription', () => {
  const DAY = 86_400;
  const event = (type: string, object: object, created: number) => ({ ...stripe.world.emit(type, object), created });
  async function send(...events: object[]): Promise<void> {
    for (const one of events) {
      const { body, signature } = stripe.webhooks.signed(one, WEBHOOK_SECRET);
      await app
        .call('post', '/billing/webhook')
        .set('Content-Type', 'application/json')
        .set('Stripe-Signature', signature)
        .send(body)
        .expect(200);
    }
  }

  /** A subscriber whose payment failed so many days ago. */
  async function pastDue(days: number) {
    const user = await app.user();
    const now = stripe.world.now();
    const [id, customer] = [`sub_${user.id}`, `cus_${user.id}`];
    const bought = {
      ...{ id, object: 'subscription', customer, status: 'active', cancel_at_period_end: false },
      metadata: { user_id: user.id, tier: 'pro' },
      items: { data: [{ price: { id: 'price_pro' }, quantity: 1, current_period_end: now + 30 * DAY }] },
    };
    const failed = (invoice: string, at: number) =>
      event('invoice.payment_failed', { id: invoice, object: 'invoice', customer, subscription: id }, at);
    await send(
      event('customer.subscription.created', bought, now - (days + 1) * DAY),
      failed('in_1', now - days * DAY),
      failed('in_1', now - (days - 1) * DAY),
    );
    return {
      user,
      id,
      now,
      paid: event('invoice.paid', { id: 'in_1', object: 'invoice', customer, subscription: id }, now),
    };
  }

  it('whose payment fails notifies once, with the end of the grace, and again a day before it', async () => {
    const { user, id, now } = await pastDue(2);
    const [first] = await notified(user, 1);
    const end = new Intl.DateTimeFormat('en', { dateStyle: 'long', timeZone: 'UTC' }).format((now + 5 * DAY) * 1000);
    expect(first).toMatchObject({ title: NOTICE_TEXTS.en.payment_failed.title, body: expect.stringContaining(end) });
    await jobsDone();
    expect(await inbox(user)).toHaveLength(1);
    await bringForward(`billing-notice:${user.id}:grace_ending:${id}`);
    expect((await notified(user, 2))[0]).toMatchObject({ title: NOTICE_TEXTS.en.grace_ending.title });
  });

  it('that is paid in time is not mentioned again', async () => {
    const { user, id, paid } = await pastDue(2);
    await notified(user, 1);
    await send(paid);
    await bringForward(`billing-notice:${user.id}:grace_ending:${id}`);
    await jobsDone();
    expect(await inbox(user)).toHaveLength(1);
  });

  it('whose grace ends notifies when the tier ends, once', async () => {
    const { user } = await pastDue(2);
    await notified(user, 1);
    const database = app.nest.get(Database);
    await database.query(
      `UPDATE subscriptions SET view = jsonb_set(view, '{graceUntil}', to_jsonb(floor(extract(epoch FROM now())) - 1)) WHERE user_id = $1`,
      [user.id],
    );
    const refresh = app.nest.get(SubscriptionRefresh);
    await refresh.endGrace(user.id);
    await refresh.endGrace(user.id);
    expect((await notified(user, 2))[0]).toMatchObject({ title: NOTICE_TEXTS.en.grace_ended.title });
    await jobsDone();
    expect(await inbox(user)).toHaveLength(2);
  });
});

it('every notice has a text in every language, and only those with a date name one', () => {
  for (const texts of Object.values(NOTICE_TEXTS))
    expect(NOTICES.filter((notice) => texts[notice].body.includes('{date}'))).toEqual([
      'payment_failed',
      'grace_ending',
    ]);
});
