import { Client } from 'pg';
import { Reconciliation, SubscriptionRefresh } from '@adiuva/billing';
import { eventually, PASSWORD, TestApp, type TestUser, whenBusy } from '../support/app';
import type { StripeSession } from '../support/fakes/stripe/objects';
import { settingsFor, stripeWithPrices, WEBHOOK_SECRET } from '../support/builders/stripe-life';

describe('buying, with the SDK against the double of Stripe', () => {
  const stripe = stripeWithPrices();
  let node: TestApp;
  let other: TestApp;
  /** Waits no longer for Stripe than a test does. */
  let impatient: TestApp;
  let database: Client;

  beforeAll(async () => {
    await stripe.start();
    const settings = {
      ...settingsFor(stripe),
      BILLING_RETURN_URL: 'adiuva://billing',
      DATABASE_POOL: '12',
    };
    node = await TestApp.start(settings);
    other = await TestApp.start(settings, node);
    impatient = await TestApp.start({ ...settings, STRIPE_TIMEOUT_MS: '1500' }, node);
    await node.startJobs();
    for (const [app, at] of [
      [node, 0],
      [other, 1],
    ] as const) {
      if (at === 0) stripe.webhooks.addEndpoint({ url: `${app.url}/api/v1/billing/webhook`, secret: WEBHOOK_SECRET });
    }
    database = new Client({ connectionString: node.database.url });
    await database.connect();
  });
  afterAll(async () => {
    await stripe.webhooks.settled();
    await database.end();
    await impatient.stop();
    await other.stop();
    await node.stop();
    await stripe.stop();
  });
  beforeEach(() => {
    stripe.heal();
    stripe.webhooks.manner = 'rough';
  });

  async function subscriptionOf(user: TestUser): Promise<Record<string, unknown>> {
    const { body } = await node.call('get', '/billing/subscription', user).expect(200);
    return body;
  }

  async function checkout(user: TestUser, wanted: object): Promise<StripeSession> {
    const { body } = await node.call('post', '/billing/checkout', user).send(wanted).expect(200);
    return stripe.world.sessions.get(String(body.checkout_url).split('/').at(-1) ?? '');
  }

  async function buyer(
    tier: 'pro' | 'power' | 'team' = 'pro',
    seats = 1,
  ): Promise<{ user: TestUser; subscription: string }> {
    const user = await node.user();
    const { subscription } = stripe.payers.complete((await checkout(user, { tier, seats })).id);
    await eventually(async () => (await subscriptionOf(user))['tier'] === tier);
    await stripe.webhooks.settled();
    return { user, subscription: subscription ?? '' };
  }

  const live = (user: TestUser) =>
    stripe.world.subscriptions.where((row) => row.metadata['user_id'] === user.id && row.ended_at === null);

  it('sells seats for team on a page that knows the user, and the tier follows', async () => {
    const user = await node.user();
    const session = await checkout(user, { tier: 'team', seats: 4 });
    expect(session).toMatchObject({
      client_reference_id: user.id,
      mode: 'subscription',
      success_url: 'adiuva://billing',
      amount_total: 4 * 4900,
    });
    stripe.payers.complete(session.id);
    await eventually(async () => (await subscriptionOf(user))['tier'] === 'team');
    await stripe.webhooks.settled();
    expect(await subscriptionOf(user)).toMatchObject({
      tier: 'team',
      seats: 4,
      status: 'active',
      cancel_at_period_end: false,
    });
    expect(live(user)[0]?.metadata).toEqual({ user_id: user.id, tier: 'team', seats: '4' });
  });

  it.each([
    [{ tier: 'free' }, 'tier'],
    [{ tier: 'gold' }, 'tier'],
    [{ tier: 'team', seats: 0 }, 'seats'],
    [{ tier: 'team', seats: 1.5 }, 'seats'],
    [{ tier: 'team', seats: 1001 }, 'seats'],
    [{ tier: 'pro', seats: 2 }, 'seats'],
    [{ tier: 'pro', coupon: 'x' }, 'coupon'],
    [{}, 'tier'],
  ])('refuses %j', async (wanted, field) => {
    const { status, body } = await node.call('post', '/billing/checkout', await node.user()).send(wanted);
    expect([status, body.code, body.errors[0].field]).toEqual([400, 'validation_failed', field]);
  });

  it('sells nothing twice: one page stays open, and who has a subscription gets no page', async () => {
    const user = await node.user();
    const pages = await Promise.all(Array.from({ length: 6 }, () => checkout(user, { tier: 'pro' })));
    await eventually(() => pages.filter((page) => page.status === 'open').length <= 1);
    const last = await checkout(user, { tier: 'power' });
    expect(pages.filter((page) => page.status === 'open')).toEqual([]);
    stripe.payers.complete(last.id);
    await eventually(async () => (await subscriptionOf(user))['tier'] === 'power');
    const { status, body } = await node.call('post', '/billing/checkout', user).send({ tier: 'team' });
    expect([status, body.code]).toEqual([409, 'conflict']);
  });

  it('sells nothing twice to who has paid on the earlier page, although its event has not arrived', async () => {
    const user = await node.user();
    stripe.webhooks.manner = 'held';
    stripe.payers.complete((await checkout(user, { tier: 'pro' })).id);
    const { status, body } = await node.call('post', '/billing/checkout', user).send({ tier: 'power' });
    expect([status, body.code]).toEqual([409, 'conflict']);
    expect(await subscriptionOf(user)).toMatchObject({ tier: 'pro', status: 'active' });
    const open = stripe.world.sessions.where((row) => row.client_reference_id === user.id && row.status === 'open');
    expect(open).toEqual([]);
    stripe.webhooks.manner = 'rough';
  });

  it('replays the page to a request that comes again with its key', async () => {
    const user = await node.user();
    const ask = () =>
      node.call('post', '/billing/checkout', user).set('Idempotency-Key', 'click').send({ tier: 'pro' }).expect(200);
    expect((await ask()).body).toEqual((await ask()).body);
  });

  it('opens the portal for who has bought, and a plan that is changed there counts', async () => {
    const { user, subscription } = await buyer();
    const { body } = await node.call('post', '/billing/portal', user).expect(200);
    expect(body.portal_url).toMatch(/^https:/);
    stripe.payers.changePlan(subscription, stripe.world.prices.get('price_power'));
    await eventually(async () => (await subscriptionOf(user))['tier'] === 'power');
    await node.call('post', '/billing/portal', await node.user()).expect(404);
  });

  it("cancels at the period's end, at once and as often as asked, and not before", async () => {
    const { user, subscription } = await buyer();
    stripe.webhooks.manner = 'held';
    for (let time = 0; time < 2; time += 1) {
      const { body } = await node.call('delete', '/billing/subscription', user).expect(200);
      expect(body).toEqual({ ok: true });
    }
    expect(stripe.world.subscriptions.get(subscription)).toMatchObject({
      status: 'active',
      cancel_at_period_end: true,
    });
    expect(await subscriptionOf(user)).toMatchObject({ tier: 'pro', cancel_at_period_end: true });
    stripe.webhooks.manner = 'rough';
    stripe.payers.end(subscription);
    await eventually(async () => (await subscriptionOf(user))['tier'] === 'free');
    await node.call('delete', '/billing/subscription', user).expect(404);
    expect((await checkout(user, { tier: 'pro' })).customer).toBe(
      stripe.world.subscriptions.get(subscription).customer,
    );
  });

  it('ends in the one right state although events come late, twice and out of order', async () => {
    const buyers = await Promise.all(Array.from({ length: 5 }, () => buyer()));
    for (const [index, { subscription }] of buyers.entries()) {
      stripe.world.pass(1);
      stripe.payers.renew(subscription, index % 2 ? 'failed' : 'paid');
      stripe.payers.changePlan(subscription, stripe.world.prices.get('price_team'), index + 2);
      if (index === 4) stripe.payers.end(subscription);
    }
    await stripe.webhooks.settled();
    for (const [index, { user, subscription }] of buyers.entries()) {
      const { status } = stripe.world.subscriptions.get(subscription);
      const tier = status === 'canceled' ? 'free' : 'team';
      await eventually(async () => {
        const mine = await subscriptionOf(user);
        return (
          mine['status'] === status && mine['tier'] === tier && mine['seats'] === (tier === 'team' ? index + 2 : 1)
        );
      });
    }
  });

  it('asks Stripe where two events of one second differ', async () => {
    const { user, subscription } = await buyer();
    stripe.webhooks.manner = 'held';
    const before = stripe.world.events.rows.size;
    stripe.payers.changePlan(subscription, stripe.world.prices.get('price_team'), 9);
    stripe.payers.changePlan(subscription, stripe.world.prices.get('price_power'));
    const [one, two] = [...stripe.world.events.rows.values()].slice(before);
    if (!one || !two) throw new Error('two events were expected');
    two.created = one.created;
    await stripe.webhooks.deliver(two);
    await stripe.webhooks.deliver(one);
    await eventually(async () => (await subscriptionOf(user))['tier'] === 'power');
  });

  it('finds out whose a customer is that was made in the dashboard', async () => {
    const user = await node.user();
    stripe.webhooks.manner = 'held';
    const session = await checkout(user, { tier: 'pro' });
    const { subscription, customer } = stripe.payers.complete(session.id);
    const bought = stripe.world.subscriptions.get(subscription ?? '');
    bought.metadata = {};
    stripe.world.customers.get(customer ?? '').metadata = { user_id: user.id };
    stripe.world.pass(0.001);
    await stripe.webhooks.deliver(stripe.world.emit('customer.subscription.updated', bought));
    await eventually(async () => (await subscriptionOf(user))['tier'] === 'pro');
  });

  it('takes the tier back when the grace ends, and gives it again when the payment comes', async () => {
    const { user, subscription } = await buyer('power');
    stripe.webhooks.manner = 'held';
    const before = stripe.world.events.rows.size;
    stripe.payers.renew(subscription, 'failed');
    const events = [...stripe.world.events.rows.values()].slice(before);
    for (const event of events) await stripe.webhooks.deliver(event);
    expect(await subscriptionOf(user)).toMatchObject({ tier: 'power', status: 'past_due' });
    // Events of one second make a job that asks Stripe; its answer would write the view again.
    await eventually(async () => {
      const key = `settle:${subscription}`;
      return (await database.query('SELECT 1 FROM graphile_worker.jobs WHERE key = $1', [key])).rows.length === 0;
    });
    await database.query(`UPDATE subscriptions SET view = jsonb_set(view, '{graceUntil}', '1') WHERE id = $1`, [
      subscription,
    ]);
    await node.nest.get(SubscriptionRefresh).endGrace(user.id);
    await eventually(async () => (await subscriptionOf(user))['tier'] === 'free');
    const { rows } = await database.query(
      'SELECT cause FROM tier_changes WHERE user_id = $1 ORDER BY at DESC LIMIT 1',
      [user.id],
    );
    expect(rows).toEqual([{ cause: 'grace' }]);
    stripe.world.pass(0.01);
    stripe.payers.retry(subscription, 'paid');
    for (const event of [...stripe.world.events.rows.values()].slice(before)) await stripe.webhooks.deliver(event);
    await eventually(async () => (await subscriptionOf(user))['tier'] === 'power');
  });

  it('reaches an open socket within 5 s: what the tier does not have is refused there too', async () => {
    const { user, subscription } = await buyer('power');
    const socket = await other.socket(user.accessToken);
    const ask = async (): Promise<string> => {
      const frame = { message: 'When?', agents: ['checkpoint_agent'] };
      const ack: { problem?: { code: string } } = await socket.emitWithAck('chat:send', frame);
      return ack.problem?.code ?? 'taken';
    };
    expect(await ask()).toBe('taken');
    stripe.payers.end(subscription);
    await eventually(async () => (await ask()) === 'upgrade_required');
  });

  it('lists drift at night and mends it', async () => {
    const missed = await node.user();
    const { user: changed, subscription: changedId } = await buyer();
    const { user: ended, subscription: endedId } = await buyer('team', 2);
    stripe.webhooks.manner = 'held';
    stripe.payers.complete((await checkout(missed, { tier: 'pro' })).id);
    stripe.payers.changePlan(changedId, stripe.world.prices.get('price_power'));
    stripe.payers.end(endedId);
    const drifts = await node.nest.get(Reconciliation).run();
    const mine = drifts.filter((drift) => [missed.id, changed.id, ended.id].includes(drift.userId ?? ''));
    expect(mine.map(({ kind, userId, mended }) => [kind, userId, mended]).sort()).toEqual(
      [
        ['missing', missed.id, true],
        ['differs', changed.id, true],
        ['differs', ended.id, true],
      ].sort(),
    );
    expect(await subscriptionOf(missed)).toMatchObject({ tier: 'pro' });
    expect(await subscriptionOf(changed)).toMatchObject({ tier: 'power' });
    expect(await subscriptionOf(ended)).toMatchObject({ tier: 'free', status: 'canceled' });
    const again = await node.nest.get(Reconciliation).run();
    expect(again.filter((drift) => drift.kind !== 'doubled' && drift.kind !== 'unowned')).toEqual([]);
    const { rows } = await database.query('SELECT kind FROM billing_drifts WHERE user_id = $1', [missed.id]);
    expect(rows).toEqual([{ kind: 'missing' }]);
  });

  it('keeps data readable and refuses writes after a fall to free', async () => {
    const { user, subscription } = await buyer('pro');
    const item = { id: 'a', blob: Buffer.alloc(48, 7).toString('base64') };
    const checksum = await sha256(item.blob);
    const upsert = () => node.call('post', '/storage/vectors/upsert', user).send({ vectors: [{ ...item, checksum }] });
    const first = await upsert();
    if (first.status === 404) return;
    stripe.payers.end(subscription);
    await eventually(async () => (await subscriptionOf(user))['tier'] === 'free');
    expect((await upsert()).status).toBe(402);
  });

  it('ends what is paid, and forgets the customer, when the account is erased', async () => {
    const { user, subscription } = await buyer();
    const { customer } = stripe.world.subscriptions.get(subscription);
    await node.call('delete', '/auth/account', user).send({ password: PASSWORD }).expect(202);
    await eventually(() => stripe.world.customers.rows.get(customer)?.deleted === true);
    expect(live(user)).toEqual([]);
    await eventually(async () => {
      const { rows } = await database.query(
        `SELECT (SELECT count(*) FROM subscriptions WHERE user_id = $1) + (SELECT count(*) FROM stripe_customers WHERE user_id = $1)
          + (SELECT count(*) FROM tier_changes WHERE user_id = $1) + (SELECT count(*) FROM entitlements WHERE user_id = $1)
          + (SELECT count(*) FROM open_checkouts WHERE user_id = $1) AS n`,
        [user.id],
      );
      return rows[0]?.n === '0';
    });
  });

  it.each([
    ['down', 503, 'unavailable'],
    ['silent', 504, 'upstream_timeout'],
    ['failing', 503, 'unavailable'],
    ['busy', 503, 'unavailable'],
  ] as const)('says so when Stripe is %s, in 2 s', async (kind, status, code) => {
    const user = await node.user();
    stripe.suffer({ kind });
    const begun = performance.now();
    // One that answers immediately is not late because this process stood still.
    const app = kind === 'silent' ? impatient : node;
    const answer = await app.call('post', '/billing/checkout', user).send({ tier: 'pro' });
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(JSON.stringify(answer.body)).not.toMatch(/stripe|sk_test/i);
    expect(performance.now() - begun).toBeLessThan(whenBusy(2_000));
  });

  it('does not ask Stripe while it is known to be down, but for a probe now and then', async () => {
    const user = await other.user();
    stripe.suffer({ kind: 'failing' });
    const ask = () => other.call('post', '/billing/checkout', user).send({ tier: 'pro' });
    for (let attempt = 0; attempt < 6; attempt += 1) await ask().expect(503);
    const before = stripe.requests.length;
    for (let attempt = 0; attempt < 10; attempt += 1) await ask().expect(503);
    expect(stripe.requests.length - before).toBeLessThan(5);
  });
});

async function sha256(base64: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', Buffer.from(base64, 'base64'));
  return Buffer.from(digest).toString('hex');
}
