import type { Tier } from '@adiuva/kernel';
import { Settings, setting } from '@adiuva/config';

export type PaidTier = Exclude<Tier, 'free'>;

const BILLING = {
  STRIPE_SECRET_KEY: setting.optionalSecret(
    'Key of the Stripe API; where not set nothing can be bought and billing routes answer 501',
  ),
  STRIPE_WEBHOOK_SECRET: setting.optionalSecret(
    'Signing secrets of the Stripe webhook endpoints, comma separated: one for each endpoint, and two while one is rolled',
  ),
  STRIPE_API_BASE: setting.optionalUrl("Where the Stripe API is; where not set, Stripe's own address"),
  STRIPE_PRICE_PRO: setting.optionalText('Id of the monthly Stripe price of pro'),
  STRIPE_PRICE_POWER: setting.optionalText('Id of the monthly Stripe price of power'),
  STRIPE_PRICE_TEAM: setting.optionalText('Id of the monthly Stripe price of one seat of team'),
  STRIPE_TIMEOUT_MS: setting.integer('Milliseconds until a call to Stripe is given up', 10_000, {
    min: 100,
    max: 80_000,
  }),
  BILLING_RETURN_URL: setting.optionalUrl(
    'Where Stripe sends people after paying or leaving; where not set, PUBLIC_URL',
  ),
  BILLING_GRACE_DAYS: setting.integer('Days that a paid tier stays after a payment has failed', 7, { max: 60 }),
};

export class BillingConfig extends Settings('Billing', BILLING, (values, production) =>
  production && values.STRIPE_SECRET_KEY !== undefined ? missingHalves(values) : [],
) {
  get webhookSecrets(): readonly string[] {
    return (this.STRIPE_WEBHOOK_SECRET ?? '')
      .split(',')
      .flatMap((secret) => (secret.trim() === '' ? [] : [secret.trim()]));
  }

  /** The setting that names a tier's price, and its value. */
  priceOf(tier: PaidTier): { readonly setting: string; readonly id: string | undefined } {
    switch (tier) {
      case 'pro':
        return { setting: 'STRIPE_PRICE_PRO', id: this.STRIPE_PRICE_PRO };
      case 'power':
        return { setting: 'STRIPE_PRICE_POWER', id: this.STRIPE_PRICE_POWER };
      case 'team':
        return { setting: 'STRIPE_PRICE_TEAM', id: this.STRIPE_PRICE_TEAM };
    }
  }

  /** The tier that a price sells; null for a price that is not ours. */
  tierOf(price: string): PaidTier | null {
    return PAID_TIERS.find((tier) => this.priceOf(tier).id === price) ?? null;
  }
}

export const PAID_TIERS = ['pro', 'power', 'team'] as const satisfies readonly PaidTier[];

const NEEDED_TO_SELL = [
  'STRIPE_WEBHOOK_SECRET',
  'STRIPE_PRICE_PRO',
  'STRIPE_PRICE_POWER',
  'STRIPE_PRICE_TEAM',
] as const;

/** Selling without hearing of payments would take money for nothing. */
function missingHalves(
  values: Readonly<Partial<Record<(typeof NEEDED_TO_SELL)[number], string | undefined>>>,
): readonly string[] {
  return NEEDED_TO_SELL.filter((name) => values[name] === undefined).map(
    (name) => `${name}: must be set with STRIPE_SECRET_KEY`,
  );
}
