import { Client } from 'pg';
import type { Response } from 'supertest';
import { Clock, newId } from '@adiuva/kernel';
import { eventually, TestApp, type TestUser } from '../support/app';
import { signBody } from '../support/fakes/stripe/webhook-sender';
import { TcpProxy } from '../support/fakes/tcp-proxy';
import {
  inParallel,
  lifeOf,
  orderings,
  stripeWithPrices,
  WEBHOOK_ONLY,
  WEBHOOK_SECRET,
} from '../support/builders/stripe-life';

describe("Stripe's events, with a webhook secret alone", () => {
  const stripe = stripeWithPrices();
  let node: TestApp;
  let other: TestApp;
  let database: Client;

  beforeAll(async () => {
    node = await TestApp.start({ ...WEBHOOK_ONLY, DATABASE_POOL: '12' });
    other = await TestApp.start({ ...WEBHOOK_ONLY, DATABASE_POOL: '12' }, node);
    database = new Client({ connectionString: node.database.url });
    await database.connect();
  });
  afterAll(async () => {
    await database.end();
    await other.stop();
    await node.stop();
  });

  function send(event: object, app = node, secret = WEBHOOK_SECRET): Promise<Response> {
    const { body, signature } = stripe.webhooks.signed(event, secret);
    return sendRaw(body, signature, app);
  }

  async function sendRaw(body: string, signature: string | undefined, app = node): Promise<Response> {
    const request = app.call('post', '/billing/webhook').set('Content-Type', 'application/json; charset=utf-8');
    return signature === undefined ? request.send(body) : request.set('Stripe-Signature', signature).send(body);
  }

  /** What the server answers when its clock shows this second. */
  async function atTime(second: number, work: () => Promise<Response>): Promise<Response> {
    const clock = jest.spyOn(node.nest.get(Clock), 'now').mockReturnValue(new Date(second * 1000));
    return work().finally(() => clock.mockRestore());
  }

  async function subscriptionOf(user: TestUser): Promise<Record<string, unknown>> {
    const { body } = await node.call('get', '/billing/subscription', user).expect(200);
    return body;
  }

  async function accounts(count: number): Promise<string[]> {
    const ids = Array.from({ length: count }, () => newId());
    await database.query('INSERT INTO users (id) SELECT unnest($1::uuid[])', [ids]);
    return ids;
  }

  function event(type: string, object: object, more: { created?: number; account?: string } = {}): object {
    return {
      ...stripe.world.emit(type, object, more.account ? { account: more.account } : {}),
      ...(more.created ? { created: more.created } : {}),
    };
  }

  function subscription(userId: string | null, more: object = {}): object {
    return {
      id: stripe.world.id('sub'),
      object: 'subscription',
      customer: stripe.world.id('cus'),
      status: 'active',
      metadata: userId === null ? {} : { user_id: userId },
      items: { data: [{ price: { id: 'price_pro' }, quantity: 1, current_period_end: stripe.world.now() + 1_000 }] },
      ...more,
    };
  }

  it.each([
    ['ends', true, 'free', 'canceled'],
    ['stays past due', false, 'power', 'past_due'],
  ])(
    'lead to one state in 120 orders, each sent three times, 20 concurrently on two nodes: a subscription that %s',
    async (_, ends, tier, status) => {
      const users = await accounts(120);
      const lives = orderings([0, 1, 2, 3, 4]).map((order, index) => {
        const life = lifeOf(stripe, users[index] ?? '', ends);
        return { ...life, order: order.map((at) => life.events[at] ?? {}) };
      });
      const deliveries = lives.flatMap(({ order }) => order.flatMap((one) => [one, one, one]));
      const tasks = deliveries.map((one, index) => async () => (await send(one, index % 2 ? node : other)).status);
      const statuses = await inParallel(tasks, 20);
      expect(statuses.filter((code) => code !== 200)).toEqual([]);

      const { rows } = await database.query(
        `SELECT e.tier, e.seats, s.view ->> 'status' AS status, s.view ->> 'tier' AS sold FROM subscriptions s
       LEFT JOIN entitlements e ON e.user_id = s.user_id WHERE s.user_id = ANY($1)`,
        [users],
      );
      expect(rows).toHaveLength(120);
      for (const row of rows) expect(row).toEqual({ tier, seats: 1, status, sold: 'power' });
      const ids = lives.flatMap((life) => life.events.map((one) => one.id));
      const stored = await database.query('SELECT count(*)::int AS n FROM stripe_events WHERE id = ANY($1)', [ids]);
      expect(stored.rows[0]).toEqual({ n: 600 });
      const { rows: unbroken } = await database.query(
        `SELECT 1 FROM (SELECT user_id, from_tier, lag(to_tier, 1, 'free') OVER (PARTITION BY user_id ORDER BY at) AS before
         FROM tier_changes WHERE user_id = ANY($1)) t WHERE from_tier <> before`,
        [users],
      );
      expect(unbroken).toEqual([]);
    },
  );

  it('give a tier that guards, limits and the profile apply immediately on both nodes, and take it back', async () => {
    const user = await node.user();
    await other.call('get', '/auth/me', user).expect(200, /"tier":"free"/);
    const bought = subscription(user.id, { items: { data: [{ price: { id: 'price_team' }, quantity: 3 }] } });
    expect((await send(event('customer.subscription.created', bought))).body).toEqual({ ok: true });
    const tierAt = async (app: TestApp) => (await app.call('get', '/auth/me', user)).body.tier;
    for (const app of [node, other]) await eventually(async () => (await tierAt(app)) === 'team');
    expect(await subscriptionOf(user)).toMatchObject({
      tier: 'team',
      seats: 3,
      status: 'active',
      features: { sso: true },
    });

    await send(event('customer.subscription.deleted', { ...bought, status: 'canceled' }));
    for (const app of [node, other]) await eventually(async () => (await tierAt(app)) === 'free');
    await send(event('customer.subscription.updated', bought, { created: stripe.world.now() + 100 }));
    expect(await subscriptionOf(user)).toMatchObject({ tier: 'free', status: 'canceled' });
    const log = await database.query(
      'SELECT from_tier, to_tier, to_seats FROM tier_changes WHERE user_id = $1 ORDER BY at',
      [user.id],
    );
    expect(log.rows).toEqual([
      { from_tier: 'free', to_tier: 'team', to_seats: 3 },
      { from_tier: 'team', to_tier: 'free', to_seats: 1 },
    ]);
  });

  it.each([
    ['without a signature', (body: string) => [body, undefined]],
    ['with an empty one', (body: string) => [body, '']],
    ['with a wrong secret', (body: string, at: number) => [body, signBody(body, 'whsec_wrong', at)]],
    ['signed 301 s ago', (body: string, at: number) => [body, signBody(body, WEBHOOK_SECRET, at - 301)]],
    ['signed in 301 s', (body: string, at: number) => [body, signBody(body, WEBHOOK_SECRET, at + 301)]],
    [
      'with a byte changed',
      (body: string, at: number) => [body.replace('active', 'Active'), signBody(body, WEBHOOK_SECRET, at)],
    ],
    [
      'serialised again',
      (body: string, at: number) => [JSON.stringify(JSON.parse(body)), signBody(body, WEBHOOK_SECRET, at)],
    ],
    ['with a blank added', (body: string, at: number) => [`${body} `, signBody(body, WEBHOOK_SECRET, at)]],
    [
      'with the time changed',
      (body: string, at: number) => [body, signBody(body, WEBHOOK_SECRET, at).replace(`t=${at}`, `t=${at + 1}`)],
    ],
    ['with two times', (body: string, at: number) => [body, `t=${at},${signBody(body, WEBHOOK_SECRET, at)}`]],
    [
      'signed by another scheme',
      (body: string, at: number) => [body, signBody(body, WEBHOOK_SECRET, at).replace('v1=', 'v2=')],
    ],
  ] as const)('are 400 and have no effect %s', async (_, forge) => {
    const user = await node.user();
    const { body } = stripe.webhooks.signed(
      event('customer.subscription.created', subscription(user.id)),
      WEBHOOK_SECRET,
    );
    const at = Math.floor(Date.now() / 1000);
    const [sent, signature] = forge(body, at);
    const answer = await atTime(at, () => sendRaw(sent ?? '', signature));
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ code: 'invalid_signature' });
    expect(await subscriptionOf(user)).toMatchObject({ tier: 'free', status: 'none' });
  });

  it('are accepted under any of the secrets and up to 300 s old, whatever their type', async () => {
    const user = await node.user();
    const one = event('customer.subscription.created', subscription(user.id));
    expect((await send(one, node, 'whsec_rolled_out')).status).toBe(200);
    const { body } = stripe.webhooks.signed(one, WEBHOOK_SECRET);
    const at = Math.floor(Date.now() / 1000);
    const old = signBody(body, WEBHOOK_SECRET, at - 300);
    expect((await atTime(at, () => sendRaw(body, old))).body).toEqual({ ok: true });
    expect((await send(event('radar.early_fraud_warning.created', { id: 'issfr_1' }))).body).toEqual({ ok: true });
    const noEvent = JSON.stringify({ hello: 'world' });
    expect((await sendRaw(noEvent, signBody(noEvent, WEBHOOK_SECRET, Math.floor(Date.now() / 1000)))).status).toBe(400);
  });

  it('of a connected account change no tier', async () => {
    const user = await node.user();
    const forged = subscription(user.id, { metadata: { user_id: user.id, tier: 'team' } });
    expect((await send(event('customer.subscription.created', forged, { account: 'acct_1' }))).status).toBe(200);
    expect(await subscriptionOf(user)).toMatchObject({ tier: 'free', status: 'none' });
  });

  it('of an unknown customer are kept until the customer is known', async () => {
    const user = await node.user();
    const bought = subscription(null, { id: stripe.world.id('sub') });
    const { id, customer } = { id: Reflect.get(bought, 'id'), customer: Reflect.get(bought, 'customer') };
    await send(event('customer.subscription.created', bought));
    await send(
      event(
        'customer.subscription.updated',
        { ...bought, cancel_at_period_end: true },
        { created: stripe.world.now() + 5 },
      ),
    );
    expect(await subscriptionOf(user)).toMatchObject({ tier: 'free' });
    const waiting = await database.query(`SELECT 1 FROM graphile_worker.jobs WHERE key = $1`, [`settle:${id}`]);
    expect(waiting.rowCount).toBe(1);
    await send(
      event('checkout.session.completed', {
        id: 'cs_1',
        mode: 'subscription',
        customer,
        subscription: id,
        client_reference_id: user.id,
      }),
    );
    expect(await subscriptionOf(user)).toMatchObject({ tier: 'pro', status: 'active', cancel_at_period_end: true });
  });

  it('of two subscriptions give the higher tier, and the lower one when that ends', async () => {
    const user = await node.user();
    const low = subscription(user.id);
    const high = subscription(user.id, { items: { data: [{ price: { id: 'price_power' }, quantity: 1 }] } });
    await Promise.all([
      send(event('customer.subscription.created', low)),
      send(event('customer.subscription.created', high), other),
    ]);
    expect(await subscriptionOf(user)).toMatchObject({ tier: 'power' });
    await send(event('customer.subscription.deleted', high));
    await eventually(async () => (await subscriptionOf(user))['tier'] === 'pro');
  });

  it('of a single payment leave a tier that an administrator has given', async () => {
    const user = await node.user('power');
    const customer = stripe.world.id('cus');
    const page = { id: stripe.world.id('cs'), mode: 'payment', payment_status: 'paid', customer };
    expect((await send(event('checkout.session.completed', { ...page, client_reference_id: user.id }))).status).toBe(
      200,
    );
    expect(await subscriptionOf(user)).toMatchObject({ tier: 'power' });
  });

  it('of a failed payment leave the tier for exactly 7 days', async () => {
    const user = await node.user();
    const now = stripe.world.now();
    const bought = subscription(user.id);
    const invoice = { id: 'in_f', customer: Reflect.get(bought, 'customer'), subscription: Reflect.get(bought, 'id') };
    await send(event('customer.subscription.created', bought, { created: now - 9 * 86_400 }));
    await send(event('invoice.payment_failed', invoice, { created: now - 6 * 86_400 }));
    expect(await subscriptionOf(user)).toMatchObject({ tier: 'pro', status: 'past_due' });
    const job = await database.query(
      `SELECT extract(epoch FROM run_at)::float8 AS at FROM graphile_worker.jobs WHERE key = $1`,
      [`grace:${user.id}`],
    );
    expect(job.rows[0]?.at).toBe(now + 86_400);
    await send(event('invoice.payment_failed', { ...invoice, id: 'in_e' }, { created: now - 8 * 86_400 }));
    await eventually(async () => (await subscriptionOf(user))['tier'] === 'free');
    expect(await subscriptionOf(user)).toMatchObject({ tier: 'free', status: 'past_due' });
    await send(event('invoice.paid', invoice, { created: now }));
    await eventually(async () => (await subscriptionOf(user))['tier'] === 'pro');
  });

  it('in the shape before API version 2025-03-31 are read as well', async () => {
    const user = await node.user();
    const end = stripe.world.now() + 5_000;
    const old = subscription(user.id, {
      current_period_end: end,
      items: { data: [{ price: { id: 'price_pro' }, quantity: 1 }] },
    });
    await send(event('customer.subscription.created', old));
    expect(await subscriptionOf(user)).toMatchObject({ tier: 'pro', current_period_end: end * 1000 });
  });

  it('are 503 while the database is down, and then have their effect', async () => {
    const gate = await TcpProxy.before(node.database.url);
    const behind = await TestApp.start({ ...WEBHOOK_ONLY, DATABASE_URL: gate.url }, node);
    const user = await behind.user();
    const one = event('customer.subscription.created', subscription(user.id));
    await gate.close();
    const down = await send(one, behind);
    expect(down.status).toBe(503);
    expect(down.headers['retry-after']).toBeDefined();
    await gate.open();
    await eventually(async () => (await send(one, behind)).status === 200);
    expect(await subscriptionOf(user)).toMatchObject({ tier: 'pro' });
    await behind.stop();
    await gate.close();
  });

  it('with more seats than Stripe sells change no tier, and are answered 200', async () => {
    const user = await node.user();
    const items = { data: [{ price: { id: 'price_team' }, quantity: 1e15 }] };
    const answer = await send(event('customer.subscription.updated', subscription(user.id, { items })));
    expect(answer.status).toBe(200);
    expect(await subscriptionOf(user)).toMatchObject({ tier: 'free' });
  });

  it.each([
    ['customer.subscription.updated', 'v1.customer.subscription.updated'],
    ['an account', 'v2.core.account.updated'],
  ])('that are thin are refused with the setting to change, not ignored: %s', async (_, type) => {
    const id = stripe.world.id('evt');
    const related_object = { id: 'sub_1', type: 'subscription', url: '/v1/subscriptions/sub_1' };
    const thin = {
      id,
      object: 'v2.core.event',
      type,
      created: new Date().toISOString(),
      livemode: false,
      related_object,
    };
    const { status, body } = await send(thin);
    expect([status, body.code, body.detail]).toEqual([422, 'unprocessable', expect.stringContaining('snapshot')]);
    const stored = await database.query('SELECT 1 FROM stripe_events WHERE id = $1', [id]);
    expect(stored.rowCount).toBe(0);
    expect((await send(thin, node, 'whsec_wrong')).status).toBe(400);
  });

  it('that move a subscription to a price of another product keep its tier', async () => {
    const user = await node.user();
    const bought = subscription(user.id, { items: { data: [{ price: { id: 'price_power' }, quantity: 1 }] } });
    const items = { data: [{ price: { id: 'price_of_another_product' }, quantity: 9 }] };
    await send(event('customer.subscription.created', bought));
    await send(event('customer.subscription.updated', { ...bought, items }, { created: stripe.world.now() + 5 }));
    expect(await subscriptionOf(user)).toMatchObject({ tier: 'power', status: 'active' });
    await send(event('customer.subscription.deleted', { ...bought, items, status: 'canceled' }));
    expect(await subscriptionOf(user)).toMatchObject({ tier: 'free', status: 'canceled' });
  });

  it('larger than 1 MiB are 413', async () => {
    const body = JSON.stringify({ id: 'evt_large', type: 'x', pad: 'x'.repeat(1024 * 1024) });
    expect((await sendRaw(body, signBody(body, WEBHOOK_SECRET, Math.floor(Date.now() / 1000)))).status).toBe(413);
  });
});

