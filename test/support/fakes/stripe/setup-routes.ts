import { flag } from './params';
import { listSpec, NOTHING, page, type Route } from './route';
import { refused } from './stripe-error';

/** What an operator sets up in the dashboard: https://docs.stripe.com/api/webhook_endpoints, /accounts, /customer_portal. */
export const SETUP_ROUTES: readonly Route[] = [
  { method: 'GET', path: '/v1/account', params: NOTHING, answer: (world) => world.setup.account },
  {
    method: 'GET',
    path: '/v1/accounts',
    params: listSpec(),
    answer(world, params) {
      if (!world.setup.connect)
        throw refused(
          'You can only list accounts if you have signed up for Connect, which you can do at the dashboard.',
        );
      return page('/v1/accounts', [...world.accounts.rows.values()], params);
    },
  },
  {
    method: 'GET',
    path: '/v1/webhook_endpoints',
    params: listSpec(),
    answer: (world, params) => page('/v1/webhook_endpoints', world.setup.endpoints, params),
  },
  {
    method: 'GET',
    path: '/v1/billing_portal/configurations',
    params: listSpec({ active: flag(), is_default: flag() }),
    answer: (world, params) => page('/v1/billing_portal/configurations', world.setup.portals, params),
  },
];
