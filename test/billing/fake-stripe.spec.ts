import Stripe from 'stripe';
import { FakeStripe } from '../support/fakes/stripe/fake-stripe';

describe('the double of Stripe', () => {
  const fake = new FakeStripe();
  let stripe: Stripe;

  beforeAll(async () => {
    await fake.start();
    const { hostname, port } = new URL(fake.url);
    stripe = new Stripe(fake.secretKey, { host: hostname, port, protocol: 'http', maxNetworkRetries: 0 });
    fake.addPrice('price_pro', 1500);
  });
  afterAll(() => fake.stop());
  beforeEach(() => fake.heal());

  const checkout = (more: Partial<Stripe.Checkout.SessionCreateParams> = {}) =>
    stripe.checkout.sessions.create({
      mode: 'subscription',
      line_items: [{ price: 'price_pro', quantity: 1 }],
      success_url: 'https://app.example.test/done',
      client_reference_id: 'u-1',
      subscription_data: { metadata: { user_id: 'u-1' } },
      ...more,
    });

  const charge = (cents: number, idempotencyKey: string, payment_method = 'pm_card_visa') =>
    stripe.paymentIntents.create(
      { amount: cents, currency: 'eur', payment_method, confirm: true, off_session: true },
      { idempotencyKey },
    );

  it('sells a subscription on its page and tells of it in the events of a subscription', async () => {
    const { id, url } = await checkout();
    expect(url).toContain(id);
    const before = fake.world.events.rows.size;
    const paid = fake.payers.complete(id);
    const types = [...fake.world.events.rows.values()].slice(before).map((event) => event.type);
    expect(types).toEqual([
      'customer.created',
      'customer.subscription.created',
      'invoice.paid',
      'customer.subscription.updated',
      'checkout.session.completed',
    ]);
    const subscription = await stripe.subscriptions.retrieve(paid.subscription ?? '', { expand: ['customer'] });
    expect(subscription).toMatchObject({
      status: 'active',
      metadata: { user_id: 'u-1' },
      customer: { object: 'customer' },
    });
  });

  it.each([
    ['a parameter it does not know', { colour: 'red' }, 'parameter_unknown'],
    ['a word that is not in the list', { mode: 'gift' }, undefined],
    ['an address that is none', { success_url: 'nowhere' }, 'url_invalid'],
    ['a price that is not there', { line_items: [{ price: 'price_none', quantity: 1 }] }, 'resource_missing'],
    ['two ways to say the customer', { customer: 'cus_x', customer_email: 'a@b.test' }, undefined],
    ['subscription data in another mode', { mode: 'payment' }, undefined],
    ['a reference that is too long', { client_reference_id: 'x'.repeat(201) }, undefined],
    ['metadata that is too long', { metadata: { a: 'x'.repeat(501) } }, undefined],
  ])('refuses %s', async (_, more, code) => {
    const failure: unknown = await checkout(JSON.parse(JSON.stringify(more))).catch((error: unknown) => error);
    expect(failure).toMatchObject({ type: 'StripeInvalidRequestError', ...(code ? { code } : {}) });
  });

  it('replays the first answer to a key, refuses it for another request, and charges once in 20 at a time', async () => {
    const all = await Promise.allSettled(Array.from({ length: 20 }, () => charge(500, 'same')));
    const ids = all.flatMap((result) => (result.status === 'fulfilled' ? [result.value.id] : []));
    expect(new Set(ids).size).toBe(1);
    expect(fake.world.charges.rows.size).toBe(1);
    await expect(charge(501, 'same')).rejects.toMatchObject({ type: 'StripeIdempotencyError' });
  });

  it('keeps the outcome of a charge whose answer was lost', async () => {
    fake.suffer({ kind: 'answer_lost', times: 1 });
    const before = fake.world.charges.rows.size;
    await charge(700, 'lost');
    expect(fake.world.charges.rows.size).toBe(before + 1);
  });

  it('refuses what banks and Stripe refuse of a charge', async () => {
    await expect(charge(49, 'small')).rejects.toMatchObject({ code: 'amount_too_small' });
    await expect(charge(500, 'declined', 'pm_card_chargeDeclined')).rejects.toMatchObject({
      code: 'card_declined',
      statusCode: 402,
    });
    await expect(charge(500, 'asks', 'pm_card_authenticationRequired')).rejects.toMatchObject({
      code: 'authentication_required',
    });
  });

  it('refunds, disputes, transfers and reverses no more than there is', async () => {
    const { latest_charge, id } = await charge(1_000, 'whole');
    await stripe.refunds.create({ payment_intent: id, amount: 400 });
    await expect(stripe.refunds.create({ payment_intent: id, amount: 601 })).rejects.toMatchObject({ param: 'amount' });
    expect(fake.payers.dispute(String(latest_charge)).amount).toBe(600);

    const account = await stripe.accounts.create({
      type: 'express',
      country: 'DE',
      capabilities: { transfers: { requested: true } },
    });
    const transfer = () => stripe.transfers.create({ amount: 700, currency: 'eur', destination: account.id });
    await expect(transfer()).rejects.toMatchObject({ code: 'insufficient_capabilities_for_transfer' });
    fake.payers.onboard(account.id);
    const made = await transfer();
    await stripe.transfers.createReversal(made.id, { amount: 300 });
    await expect(stripe.transfers.createReversal(made.id, { amount: 401 })).rejects.toMatchObject({ param: 'amount' });
    expect((await stripe.transfers.retrieve(made.id)).amount_reversed).toBe(300);
  });

  it('ends the subscriptions of a customer who is deleted', async () => {
    const { id } = await checkout();
    const { customer, subscription } = fake.payers.complete(id);
    await stripe.customers.del(customer ?? '');
    expect(await stripe.subscriptions.retrieve(subscription ?? '')).toMatchObject({ status: 'canceled' });
    expect(await stripe.customers.retrieve(customer ?? '')).toMatchObject({ deleted: true });
  });

  it('pages through lists', async () => {
    const ids: string[] = [];
    for await (const subscription of stripe.subscriptions.list({ status: 'all', limit: 1 })) ids.push(subscription.id);
    expect(new Set(ids)).toEqual(new Set(fake.world.subscriptions.rows.keys()));
  });

  it('signs events so that the SDK believes them, and only under the right secret', () => {
    const event = fake.world.emit('invoice.paid', { id: 'in_1', object: 'invoice' });
    const { body, signature } = fake.webhooks.signed(event, 'whsec_right');
    expect(stripe.webhooks.constructEvent(body, signature, 'whsec_right').id).toBe(event.id);
    expect(() => stripe.webhooks.constructEvent(body, signature, 'whsec_wrong')).toThrow();
  });
});