describe('without any setting', () => {
  it('billing names the missing setting, and still shows its tiers', async () => {
    const app = await TestApp.start();
    const user = await app.user();
    const detail = async (made: Promise<Response>): Promise<unknown> => {
      const { status, body } = await made;
      return [status, body.code, body.detail];
    };
    expect(await detail(app.call('post', '/billing/webhook').send('{}'))).toEqual([
      501,
      'not_configured',
      'STRIPE_WEBHOOK_SECRET is not set',
    ]);
    const withoutKey = [501, 'not_configured', 'STRIPE_SECRET_KEY is not set'];
    expect(await detail(app.call('post', '/billing/checkout', user).send({ tier: 'pro' }))).toEqual(withoutKey);
    expect(await detail(app.call('post', '/billing/portal', user))).toEqual(withoutKey);
    expect(await detail(app.call('delete', '/billing/subscription', user))).toEqual(withoutKey);
    const subscription = await app.call('get', '/billing/subscription', user).expect(200);
    expect((await app.call('get', '/billing/status', user).expect(200)).body).toEqual(subscription.body);
    const { body } = await app.call('get', '/billing/tiers').expect(200);
    expect(body.tiers.map((row: { tier: string; price_cents: number }) => [row.tier, row.price_cents])).toEqual([
      ['free', 0],
      ['pro', 1500],
      ['power', 2900],
      ['team', 4900],
    ]);
    expect(body.tiers[3].features).toEqual({
      agents: -1,
      batch_active: -1,
      cloud_storage_gb: -1,
      backup_gb: -1,
      providers: -1,
      batch_builder: true,
      plugin_marketplace: true,
      sso: true,
    });
    await app.stop();
  });
});
