import { Billing, EventCatchUp } from '@adiuva/billing';
import { REFUND_PURCHASE } from '../../libs/marketplace/src/payments/purchases.store';
import { Shop } from './shop';

/** In days. */
const TEN_MINUTES = 1 / 144;

describe('an event that no webhook has brought', () => {
  let shop: Shop;
  beforeAll(async () => void (shop = await Shop.open()));
  afterAll(() => shop.close());
  beforeEach(() => void (shop.stripe.webhooks.manner = 'held'));

  const catchUp = () => shop.app.nest.get(EventCatchUp).run();
  const kinds = async (pluginId: string) => (await shop.lines(pluginId)).map(({ kind }) => kind);

  it('is applied by the hourly catch-up, once, and every one that happened meanwhile', async () => {
    const { pluginId } = await shop.seller();
    const buyer = await shop.buyer();
    await shop.install(buyer, pluginId).expect(200);
    const [charge] = await shop.charges(pluginId);
    shop.stripe.payers.refund(charge?.id ?? '', 100);
    shop.stripe.payers.dispute(charge?.id ?? '');
    expect(await kinds(pluginId)).toEqual(['sale']);
    expect(await catchUp()).toBeGreaterThanOrEqual(3);
    expect((await shop.lines(pluginId)).reduce((sum, line) => sum + line.gross_cents, 0)).toBe(0);
    expect(await catchUp()).toBe(0);
  });

  it('of a page that was paid delivers the purchase', async () => {
    const { pluginId } = await shop.seller();
    const buyer = await shop.buyer(null);
    const { body } = await shop.install(buyer, pluginId).expect(402);
    const [session] = shop.stripe.world.sessions.where((row) => row.url === body.checkout_url);
    shop.stripe.payers.complete(session?.id ?? '');
    await catchUp();
    expect((await shop.app.call('get', `/plugins/${pluginId}`, buyer).expect(200)).body).toMatchObject({
      installed: true,
    });
  });

  it('is applied again after a restore of a database from before it', async () => {
    const { pluginId } = await shop.seller();
    const buyer = await shop.buyer();
    await shop.install(buyer, pluginId).expect(200);
    await catchUp();
    const [before] = await shop.rows<{ caught_up_to: Date }>('SELECT caught_up_to FROM stripe_catch_up');
    const events = await shop.rows<{ id: string }>('SELECT id FROM stripe_events');
    const [charge] = await shop.charges(pluginId);
    shop.stripe.payers.refund(charge?.id ?? '');
    await catchUp();
    // What the older database has: neither the events, nor their effects, nor the later time.
    const known = events.map(({ id }) => id);
    await shop.rows('DELETE FROM stripe_events WHERE id <> ALL($1)', [known]);
    await shop.rows('DELETE FROM plugin_returns');
    await shop.rows(`DELETE FROM plugin_revenue WHERE plugin_id = $1 AND kind <> 'sale'`, [pluginId]);
    await shop.rows(`UPDATE plugin_purchases SET state = 'paid', returned_cents = 0 WHERE plugin_id = $1`, [pluginId]);
    await shop.rows('UPDATE stripe_catch_up SET caught_up_to = $1', [before?.caught_up_to]);
    await catchUp();
    expect(await kinds(pluginId)).toEqual(['sale', 'refund']);
  });

  /** The purchase happened after the copy of the database was made. */
  const forgetPurchase = async (pluginId: string) => {
    await shop.rows('DELETE FROM plugin_revenue WHERE plugin_id = $1', [pluginId]);
    await shop.rows('DELETE FROM plugin_purchases WHERE plugin_id = $1', [pluginId]);
    await shop.rows('DELETE FROM plugin_installs WHERE plugin_id = $1', [pluginId]);
    await shop.rows('DELETE FROM stripe_events; DELETE FROM stripe_catch_up; DELETE FROM plugin_returns');
  };

  it('brings back a purchase that a restored database does not know, for no second payment', async () => {
    const { pluginId } = await shop.seller();
    const buyer = await shop.buyer();
    await shop.install(buyer, pluginId).expect(200);
    await forgetPurchase(pluginId);
    await catchUp();
    const details = (await shop.app.call('get', `/plugins/${pluginId}`, buyer).expect(200)).body;
    expect([details.installed, await kinds(pluginId)]).toEqual([true, ['sale']]);
    await shop.install(buyer, pluginId).expect(200);
    expect(await shop.charges(pluginId)).toHaveLength(1);
  });

  it('of a purchase that a restored database does not know refunds it where it was bought again', async () => {
    const { pluginId } = await shop.seller();
    const buyer = await shop.buyer();
    await shop.install(buyer, pluginId).expect(200);
    const [first] = await shop.charges(pluginId);
    await forgetPurchase(pluginId);
    await shop.install(buyer, pluginId).expect(200);
    await catchUp();
    const payment = shop.stripe.world.charges.get(first?.id ?? '').payment_intent;
    const refunds = `SELECT FROM graphile_worker._private_jobs WHERE payload::jsonb ->> 'paymentId' = $1`;
    expect([await kinds(pluginId), (await shop.rows(refunds, [payment])).length]).toEqual([['sale'], 1]);
  });

  it('that cannot be applied stops no other, and is tried again', async () => {
    const { pluginId } = await shop.seller();
    const buyer = await shop.buyer();
    await shop.install(buyer, pluginId).expect(200);
    const [charge] = await shop.charges(pluginId);
    shop.stripe.payers.refund(charge?.id ?? '', 100);
    await shop.rows(
      `ALTER TABLE stripe_events ADD CONSTRAINT a_fault CHECK (type <> 'charge.dispute.created') NOT VALID`,
    );
    const { id } = shop.stripe.payers.dispute(charge?.id ?? '', { amount: 200 });
    shop.stripe.payers.refund(charge?.id ?? '', 50);
    await catchUp();
    expect(await kinds(pluginId)).toEqual(expect.arrayContaining(['sale', 'refund', 'dispute']));
    const events = 'SELECT FROM stripe_events WHERE type = $1';
    expect(await shop.rows(events, ['charge.dispute.created'])).toHaveLength(1);
    await shop.rows('ALTER TABLE stripe_events DROP CONSTRAINT a_fault');
    expect(await catchUp()).toBe(1);
    expect(await shop.rows(events, ['charge.dispute.created'])).toHaveLength(2);
    expect(id).toMatch(/^du_/);
  });

  it('of a deleted customer leads to a new customer, in whichever order its events arrive', async () => {
    const { pluginId } = await shop.seller();
    const buyer = await shop.buyer();
    const customerOf = () => shop.app.nest.get(Billing).customerOf(buyer.id);
    const customer = (await customerOf()) ?? '';
    const events = shop.stripe.world.events.rows.size;
    await fetch(`${shop.stripe.url}/v1/customers/${customer}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${shop.stripe.secretKey}` },
    });
    expect(await customerOf()).toBe(customer);
    const emitted = [...shop.stripe.world.events.rows.values()].slice(events);
    expect(emitted.at(-1)?.type).toBe('customer.deleted');
    await shop.rows('DELETE FROM stripe_customers WHERE id = $1', [customer]);
    for (const event of [...emitted].reverse()) await shop.stripe.webhooks.deliver(event);
    expect(await customerOf()).toBeNull();
    await shop.app.setTier(buyer.id, 'power');
    const { body } = await shop.install(buyer, pluginId).expect(402);
    const [session] = shop.stripe.world.sessions.where((row) => row.url === body.checkout_url);
    expect(session?.customer).toBeNull();
  });

  it('of a refund that fails counts although our clock is ahead of Stripe', async () => {
    const { pluginId } = await shop.seller();
    const buyer = await shop.buyer();
    shop.stripe.world.pass(-TEN_MINUTES);
    await shop.sellUnlisted(buyer, pluginId);
    const [purchase] = await shop.rows<{ id: string; payment_id: string }>(
      'SELECT id, payment_id FROM plugin_purchases WHERE plugin_id = $1',
      [pluginId],
    );
    const payload = { purchaseId: purchase?.id ?? '', paymentId: purchase?.payment_id ?? '' };
    await shop.job(REFUND_PURCHASE.name, payload);
    const [refund] = shop.stripe.world.refunds.where((row) => row.payment_intent === purchase?.payment_id);
    shop.stripe.payers.failRefund(refund?.id ?? '');
    await catchUp();
    const returned = 'SELECT returned_cents FROM plugin_purchases WHERE plugin_id = $1';
    expect(await shop.rows(returned, [pluginId])).toEqual([{ returned_cents: 0 }]);
    shop.stripe.world.pass(TEN_MINUTES);
  });
});
