import { Environment } from '@adiuva/config';
import { checkStripe } from '../../apps/cli/src/stripe.command';
import type { FakeStripe } from '../support/fakes/stripe/fake-stripe';
import { settingsFor, stripeWithPrices } from '../support/builders/stripe-life';

const URL = 'https://api.example.org/api/v1/billing/webhook';

describe('the setup check of Stripe', () => {
  let stripe: FakeStripe;
  beforeEach(async () => {
    stripe = await stripeWithPrices().start();
    const { world } = stripe;
    for (const enabled_events of [['*'], ['account.updated']]) {
      world.setup.endpoints.push({
        ...world.base('we', 'webhook_endpoint'),
        url: URL,
        enabled_events,
        status: 'enabled',
        api_version: null,
        application: null,
      });
    }
    world.setup.portals.push({
      ...world.base('bpc', 'billing_portal.configuration'),
      active: true,
      is_default: true,
      features: {
        payment_method_update: { enabled: true },
        subscription_cancel: { enabled: true, mode: 'at_period_end' },
        subscription_update: {
          enabled: true,
          default_allowed_updates: ['price', 'quantity'],
          products: [{ product: 'prod_1', prices: ['price_pro', 'price_power', 'price_team'] }],
        },
      },
    });
  });
  afterEach(() => stripe.stop());

  const check = (more: Record<string, string> = {}) =>
    checkStripe(new Environment({ PUBLIC_URL: 'https://api.example.org', ...settingsFor(stripe), ...more }));
  const portal = () => {
    const [configuration] = stripe.world.setup.portals;
    if (!configuration) throw new Error('no portal');
    return configuration;
  };

  it('finds nothing wrong in a complete setup, and changes nothing', async () => {
    const report = await check();
    expect(report).not.toMatch(/WARNING|ERROR/);
    for (const word of ['test key', 'send all events', 'sells pro for 1500', 'Connect is enabled', 'plan and quantity'])
      expect(report).toContain(word);
    expect(stripe.requests.every((request) => request.startsWith('GET '))).toBe(true);
    expect(report).not.toContain(stripe.secretKey);
  });

  it.each<[string, () => void, RegExp]>([
    ['no endpoint', () => void (stripe.world.setup.endpoints.length = 0), /ERROR {4}webhook: No webhook endpoint/],
    [
      'an endpoint that lacks an event',
      () => stripe.world.setup.endpoints.forEach((endpoint) => (endpoint.enabled_events = ['invoice.paid'])),
      /do not send: .*charge\.dispute\.funds_reinstated/,
    ],
    [
      'a disabled endpoint',
      () => stripe.world.setup.endpoints.forEach((endpoint) => (endpoint.status = 'disabled')),
      /is disabled/,
    ],
    [
      'an inactive price',
      () => void (stripe.world.prices.get('price_pro').active = false),
      /STRIPE_PRICE_PRO .* not active/,
    ],
    [
      'another amount',
      () => void (stripe.world.prices.get('price_power').unit_amount = 2800),
      /STRIPE_PRICE_POWER .* 2800/,
    ],
    [
      'another currency',
      () => void (stripe.world.prices.get('price_team').currency = 'usd'),
      /STRIPE_PRICE_TEAM .* usd/,
    ],
    ['a price that is paid once', () => void stripe.addPrice('price_pro', 1500, 'one_time'), /does not recur/],
    ['an unknown price', () => void stripe.world.prices.rows.delete('price_pro'), /STRIPE_PRICE_PRO .* unknown/],
    [
      'no portal',
      () => void (stripe.world.setup.portals.length = 0),
      /portal: The customer portal has no configuration/,
    ],
    [
      'a portal that leads to a foreign price',
      () => portal().features.subscription_update.products.push({ product: 'prod_2', prices: ['price_foreign'] }),
      /no tier: price_foreign/,
    ],
  ])('fails and names %s', async (_, breakIt, expected) => {
    breakIt();
    await expect(check()).rejects.toMatchObject({ message: expect.stringMatching(expected) });
  });

  it.each<[string, () => void, RegExp]>([
    ['Connect that is not enabled', () => void (stripe.world.setup.connect = false), /WARNING {2}connect/],
    ['one endpoint only', () => void stripe.world.setup.endpoints.pop(), /WARNING {2}webhook: One endpoint only/],
    [
      'a portal without changes of plan',
      () => void (portal().features.subscription_update.enabled = false),
      /WARNING {2}portal: Customers cannot change price and quantity/,
    ],
  ])('warns of %s', async (_, breakIt, expected) => {
    breakIt();
    expect(await check()).toMatch(expected);
  });

  it('fails without a key, with a wrong key, and with a test key in production', async () => {
    await expect(checkStripe(new Environment({}))).rejects.toMatchObject({
      message: expect.stringContaining('STRIPE_SECRET_KEY is not set'),
    });
    await expect(check({ STRIPE_SECRET_KEY: 'sk_test_wrong' })).rejects.toMatchObject({
      message: expect.stringContaining('does not answer with this key'),
    });
    const secret = `whsec_${'x'.repeat(32)}`;
    await expect(check({ ENV: 'prod', STRIPE_WEBHOOK_SECRET: `${secret},${secret}` })).rejects.toMatchObject({
      message: expect.stringMatching(/ERROR {4}key: .*test key/),
    });
  });
});
