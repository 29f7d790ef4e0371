import { TestApp, type TestUser } from '../support/app';
import type { StripeEvent } from '../support/fakes/stripe/objects';
import { post } from '../support/fakes/stripe/webhook-sender';
import { settingsFor, WEBHOOK_SECRET } from '../support/builders/stripe-life';
import { Shop } from './shop';

describe('money events after a sale', () => {
  let shop: Shop;
  beforeAll(async () => void (shop = await Shop.open()));
  afterAll(() => shop.close());
  beforeEach(() => void (shop.stripe.webhooks.manner = 'prompt'));

  const details = async (user: TestUser, pluginId: string) =>
    (await shop.app.call('get', `/plugins/${pluginId}`, user).expect(200)).body;
  const developerCents = async (pluginId: string) =>
    (await shop.lines(pluginId)).reduce((total, line) => total + line.developer_cents, 0);
  const states = async (pluginId: string) =>
    (
      await shop.rows<{ state: string }>('SELECT state FROM plugin_purchases WHERE plugin_id = $1 ORDER BY id', [
        pluginId,
      ])
    ).map(({ state }) => state);
  const settled = () => shop.stripe.webhooks.settled();

  const sale = async (cents = 999) => {
    const { author, pluginId } = await shop.seller(cents);
    const buyer = await shop.buyer();
    await shop.install(buyer, pluginId).expect(200);
    await settled();
    const [charge] = await shop.charges(pluginId);
    return { author, pluginId, buyer, charge: charge?.id ?? '' };
  };
  const page = async (cents = 999) => {
    const { author, pluginId } = await shop.seller(cents);
    const buyer = await shop.buyer(null);
    const { body } = await shop.install(buyer, pluginId).expect(402);
    const [session] = shop.stripe.world.sessions.where((row) => row.url === body.checkout_url);
    return { author, pluginId, buyer, session: session?.id ?? '', url: String(body.checkout_url) };
  };
  /** The events of what `act` does, none of them delivered. */
  const eventsOf = async (act: () => void | Promise<void>): Promise<StripeEvent[]> => {
    const before = shop.stripe.world.events.rows.size;
    shop.stripe.webhooks.manner = 'held';
    await act();
    return [...shop.stripe.world.events.rows.values()].slice(before);
  };

  describe('a dispute', () => {
    it('that is only an inquiry changes nothing, whether it is answered or closed', async () => {
      const { pluginId, buyer, charge } = await sale();
      const { id } = shop.stripe.payers.dispute(charge, { inquiry: true });
      shop.stripe.payers.updateDispute(id, 'warning_under_review');
      shop.stripe.payers.closeDispute(id, 'warning_closed');
      await settled();
      expect((await shop.lines(pluginId)).map(({ kind }) => kind)).toEqual(['sale']);
      expect(await details(buyer, pluginId)).toMatchObject({ installed: true, install_count: 1 });
    });

    it('that began as an inquiry reverses the sale once the bank withdraws the money', async () => {
      const { pluginId, buyer, charge } = await sale();
      const { id } = shop.stripe.payers.dispute(charge, { inquiry: true });
      shop.stripe.payers.updateDispute(id, 'needs_response');
      await settled();
      expect(await developerCents(pluginId)).toBe(0);
      expect(await details(buyer, pluginId)).toMatchObject({ installed: false, install_count: 0 });
    });

    it('of a part reverses that part and leaves the plugin installed', async () => {
      const { author, pluginId, buyer, charge } = await sale();
      shop.stripe.payers.dispute(charge, { amount: 333 });
      await settled();
      expect(await developerCents(pluginId)).toBe(Math.floor(666 * 0.7));
      expect(await details(buyer, pluginId)).toMatchObject({ installed: true });
      expect(await shop.earnings(author)).toMatchObject({ gross_cents: 999, refunded_cents: 333 });
    });

    it('that is won restores revenue and installation, and a new installation costs nothing', async () => {
      const { author, pluginId, buyer, charge } = await sale();
      const { id } = shop.stripe.payers.dispute(charge);
      await settled();
      expect(await details(buyer, pluginId)).toMatchObject({ installed: false });
      shop.stripe.payers.closeDispute(id, 'won');
      await settled();
      expect(await developerCents(pluginId)).toBe(699);
      expect(await details(buyer, pluginId)).toMatchObject({ installed: true, install_count: 1 });
      expect(await shop.earnings(author)).toMatchObject({ sales: 1, refunded_cents: 0, developer_cents: 699 });
      await shop.install(buyer, pluginId).expect(200);
      expect(await shop.charges(pluginId)).toHaveLength(1);
    });

    it('that is won does not install again what the buyer had removed before', async () => {
      const { pluginId, buyer, charge } = await sale();
      await shop.app.call('delete', `/plugins/${pluginId}/install`, buyer).expect(200);
      const { id } = shop.stripe.payers.dispute(charge);
      await settled();
      shop.stripe.payers.closeDispute(id, 'won');
      await settled();
      expect(await details(buyer, pluginId)).toMatchObject({ installed: false, install_count: 0 });
      expect(await states(pluginId)).toEqual(['paid']);
    });

    it('that is won after the buyer paid again refunds the second payment', async () => {
      const { pluginId, buyer, charge } = await sale();
      const { id } = shop.stripe.payers.dispute(charge);
      await settled();
      await shop.install(buyer, pluginId).expect(200);
      await settled();
      shop.stripe.payers.closeDispute(id, 'won');
      await settled();
      expect(await states(pluginId)).toEqual(['paid', 'refunding']);
      const [refund] = await shop.rows<{ payload: object }>(
        `SELECT payload FROM graphile_worker._private_jobs WHERE payload::jsonb ->> 'purchaseId' =
           (SELECT id::text FROM plugin_purchases WHERE plugin_id = $1 AND state = 'refunding') AND payload::jsonb ? 'paymentId'`,
        [pluginId],
      );
      await shop.job('refund_plugin_purchase', refund?.payload ?? {});
      await settled();
      expect(await states(pluginId)).toEqual(['paid', 'refunded']);
      expect(await developerCents(pluginId)).toBe(699);
      expect(await details(buyer, pluginId)).toMatchObject({ installed: true, install_count: 1 });
    });

    it('of a payment that must be refunded delays its refund until the bank has decided', async () => {
      const { pluginId, buyer, charge } = await sale();
      const first = shop.stripe.payers.dispute(charge);
      await settled();
      await shop.install(buyer, pluginId).expect(200);
      await settled();
      const [, again] = await shop.charges(pluginId);
      const second = shop.stripe.payers.dispute(again?.id ?? '', { amount: 300 });
      shop.stripe.payers.closeDispute(first.id, 'won');
      await settled();
      const waiting = () =>
        shop.rows<{ payload: object; hours: number }>(
          `SELECT payload, (extract(epoch FROM run_at - now()) / 3600)::float8 AS hours FROM graphile_worker._private_jobs
           WHERE payload::jsonb ->> 'paymentId' = $1`,
          [shop.stripe.world.charges.get(again?.id ?? '').payment_intent],
        );
      await shop.job('refund_plugin_purchase', (await waiting())[0]?.payload ?? {});
      expect((await waiting()).map(({ hours }) => hours > 20)).toEqual([true]);
      shop.stripe.payers.closeDispute(second.id, 'won');
      await settled();
      await shop.job('refund_plugin_purchase', (await waiting())[0]?.payload ?? {});
      await settled();
      expect([await states(pluginId), await developerCents(pluginId)]).toEqual([['paid', 'refunded'], 699]);
    });

    it('that is lost stays reversed', async () => {
      const { pluginId, buyer, charge } = await sale();
      const { id } = shop.stripe.payers.dispute(charge);
      shop.stripe.payers.updateDispute(id, 'under_review');
      shop.stripe.payers.closeDispute(id, 'lost');
      await settled();
      expect(await developerCents(pluginId)).toBe(0);
      expect(await details(buyer, pluginId)).toMatchObject({ installed: false });
    });
  });

  it('restore a sale whose refund failed', async () => {
    const { pluginId, buyer, charge } = await sale();
    const refund = shop.stripe.payers.refund(charge);
    await settled();
    expect(await details(buyer, pluginId)).toMatchObject({ installed: false });
    shop.stripe.payers.failRefund(refund.id);
    await settled();
    expect(await developerCents(pluginId)).toBe(699);
    expect(await details(buyer, pluginId)).toMatchObject({ installed: true, install_count: 1 });
  });

  it.each([
    ['is won', 699, true],
    ['is lost', 0, false],
  ] as const)(
    'end in one state in every order, repeated: a sale whose dispute %s',
    async (outcome, cents, installed) => {
      for (let round = 0; round < 8; round += 1) {
        const { pluginId, buyer, session } = await page();
        const events = await eventsOf(() => {
          shop.stripe.payers.complete(session);
          const charge = [...shop.stripe.world.charges.rows.values()].at(-1);
          shop.stripe.payers.refund(charge?.id ?? '', 100);
          const { id } = shop.stripe.payers.dispute(charge?.id ?? '');
          shop.stripe.payers.closeDispute(id, outcome === 'is won' ? 'won' : 'lost');
          const refund = [...shop.stripe.world.refunds.rows.values()].at(-1);
          if (outcome === 'is won') shop.stripe.payers.failRefund(refund?.id ?? '');
        });
        const order = [...events, ...events].sort(() => Math.random() - 0.5);
        for (const event of order) await shop.stripe.webhooks.deliver(event);
        expect([await developerCents(pluginId), order.map(({ type }) => type)]).toEqual([cents, expect.anything()]);
        expect(await details(buyer, pluginId)).toMatchObject({ installed, install_count: installed ? 1 : 0 });
      }
    },
  );

  it('end in one state when all of them arrive concurrently on two nodes, each three times', async () => {
    const other = await TestApp.start(settingsFor(shop.stripe), shop.app);
    try {
      for (let round = 0; round < 6; round += 1) {
        const { pluginId, buyer, session } = await page();
        const events = await eventsOf(() => {
          shop.stripe.payers.complete(session);
          const charge = [...shop.stripe.world.charges.rows.values()].at(-1);
          const { id } = shop.stripe.payers.dispute(charge?.id ?? '');
          shop.stripe.payers.closeDispute(id, 'won');
        });
        const statuses = await Promise.all(
          [...events, ...events, ...events].map((event, at) => {
            const { body, signature } = shop.stripe.webhooks.signed(event, WEBHOOK_SECRET);
            return post(`${(at % 2 ? shop.app : other).url}/api/v1/billing/webhook`, body, signature);
          }),
        );
        expect(new Set(statuses)).toEqual(new Set([200]));
        expect([await developerCents(pluginId), await states(pluginId)]).toEqual([699, ['paid']]);
        expect(await details(buyer, pluginId)).toMatchObject({ installed: true, install_count: 1 });
      }
    } finally {
      await other.stop();
    }
  });

  describe('a payment that the bank processes for days', () => {
    it('is delivered when the bank has paid, and cannot be paid twice meanwhile', async () => {
      const { pluginId, buyer, session } = await page();
      const decide = shop.stripe.payers.completeSlowly(session);
      await settled();
      expect(await details(buyer, pluginId)).toMatchObject({ installed: false });
      const again = await shop.install(buyer, pluginId);
      expect([again.status, again.body.code]).toEqual([409, 'conflict']);
      expect(again.headers['retry-after']).toBeDefined();
      await shop.settle(pluginId);
      expect(await states(pluginId)).toEqual(['awaiting_payment']);
      decide('paid');
      await settled();
      expect(await details(buyer, pluginId)).toMatchObject({ installed: true, install_count: 1 });
      expect([(await shop.lines(pluginId)).length, await states(pluginId)]).toEqual([1, ['paid']]);
    });

    it('that fails leads to a new page', async () => {
      const { pluginId, buyer, session, url } = await page();
      const decide = shop.stripe.payers.completeSlowly(session);
      decide('failed');
      await settled();
      expect([await states(pluginId), await shop.lines(pluginId)]).toEqual([['failed'], []]);
      const { body } = await shop.install(buyer, pluginId).expect(402);
      expect(body.checkout_url).not.toBe(url);
    });

    it.each(['paid', 'failed'] as const)('ends in one state in every order of its events: %s', async (outcome) => {
      for (let round = 0; round < 6; round += 1) {
        const { pluginId, buyer, session } = await page();
        const events = await eventsOf(() => shop.stripe.payers.completeSlowly(session)(outcome));
        for (const event of [...events, ...events].sort(() => Math.random() - 0.5))
          await shop.stripe.webhooks.deliver(event);
        expect(await states(pluginId)).toEqual([outcome]);
        expect(await details(buyer, pluginId)).toMatchObject({ installed: outcome === 'paid' });
      }
    });
  });

  it('of the card deliver a purchase whose request was interrupted', async () => {
    const { pluginId } = await shop.seller(500);
    const buyer = await shop.buyer();
    shop.stripe.suffer({ kind: 'answer_lost', times: 2, path: '/v1/payment_intents' });
    expect((await shop.install(buyer, pluginId)).status).toBeGreaterThanOrEqual(500);
    await settled();
    expect(await details(buyer, pluginId)).toMatchObject({ installed: true });
    expect([(await shop.charges(pluginId)).length, (await shop.lines(pluginId)).length]).toEqual([1, 1]);
    shop.stripe.heal();
  });

  describe('that do not belong to the purchase change nothing', () => {
    it.each([
      ['of a connected account', { account: 'acct_of_an_author' }, {}],
      ['of another amount', {}, { amount_total: 1 }],
      ['of another currency', {}, { currency: 'usd' }],
      ['that are unpaid', {}, { payment_status: 'unpaid' }],
    ])('%s', async (_, envelope, changes) => {
      const { pluginId, buyer, session } = await page();
      const [completed] = (await eventsOf(() => void shop.stripe.payers.complete(session))).filter(
        ({ type }) => type === 'checkout.session.completed',
      );
      if (!completed) throw new Error('no event');
      const forged = { ...completed, ...envelope, id: shop.stripe.world.id('evt') };
      await shop.stripe.webhooks.deliver({ ...forged, data: { object: { ...completed.data.object, ...changes } } });
      expect([await states(pluginId), await shop.lines(pluginId)]).toEqual([['awaiting_payment'], []]);
      await shop.stripe.webhooks.deliver(completed);
      expect(await details(buyer, pluginId)).toMatchObject({ installed: true });
    });

    it.each(['charge.refunded', 'charge.dispute.created', 'payment_intent.succeeded'])(
      '%s of a connected account',
      async (type) => {
        const { pluginId, charge } = await sale();
        const row = shop.stripe.world.charges.get(charge);
        const object = {
          id: 'du_forged',
          object: 'dispute',
          payment_intent: row.payment_intent,
          charge: row.id,
          amount: 999,
          amount_refunded: 999,
          amount_received: 999,
          status: type.startsWith('payment') ? 'succeeded' : 'needs_response',
          currency: 'eur',
          metadata: row.metadata,
        };
        const [event] = await eventsOf(
          () => void shop.stripe.world.emit(type, object, { account: 'acct_of_an_author' }),
        );
        if (event) await shop.stripe.webhooks.deliver(event);
        expect((await shop.lines(pluginId)).map(({ kind }) => kind)).toEqual(['sale']);
      },
    );
  });
});
