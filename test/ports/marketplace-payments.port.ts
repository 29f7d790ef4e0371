import { randomUUID } from 'node:crypto';
import type { MarketplacePayments } from '@adiuva/billing';

/** What an adapter needs from the provider's side, where people and banks act. */
export interface PaymentWorld {
  readonly payments: MarketplacePayments;
  /** A new customer without a card. */
  customer(): Promise<string>;
  /** Leaves a card that pays, or one that its bank refuses, with a customer. */
  attach(customer: string, card: 'good' | 'refused'): Promise<void>;
  /** A buyer pays on a page. */
  payOn(page: string): void;
  /** A buyer pays on a page by a method that the bank processes for days; returns what ends that. */
  paySlowlyOn(page: string): (outcome: 'paid' | 'failed') => void;
  /** A developer completes onboarding. */
  onboard(account: string): void;
  /** The provider does the next thing and its answer is lost, or it cannot be reached. */
  suffer(trouble: 'answer_lost' | 'down'): void;
  heal(): void;
}

/** Every adapter that moves the marketplace's money keeps these promises. */
export function marketplacePaymentsContract(open: () => Promise<PaymentWorld>): void {
  let world: PaymentWorld;
  let payments: MarketplacePayments;
  beforeAll(async () => {
    world = await open();
    ({ payments } = world);
  });
  afterEach(() => world.heal());

  const order = (customer: string, amountCents = 999) => {
    const reference = `plugin_${randomUUID()}`;
    const labels = { version: '1.0.0' };
    return {
      key: `${reference}_1`,
      customer,
      amountCents,
      reference,
      userId: randomUUID(),
      description: 'Notes',
      labels,
    };
  };
  const buyer = async (card: 'good' | 'refused' | null = 'good'): Promise<string> => {
    const customer = await world.customer();
    if (card !== null) await world.attach(customer, card);
    return customer;
  };

  test('a customer has a card or none', async () => {
    const customer = await world.customer();
    expect(await payments.hasCard(customer)).toBe(false);
    await world.attach(customer, 'good');
    expect(await payments.hasCard(customer)).toBe(true);
  });

  test('a charge is made once under its key, also when its answer was lost, and is found by its reference', async () => {
    const wanted = order(await buyer());
    expect(await payments.paymentFor(wanted.reference, null)).toBeNull();
    world.suffer('answer_lost');
    await expect(payments.charge(wanted)).rejects.toMatchObject({ code: 'unavailable' });
    world.heal();
    const first = await payments.charge(wanted);
    expect(await payments.charge(wanted)).toEqual(first);
    const payment = first.status === 'paid' ? first.payment : '';
    expect(await payments.paymentFor(wanted.reference, null)).toBe(payment);
  });

  test('a customer without a card, or with one that is refused, is sent to a page', async () => {
    expect(await payments.charge(order(await buyer(null)))).toEqual({ status: 'needs_payer', reason: 'no_card' });
    expect(await payments.charge(order(await buyer('refused')))).toMatchObject({ status: 'needs_payer' });
    await expect(payments.charge(order(await buyer(), 1))).rejects.toMatchObject({ code: 'upstream_failed' });
  });

  test('a page is paid once or closed, and says which', async () => {
    const returnUrls = { success: 'https://example.org/paid', cancel: 'https://example.org/left' };
    const [paid, closed] = [order(await buyer(null)), order(await buyer(null))];
    const page = await payments.openPayment({ ...paid, returnUrls });
    expect((await payments.openPayment({ ...paid, returnUrls })).id).toBe(page.id);
    expect(await payments.paymentFor(paid.reference, page.id)).toBeNull();
    world.payOn(page.id);
    expect(await payments.closePayment(page.id)).toBe('paid');
    expect(await payments.paymentFor(paid.reference, page.id)).toEqual(expect.any(String));
    const other = await payments.openPayment({ ...closed, returnUrls });
    expect(await payments.closePayment(other.id)).toBe('unpaid');
    expect(await payments.closePayment(other.id)).toBe('unpaid');
    expect(await payments.paymentFor(closed.reference, other.id)).toBeNull();
  });

  test('a page whose bank processes the payment is neither paid nor unpaid until the bank has decided', async () => {
    for (const outcome of ['paid', 'failed'] as const) {
      const wanted = order(await buyer(null));
      const page = await payments.openPayment({
        ...wanted,
        returnUrls: { success: 'https://example.org/paid', cancel: 'https://example.org/left' },
      });
      const decide = world.paySlowlyOn(page.id);
      expect(await payments.closePayment(page.id)).toBe('processing');
      expect(await payments.paymentFor(wanted.reference, page.id)).toBeNull();
      decide(outcome);
      expect(await payments.closePayment(page.id)).toBe(outcome === 'paid' ? 'paid' : 'unpaid');
      const payment = await payments.paymentFor(wanted.reference, page.id);
      expect(payment).toEqual(outcome === 'paid' ? expect.any(String) : null);
    }
  });

  test('what was refunded whole stays refunded, however often it is asked for', async () => {
    const outcome = await payments.charge(order(await buyer()));
    const payment = outcome.status === 'paid' ? outcome.payment : '';
    await payments.refund(randomUUID(), payment, 100);
    await payments.refund(randomUUID(), payment);
    await payments.refund(randomUUID(), payment);
  });

  test('a developer has one account, which can be paid after onboarding', async () => {
    const userId = randomUUID();
    const account = await payments.createAccount(userId);
    expect(await payments.createAccount(userId)).toBe(account);
    expect(await payments.isPayable(account)).toBe(false);
    expect(
      await payments.onboardingUrl(account, {
        success: 'https://example.org/done',
        cancel: 'https://example.org/again',
      }),
    ).toMatch(/^https?:/);
    const wanted = { key: randomUUID(), account, amountCents: 70, reference: randomUUID() };
    await expect(payments.transfer(wanted)).rejects.toMatchObject({ code: 'conflict' });
    world.onboard(account);
    expect(await payments.isPayable(account)).toBe(true);
    expect(await payments.isPayable('acct_unknown')).toBe(false);
  });

  test('a transfer is made once under its key, also when its answer was lost, and is found by its reference', async () => {
    const account = await payments.createAccount(randomUUID());
    world.onboard(account);
    const wanted = { key: randomUUID(), account, amountCents: 70, reference: randomUUID() };
    // The balance that is transferred must have been processed.
    await payments.charge(order(await buyer()));
    expect(await payments.transferFor(wanted.reference)).toBeNull();
    world.suffer('answer_lost');
    await expect(payments.transfer(wanted)).rejects.toMatchObject({ code: 'unavailable' });
    world.heal();
    const made = await payments.transferFor(wanted.reference);
    expect(made?.amountCents).toBe(70);
    expect(await payments.transfer(wanted)).toBe(made?.id);
  });

  test('a provider that cannot be reached is unavailable', async () => {
    const customer = await buyer();
    world.suffer('down');
    await expect(payments.hasCard(customer)).rejects.toMatchObject({ code: 'unavailable' });
  });
}
