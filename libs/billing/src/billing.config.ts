import type { Tier } from '@adiuva/kernel';
import { Settings, setting } from '@adiuva/config';

export type PaidTier = Exclude<Tier, 'free'>;

export const PAID_TIERS = ['pro', 'power', 'team'] as const satisfies readonly PaidTier[];

const BILLING = {
  STRIPE_SECRET_KEY: setting.optionalSecret(
    'Key of the Stripe API; without it nothing can be bought and billing routes answer 501',
  ),
  STRIPE_WEBHOOK_SECRET: setting.optionalSecret(
    'Signing secrets of the Stripe webhook endpoints, comma separated: one for each endpoint, and two while one is rolled',
  ),
  STRIPE_API_BASE: setting.optionalUrl("Address of the Stripe API; without it, Stripe's own"),
  STRIPE_PRICE_PRO: setting.optionalText('Id of the monthly Stripe price of pro'),
  STRIPE_PRICE_POWER: setting.optionalText('Id of the monthly Stripe price of power'),
  STRIPE_PRICE_TEAM: setting.optionalText('Id of the monthly Stripe price of one seat of team'),
  STRIPE_TIMEOUT_MS: setting.integer('Milliseconds until a call to Stripe is aborted', 10_000, {
    min: 100,
    max: 80_000,
  }),
  BILLING_RETURN_URL: setting.optionalUrl(
    'Where Stripe sends buyers after they paid or left; without it, pages of this server',
  ),
  BILLING_GRACE_DAYS: setting.integer('Days that a paid tier stays after a payment has failed', 7, { max: 60 }),
};

export class BillingConfig extends Settings('Billing', BILLING, (values, production) =>
  production ? [...missingHalves(values), ...shortSecrets(values.STRIPE_WEBHOOK_SECRET)] : [],
) {
  get webhookSecrets(): readonly string[] {
    return secretsIn(this.STRIPE_WEBHOOK_SECRET);
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

const NEEDED_TO_SELL = [
  'STRIPE_WEBHOOK_SECRET',
  'STRIPE_PRICE_PRO',
  'STRIPE_PRICE_POWER',
  'STRIPE_PRICE_TEAM',
] as const;

/** Stripe's own have 38 characters and more. */
const MIN_WEBHOOK_SECRET = 32;

type Values = Readonly<Partial<Record<'STRIPE_SECRET_KEY' | (typeof NEEDED_TO_SELL)[number], string | undefined>>>;

/** Selling without the events of payments would take money and deliver nothing. */
function missingHalves(values: Values): readonly string[] {
  if (values.STRIPE_SECRET_KEY === undefined) return [];
  return NEEDED_TO_SELL.filter((name) => values[name] === undefined).map(
    (name) => `${name}: must be set with STRIPE_SECRET_KEY`,
  );
}

/** Knowing a webhook secret is enough to give any tier to any account. */
function shortSecrets(line: string | undefined): readonly string[] {
  if (secretsIn(line).every((secret) => secret.length >= MIN_WEBHOOK_SECRET)) return [];
  return [`STRIPE_WEBHOOK_SECRET: each secret must have at least ${MIN_WEBHOOK_SECRET} characters in production`];
}

function secretsIn(line = ''): readonly string[] {
  return line.split(',').flatMap((secret) => (secret.trim() === '' ? [] : [secret.trim()]));
}
