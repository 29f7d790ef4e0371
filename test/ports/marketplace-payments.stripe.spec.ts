import { UnconfiguredMarketplacePayments } from '../../libs/billing/src/payments/unconfigured-payments.adapter';
import { StripeMarketplace } from '../../libs/billing/src/stripe/marketplace.stripe.adapter';
import { StripeClient } from '../../libs/billing/src/stripe/stripe-client.adapter';
import { FakeStripe } from '../support/fakes/stripe/fake-stripe';
import { marketplacePaymentsContract } from './marketplace-payments.port';

const CARDS = { good: 'pm_card_visa', refused: 'pm_card_chargeCustomerFail' };

describe('Stripe', () => {
  const stripe = new FakeStripe();
  afterAll(() => stripe.stop());

  marketplacePaymentsContract(async () => {
    await stripe.start();
    const { secretKey, url: apiBase } = stripe;
    const post = (path: string, form: Record<string, string>) =>
      fetch(`${apiBase}/v1/${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${secretKey}` },
        body: new URLSearchParams(form),
      });
    return {
      payments: new StripeMarketplace(new StripeClient({ secretKey, apiBase, timeout: 60_000 })),
      customer: async () => ((await (await post('customers', {})).json()) as { id: string }).id,
      attach: async (customer, card) => void (await post(`payment_methods/${CARDS[card]}/attach`, { customer })),
      payOn: (page) => void stripe.payers.complete(page),
      paySlowlyOn: (page) => stripe.payers.completeSlowly(page),
      onboard: (account) => stripe.payers.onboard(account),
      suffer: (kind) => stripe.suffer(kind === 'down' ? { kind } : { kind, method: 'POST' }),
      heal: () => stripe.heal(),
    };
  });
});

describe('no provider', () => {
  test('refuses everything and names the setting', async () => {
    const payments = new UnconfiguredMarketplacePayments();
    for (const ask of [payments.hasCard, payments.charge, payments.transfer, payments.refund, payments.isPayable])
      await expect(ask()).rejects.toMatchObject({ code: 'not_configured', message: expect.anything() });
    await expect(payments.transferFor()).rejects.toMatchObject({ options: { detail: 'STRIPE_SECRET_KEY is not set' } });
    expect(payments.configured).toBe(false);
  });
});
