import type { StripeAccount } from './objects';
import { flag, hash, metadata, oneOf, spec, text, url } from './params';
import { NOTHING, type Route } from './route';
import { StripeFault, refused } from './stripe-error';
import type { StripeWorld } from './world';

const CAPABILITY = hash({ requested: flag() });

const ACCOUNT = {
  type: oneOf('express', 'standard', 'custom'),
  country: text(2),
  email: text(512),
  business_type: oneOf('company', 'government_entity', 'individual', 'non_profit'),
  capabilities: hash({ transfers: CAPABILITY, card_payments: CAPABILITY }),
  controller: hash({
    fees: hash({ payer: oneOf('account', 'application') }),
    losses: hash({ payments: oneOf('application', 'stripe') }),
    requirement_collection: oneOf('application', 'stripe'),
    stripe_dashboard: hash({ type: oneOf('express', 'full', 'none') }),
  }),
  business_profile: hash({
    name: text(),
    url: url(),
    mcc: text(4),
    product_description: text(40_000),
    support_email: text(512),
  }),
  default_currency: text(3),
  metadata: metadata(),
  settings: hash({ payouts: hash({ schedule: hash({ interval: oneOf('daily', 'manual', 'monthly', 'weekly') }) }) }),
};

const LINK = {
  account: text(),
  refresh_url: url(),
  return_url: url(),
  type: oneOf('account_onboarding', 'account_update'),
  collection_options: hash({ fields: oneOf('currently_due', 'eventually_due') }),
};

export const CONNECT_ROUTES: readonly Route[] = [
  {
    method: 'POST',
    path: '/v1/accounts',
    params: spec(ACCOUNT),
    answer(world, params) {
      if (params.has('type') && params.has('controller')) {
        throw refused('You may only specify one of these parameters: type, controller.');
      }
      const type = params.text('type');
      const wanted = ['transfers', 'card_payments'].filter((name) => params.flag(`capabilities.${name}.requested`));
      return world.accounts.add({
        ...world.base('acct', 'account'),
        type: type === 'express' || type === 'custom' || type === 'standard' ? type : 'none',
        country: params.text('country') ?? 'DE',
        email: params.text('email'),
        business_type: params.text('business_type'),
        charges_enabled: false,
        payouts_enabled: false,
        details_submitted: false,
        capabilities: Object.fromEntries(wanted.map((name) => [name, 'inactive'] as const)),
        requirements: {
          currently_due: ['external_account', 'tos_acceptance.date'],
          disabled_reason: 'requirements.past_due',
        },
        metadata: params.metadata(),
      });
    },
  },
  {
    method: 'GET',
    path: '/v1/accounts/:id',
    params: NOTHING,
    answer: (world, _params, id) => accountOf(world, id),
  },
  {
    method: 'POST',
    path: '/v1/accounts/:id',
    params: spec(ACCOUNT),
    answer(world, params, id) {
      const account = accountOf(world, id);
      account.metadata = params.metadata('metadata', account.metadata);
      if (params.has('email')) account.email = params.text('email');
      return account;
    },
  },
  {
    method: 'DELETE',
    path: '/v1/accounts/:id',
    params: NOTHING,
    answer(world, _params, id) {
      accountOf(world, id).deleted = true;
      return { id, object: 'account', deleted: true };
    },
  },
  {
    method: 'POST',
    path: '/v1/account_links',
    params: spec(LINK, ['account', 'type', 'refresh_url', 'return_url']),
    answer(world, params) {
      const account = accountOf(world, params.text('account') ?? '');
      const created = world.now();
      const address = `https://connect.stripe.test/setup/e/${account.id}/${world.id('al')}`;
      return { object: 'account_link', created, expires_at: created + 300, url: address };
    },
  },
  {
    method: 'POST',
    path: '/v1/accounts/:id/login_links',
    params: NOTHING,
    answer(world, _params, id) {
      if (!accountOf(world, id).details_submitted)
        throw refused('Cannot create a login link for an account that has not completed onboarding.');
      return { object: 'login_link', created: world.now(), url: `https://connect.stripe.test/express/${id}` };
    },
  },
];

/** The developer has completed onboarding: payouts are enabled. */
export function onboard(world: StripeWorld, account: StripeAccount): void {
  Object.assign(account, { charges_enabled: true, payouts_enabled: true, details_submitted: true });
  account.requirements = { currently_due: [], disabled_reason: null };
  for (const name of Object.keys(account.capabilities)) account.capabilities[name] = 'active';
  world.emit('account.updated', account, { account: account.id });
}

function accountOf(world: StripeWorld, id: string): StripeAccount {
  const account = world.accounts.rows.get(id);
  if (account && !account.deleted) return account;
  throw new StripeFault(
    403,
    'invalid_request_error',
    `The provided key does not have access to account '${id}' (or that account does not exist).`,
    { code: 'account_invalid' },
  );
}
