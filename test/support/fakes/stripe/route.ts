import type { Params, Spec } from './params';
import { integer, spec, text } from './params';
import { refused } from './stripe-error';
import type { StripeWorld } from './world';

/** One call of the API. `path` has `:id` (and `:sub`) where the address has them. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly params: Spec;
  answer(world: StripeWorld, params: Params, id: string, sub: string): object;
}

export const NOTHING = spec({});

const LISTED = { limit: integer(1, 100), starting_after: text(), ending_before: text() };

export function listSpec(checks: Spec['checks'] = {}, required: readonly string[] = []): Spec {
  return spec({ ...LISTED, ...checks }, required);
}

/** A page, newest first: https://docs.stripe.com/api/pagination. */
export function page<T extends { id: string }>(url: string, rows: readonly T[], params: Params): object {
  const newestFirst = [...rows].reverse();
  const after = params.text('starting_after');
  const start = after === null ? 0 : newestFirst.findIndex((row) => row.id === after) + 1;
  if (after !== null && start === 0) throw refused(`No such object: '${after}'`, { param: 'starting_after' });
  const limit = params.int('limit') ?? 10;
  const data = newestFirst.slice(start, start + limit);
  return { object: 'list', url, data, has_more: start + limit < newestFirst.length };
}

/** Puts whole objects in the place of ids, for paths such as `latest_charge`, `data.customer`, `a.b`. */
export function expanded(world: StripeWorld, answer: object, paths: readonly string[]): object {
  const copy: object = structuredClone(answer);
  for (const path of paths) expandPath(world, copy, path.split('.'));
  return copy;
}

function expandPath(world: StripeWorld, at: unknown, [name = '', ...rest]: readonly string[]): void {
  if (Array.isArray(at)) return at.forEach((item) => expandPath(world, item, [name, ...rest]));
  if (typeof at !== 'object' || at === null) return;
  const value: unknown = Reflect.get(at, name);
  if (value === undefined) throw refused(`This property cannot be expanded (${name}).`);
  const found = typeof value === 'string' ? world.find(value) : undefined;
  if (found) Reflect.set(at, name, structuredClone(found));
  if (rest.length > 0) expandPath(world, Reflect.get(at, name), rest);
}
