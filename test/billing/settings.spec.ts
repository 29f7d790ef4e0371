import { BillingConfig } from '@adiuva/billing';
import { Environment } from '@adiuva/config';

const LONG = `whsec_${'x'.repeat(32)}`;
const start = (env: string, settings: Record<string, string>) => () =>
  new BillingConfig(new Environment({ ENV: env, ...settings }));

describe('the settings of billing in production', () => {
  const prices = { STRIPE_PRICE_PRO: 'price_1', STRIPE_PRICE_POWER: 'price_2', STRIPE_PRICE_TEAM: 'price_3' };

  it.each(['whsec_short', `${LONG},whsec_short`, 'test'])(
    'refuse a webhook secret that can be guessed: %s',
    (secret) => {
      expect(start('prod', { STRIPE_WEBHOOK_SECRET: secret })).toThrow(/STRIPE_WEBHOOK_SECRET: .*32 characters/);
      expect(start('prod', { STRIPE_WEBHOOK_SECRET: secret })).not.toThrow(new RegExp(secret.slice(-8)));
      expect(start('dev', { STRIPE_WEBHOOK_SECRET: secret })).not.toThrow();
    },
  );

  it('accept long webhook secrets, one or several, and none where nothing is sold', () => {
    expect(start('prod', { STRIPE_WEBHOOK_SECRET: LONG })).not.toThrow();
    expect(start('prod', { STRIPE_WEBHOOK_SECRET: `${LONG}, ${LONG}y` })).not.toThrow();
    expect(start('prod', {})).not.toThrow();
  });

  it('refuse a key that sells without receiving events or knowing prices', () => {
    const key = { STRIPE_SECRET_KEY: 'sk_live_of_a_test' };
    expect(start('prod', { ...key, ...prices })).toThrow(/STRIPE_WEBHOOK_SECRET: must be set/);
    expect(start('prod', { ...key, STRIPE_WEBHOOK_SECRET: LONG })).toThrow(/STRIPE_PRICE_PRO: must be set/);
    expect(start('prod', { ...key, ...prices, STRIPE_WEBHOOK_SECRET: LONG })).not.toThrow();
  });
});
