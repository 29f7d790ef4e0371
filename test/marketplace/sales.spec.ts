import { TestApp, type TestUser } from '../support/app';
import { settingsFor } from '../support/builders/stripe-life';
import { Shop } from './shop';
import { Store } from './store';

describe('sales', () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await Shop.open();
  });
  afterAll(() => shop.close());
  afterEach(() => {
    shop.stripe.heal();
    shop.stripe.webhooks.manner = 'prompt';
  });

  const details = async (user: TestUser, pluginId: string) =>
    (await shop.app.call('get', `/plugins/${pluginId}`, user).expect(200)).body;
  const purchases = (pluginId: string) =>
    shop.rows<{ id: string; state: string }>(
      'SELECT id, state FROM plugin_purchases WHERE plugin_id = $1 ORDER BY id',
      [pluginId],
    );

  it('charge the card on file once for twenty clicks at once, on two nodes', async () => {
    const { author, pluginId } = await shop.seller(999);
    const buyer = await shop.buyer();
    const other = new Store(await TestApp.start(settingsFor(shop.stripe), shop.app));
    try {
      const clicks = Array.from({ length: 20 }, (_, index) =>
        (index % 2 === 0 ? shop : other).install(buyer, pluginId),
      );
      for (const { status, body } of await Promise.all(clicks)) {
        expect([status, body]).toEqual([200, { ok: true, download_url: expect.any(String) }]);
      }
    } finally {
      await other.app.stop();
    }
    expect(await shop.charges(pluginId)).toHaveLength(1);
    expect(await shop.lines(pluginId)).toEqual([
      { kind: 'sale', gross_cents: 999, developer_cents: 699, platform_cents: 300 },
    ]);
    expect(await details(buyer, pluginId)).toMatchObject({ install_count: 1, installed: true });
    expect(await shop.earnings(author)).toMatchObject({
      sales: 1,
      gross_cents: 999,
      developer_cents: 699,
      platform_cents: 300,
    });
  });

  it('send to a page where there is no card, one page for all clicks, and deliver when it is paid', async () => {
    const { pluginId } = await shop.seller(500);
    const buyer = await shop.buyer(null);
    const clicks = await Promise.all(Array.from({ length: 20 }, () => shop.install(buyer, pluginId)));
    const [first] = clicks;
    for (const { status, body } of clicks) {
      expect([status, body.code, body.checkout_url]).toEqual([402, 'payment_required', first?.body.checkout_url]);
    }
    const [session] = shop.stripe.world.sessions.where((row) => row.url === first?.body.checkout_url);
    expect(session?.amount_total).toBe(500);
    expect(await details(buyer, pluginId)).toMatchObject({ installed: false });
    shop.stripe.payers.complete(session?.id ?? '');
    await shop.stripe.webhooks.settled();
    expect(await details(buyer, pluginId)).toMatchObject({ installed: true, install_count: 1 });
    await shop.install(buyer, pluginId).expect(200);
    const next = await shop.seller(700);
    await shop.install(buyer, next.pluginId).expect(200);
    expect([(await shop.charges(pluginId)).length, (await shop.charges(next.pluginId)).length]).toEqual([1, 1]);
  });

  it('that were paid on the page are delivered even if nobody told us', async () => {
    const { pluginId } = await shop.seller(500);
    const buyer = await shop.buyer(null);
    const { body } = await shop.install(buyer, pluginId).expect(402);
    const [session] = shop.stripe.world.sessions.where((row) => row.url === body.checkout_url);
    shop.stripe.webhooks.manner = 'held';
    shop.stripe.payers.complete(session?.id ?? '');
    shop.stripe.webhooks.manner = 'prompt';
    await shop.rows(`UPDATE plugin_purchases SET page_ends_at = now() WHERE plugin_id = $1`, [pluginId]);
    await shop.settle(pluginId);
    expect(await details(buyer, pluginId)).toMatchObject({ installed: true });
    expect(await shop.lines(pluginId)).toHaveLength(1);
  });

  it('send to a page when the bank refuses the card, and charge nothing', async () => {
    const { pluginId } = await shop.seller(500);
    const buyer = await shop.buyer('pm_card_chargeDeclined');
    const { body } = await shop.install(buyer, pluginId).expect(402);
    expect([body.code, body.checkout_url]).toEqual(['payment_required', expect.stringContaining('https://')]);
    expect([await shop.charges(pluginId), await shop.lines(pluginId)]).toEqual([[], []]);
  });

  it('are made once: who removes a plugin installs it again for nothing, and a later price does not matter', async () => {
    const { author, pluginId } = await shop.seller(500);
    const buyer = await shop.buyer();
    await shop.install(buyer, pluginId).expect(200);
    await shop.app.call('delete', `/plugins/${pluginId}/install`, buyer).expect(200);
    await shop.submitVersion(author, pluginId, { version: '1.1.0', price_cents: 900 }).expect(201);
    await shop.decide(await shop.admin(), pluginId, 'approve').expect(200);
    await shop.install(buyer, pluginId).expect(200);
    expect(await shop.charges(pluginId)).toHaveLength(1);
  });

  it('cost the author nothing', async () => {
    const { author, pluginId } = await shop.seller(500);
    await shop.app.setTier(author.id, 'power');
    await shop.install(author, pluginId).expect(200);
    expect(await shop.charges(pluginId)).toEqual([]);
  });

  it('are refused where nothing can be sold', async () => {
    const app = await TestApp.start();
    try {
      const store = new Store(app);
      const pluginId = await store.publish(await app.user(), { price_cents: 500 });
      const { body } = await store.install(await app.user('power'), pluginId).expect(501);
      expect(body).toMatchObject({ code: 'not_configured', detail: expect.stringContaining('STRIPE_SECRET_KEY') });
      await app.call('post', '/developer/onboarding', await app.user()).expect(501);
      await app
        .call('post', '/admin/payouts', await store.admin())
        .send({ period: '2026-01' })
        .expect(501);
    } finally {
      await app.stop();
    }
  });

  describe('interrupted', () => {
    it('after the charge are completed by the next click, with that one charge', async () => {
      const { pluginId } = await shop.seller(500);
      const buyer = await shop.buyer();
      shop.stripe.webhooks.manner = 'held';
      shop.stripe.suffer({ kind: 'answer_lost', times: 2, path: '/v1/payment_intents' });
      expect((await shop.install(buyer, pluginId)).status).toBeGreaterThanOrEqual(500);
      expect([(await shop.charges(pluginId)).length, await shop.lines(pluginId)]).toEqual([1, []]);
      await shop.install(buyer, pluginId).expect(200);
      expect([(await shop.charges(pluginId)).length, (await shop.lines(pluginId)).length]).toEqual([1, 1]);
    });

    it('after the charge are completed without any click', async () => {
      const { pluginId } = await shop.seller(500);
      const buyer = await shop.buyer();
      shop.stripe.webhooks.manner = 'held';
      shop.stripe.suffer({ kind: 'answer_lost', times: 2, path: '/v1/payment_intents' });
      await shop.install(buyer, pluginId);
      const [job] = await shop.rows<{ minutes: number }>(
        `SELECT extract(epoch FROM run_at - now()) / 60 AS minutes FROM graphile_worker.jobs WHERE key = $1`,
        [`settle_plugin:${(await purchases(pluginId))[0]?.id}`],
      );
      expect(Number(job?.minutes)).toBeLessThan(10);
      await shop.settle(pluginId);
      await shop.settle(pluginId);
      expect(await details(buyer, pluginId)).toMatchObject({ installed: true, install_count: 1 });
      expect([(await shop.charges(pluginId)).length, (await shop.lines(pluginId)).length]).toEqual([1, 1]);
    });

    it('before the charge come to nothing, and are begun anew by the next click', async () => {
      const { pluginId } = await shop.seller(500);
      const buyer = await shop.buyer();
      shop.stripe.suffer({ kind: 'down', times: 2, path: '/v1/payment_intents' });
      expect((await shop.install(buyer, pluginId)).status).toBeGreaterThanOrEqual(500);
      await shop.settle(pluginId);
      expect((await purchases(pluginId)).map(({ state }) => state)).toEqual(['failed']);
      await shop.install(buyer, pluginId).expect(200);
      expect([(await shop.charges(pluginId)).length, (await shop.lines(pluginId)).length]).toEqual([1, 1]);
    });

    it('while the plugin left the catalogue are given back', async () => {
      const { pluginId } = await shop.seller(500);
      const buyer = await shop.buyer();
      shop.stripe.webhooks.manner = 'held';
      await shop.sellUnlisted(buyer, pluginId);
      const [refund] = await shop.rows<{ payload: object }>(
        `SELECT p.payload FROM graphile_worker._private_jobs p WHERE p.payload::jsonb ->> 'purchaseId' = $1 AND p.payload::jsonb ? 'paymentId'`,
        [(await purchases(pluginId))[0]?.id],
      );
      await shop.job('refund_plugin_purchase', refund?.payload ?? {});
      await shop.job('refund_plugin_purchase', refund?.payload ?? {});
      await shop.stripe.webhooks.settled();
      expect((await shop.charges(pluginId)).map(({ refunded }) => refunded)).toEqual([true]);
      expect([(await purchases(pluginId))[0]?.state, await shop.lines(pluginId)]).toEqual(['refunded', []]);
    });

    it('and paid a second time on an old page are given back the second time', async () => {
      const { pluginId } = await shop.seller(500);
      const buyer = await shop.buyer(null);
      const { body } = await shop.install(buyer, pluginId).expect(402);
      const [session] = shop.stripe.world.sessions.where((row) => row.url === body.checkout_url);
      shop.stripe.payers.complete(session?.id ?? '');
      await shop.stripe.webhooks.settled();
      const [purchase] = await purchases(pluginId);
      const again = {
        id: 'cs_other',
        mode: 'payment',
        payment_status: 'paid',
        payment_intent: 'pi_second',
        metadata: { reference: `plugin_${purchase?.id}`, user_id: buyer.id },
      };
      shop.stripe.world.emit('checkout.session.completed', again);
      await shop.stripe.webhooks.settled();
      const jobs = await shop.rows<{ payload: object }>(
        `SELECT payload FROM graphile_worker._private_jobs WHERE payload::jsonb ->> 'paymentId' = 'pi_second'`,
      );
      expect(jobs).toEqual([{ payload: { purchaseId: purchase?.id, paymentId: 'pi_second' } }]);
      expect(await shop.lines(pluginId)).toHaveLength(1);
    });
  });

  describe('given back', () => {
    const sale = async (cents = 999) => {
      const { author, pluginId } = await shop.seller(cents);
      const buyer = await shop.buyer();
      await shop.install(buyer, pluginId).expect(200);
      const [charge] = await shop.charges(pluginId);
      return { author, pluginId, buyer, charge: charge?.id ?? '' };
    };
    const sum = async (pluginId: string) =>
      (await shop.lines(pluginId)).reduce((total, line) => total + line.developer_cents, 0);

    it('in parts and then whole take back what they gave, and the plugin with it', async () => {
      const { pluginId, buyer, charge, author } = await sale();
      for (const cents of [100, 333]) shop.stripe.payers.refund(charge, cents);
      await shop.stripe.webhooks.settled();
      expect(await details(buyer, pluginId)).toMatchObject({ installed: true });
      shop.stripe.payers.refund(charge);
      await shop.stripe.webhooks.settled();
      expect(await sum(pluginId)).toBe(0);
      expect(await details(buyer, pluginId)).toMatchObject({ installed: false, install_count: 0 });
      expect(await shop.earnings(author)).toMatchObject({
        sales: 1,
        gross_cents: 999,
        refunded_cents: 999,
        developer_cents: 0,
        balance_cents: 0,
      });
      await shop.install(buyer, pluginId).expect(200);
      expect(await shop.charges(pluginId)).toHaveLength(2);
    });

    it('and told twice, late and in any order come to the same', async () => {
      shop.stripe.webhooks.manner = 'rough';
      const { pluginId, charge } = await sale();
      for (const cents of [100, 200, 300]) shop.stripe.payers.refund(charge, cents);
      await shop.stripe.webhooks.settled();
      shop.stripe.webhooks.manner = 'prompt';
      const lines = await shop.lines(pluginId);
      expect(lines.reduce((total, line) => total + line.gross_cents, 0)).toBe(399);
      expect(await sum(pluginId)).toBe(Math.floor(399 * 0.7));
    });

    it('before we heard of the payment are taken back all the same', async () => {
      const { pluginId } = await shop.seller(999);
      const buyer = await shop.buyer(null);
      const { body } = await shop.install(buyer, pluginId).expect(402);
      const [session] = shop.stripe.world.sessions.where((row) => row.url === body.checkout_url);
      shop.stripe.webhooks.manner = 'held';
      const before = shop.stripe.world.events.rows.size;
      const paid = shop.stripe.payers.complete(session?.id ?? '');
      const [charge] = shop.stripe.world.charges.where((row) => row.payment_intent === paid.payment_intent);
      shop.stripe.payers.refund(charge?.id ?? '');
      const events = [...shop.stripe.world.events.rows.values()].slice(before).reverse();
      for (const event of events) await shop.stripe.webhooks.deliver(event);
      shop.stripe.webhooks.manner = 'prompt';
      expect((await shop.lines(pluginId)).map((line) => line.developer_cents)).toEqual([699, -699]);
      expect(await details(buyer, pluginId)).toMatchObject({ installed: false, install_count: 0 });
    });

    it('by a dispute take back everything, once', async () => {
      const { pluginId, charge } = await sale();
      shop.stripe.payers.refund(charge, 99);
      await shop.stripe.webhooks.settled();
      shop.stripe.payers.dispute(charge);
      await shop.stripe.webhooks.settled();
      expect((await shop.lines(pluginId)).map((line) => line.kind)).toEqual(['sale', 'refund', 'dispute']);
      expect(await sum(pluginId)).toBe(0);
    });
  });
});
