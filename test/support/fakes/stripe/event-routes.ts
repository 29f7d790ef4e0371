import { hash, integer, list, text } from './params';
import { listSpec, page, type Route } from './route';

/** https://docs.stripe.com/api/events/list */
export const EVENT_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/events',
    params: listSpec({ created: hash({ gte: integer(0, Number.MAX_SAFE_INTEGER) }), types: list(text()) }),
    answer(world, params) {
      const since = params.int('created.gte') ?? 0;
      const types = params.words('types');
      const matches = world.events.where(
        ({ account, created, type }) =>
          account === undefined && created >= since && (types.length === 0 || types.includes(type)),
      );
      return page('/v1/events', matches, params);
    },
  },
];
