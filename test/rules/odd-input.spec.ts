import { Accounts } from '@adiuva/auth';
import { newId } from '@adiuva/kernel';
import { openApiDocument } from '../../apps/api/src/docs/openapi';
import { inParallel } from '../support/builders/stripe-life';
import { FORM } from '../support/builders/vectors';
import { FuzzClient, NotPrepared, PASSWORD, type Target } from '../fuzz/client';
import { HttpClient } from '../fuzz/http-client';
import { faultOf, fuzzHttp } from '../fuzz/http-fuzz';
import { valueOf } from '../fuzz/path-values';
import { Shop } from '../marketplace/shop';
import {
  everyRoute,
  hangUp,
  send,
  withJson,
  type Operation,
  type Paths,
  type Route,
  type RouteRequest,
} from './every-route';

/** A few seconds; `npm run test:fuzz` sends more. */
const RANDOM_REQUESTS = 100;
/** Each place of a body gets null and so many of the odd values, and the next place the next ones. */
const VALUES_A_PLACE = 7;
/** What no honest client sends, in the place of any value. */
const ODD_VALUES: readonly unknown[] = [
  ...[true, 0, -1, 1.5, 1e308, 2 ** 53, 2 ** 31, [], [null], [[]], [1], {}, [{}], [''], { toString: 1 }],
  ...[
    '',
    ' ',
    '0',
    '-1',
    '1e309',
    'NaN',
    'null',
    '__proto__',
    'constructor',
    '../x',
    "'--",
    '%',
    '\\',
    '\u2028',
    '\u200b',
  ],
  ...[{ length: 1e9 }, { then: 1 }, { valueOf: null, hasOwnProperty: 1 }, 'a'.repeat(5_000), Array(2_000).fill('a')],
  ...['9999-12', '0000-01', '2026-13', '👩‍💻', 'İ', newId(), '99999999999999999999', '0x10', '1,2'],
];
const ODD_HEADERS = [
  '',
  '*',
  '"',
  '""',
  'W/"',
  '"1',
  '1',
  '-1',
  '1e309',
  'bytes=-0',
  'bytes=9-1',
  'bytes=0-0,2-3',
  'é',
  '\t',
  'x'.repeat(3_000),
];
const ODD_TEXTS = [
  'null',
  '[]',
  '"x"',
  '1',
  'true',
  '',
  ' ',
  '{',
  '{"a":1e999}',
  '{"a":1,"a":2}',
  '[{}]',
  '\ufeff{}',
  'NaN',
  '{"__proto__":{}}',
];

describe('odd input', () => {
  let shop: Shop;
  let user: FuzzClient;
  let target: Target;
  let attacks: RouteRequest[];
  const paths = (): Paths => openApiDocument(shop.app.nest).paths;

  beforeAll(async () => {
    shop = await Shop.open();
    const { app } = shop;
    target = {
      url: app.url,
      http: new HttpClient(app.port),
      query: (sql, values) => shop.rows(sql, values),
      setTier: (userId, tier) => app.setTier(userId, tier, 5),
      adminToken: async () => user.account.accessToken,
    };
    user = await administrator();
    const pluginId = await shop.publish(await app.user(), { price_cents: 99 });
    await user.call('put', '/storage/vectors/collections/notes', { mode: 'sketch', ...FORM, epoch: 1 });
    attacks = await attacksOn(paths(), pluginId, user);
  });
  afterAll(async () => {
    hangUp();
    target.http.close();
    await shop.close();
  });

  async function administrator(): Promise<FuzzClient> {
    const made = await FuzzClient.register(target, 'team');
    await shop.app.nest.get(Accounts).makeAdmin(made.account.email, PASSWORD);
    return made.renewed();
  }

  it('is sent in the body of every operation that takes JSON', () => {
    const withoutBody = everyRoute(paths(), '{id}', true).filter(
      ({ operation, json }) => json === null && takesJson(operation),
    );
    expect(withoutBody.map(({ method, template }) => `${method} ${template}`)).toEqual([]);
    expect(attacks.filter(({ method }) => method === 'patch').length).toBeGreaterThan(200);
    // Of what exists, so that most of them get as far as its handler.
    expect(user.made.size).toBeGreaterThan(25);
  });

  it('is never a fault of ours, in any place of any route', async () => {
    const faults = await inParallel(
      attacks.map((attack) => async () => {
        const fault = faultOf(await send(shop.app.port, user.account, attack));
        return fault === undefined ? null : `${fault}: ${JSON.stringify(attack).slice(0, 600)}`;
      }),
      8,
    );
    expect(attacks.length).toBeGreaterThan(3_000);
    expect(faults.filter((fault) => fault !== null)).toEqual([]);
  });

  it(`is no fault of ours in ${RANDOM_REQUESTS} random requests either`, async () => {
    const report = await fuzzHttp({ target, seed: 7, requests: RANDOM_REQUESTS, concurrency: 4, admin: administrator });
    expect(report.faults).toEqual([]);
  });
});

function takesJson({ requestBody }: Operation): boolean {
  return requestBody !== undefined && 'content' in requestBody && 'application/json' in requestBody.content;
}

type Parameters = readonly { in: string; name: string }[];

/** Requests that delete come last. */
async function attacksOn(paths: Paths, anyId: string, client: FuzzClient): Promise<RouteRequest[]> {
  const attacks: RouteRequest[] = [];
  for (const route of everyRoute(paths, anyId, true))
    attacks.push(...ofRoute(route, await pathOf(route, client, anyId)));
  return [
    ...attacks.filter(({ method }) => method !== 'delete'),
    ...attacks.filter(({ method }) => method === 'delete'),
  ];
}

/** The path with what exists in the place of each parameter, as far as that can be made here. */
async function pathOf({ template }: Route, client: FuzzClient, anyId: string): Promise<string> {
  let path = template;
  for (const [place] of template.matchAll(/\{\w+\}/g)) {
    const prefix = template.slice(0, template.indexOf(place) + place.length);
    const value = await valueOf(client, prefix).catch((error: unknown) => {
      if (error instanceof NotPrepared) return anyId;
      throw error;
    });
    path = path.replace(place, value);
  }
  return path;
}

function ofRoute({ method, template, operation, json }: Route, path: string): RouteRequest[] {
  const target = { method, path };
  const places = (operation.parameters ?? []).flatMap((place) => ('in' in place ? [place] : []));
  return [
    ...ofParameters(method, template, path, places),
    ...(json ? ofBody(target, json) : []),
    ...(method === 'get' ? ODD_TEXTS.slice(0, 2) : ODD_TEXTS).map((text) => ({
      ...target,
      headers: { 'content-type': 'application/json' },
      body: text,
    })),
    ...['text/plain', 'multipart/form-data', 'application/octet-stream', 'x', 'application/json; charset=x'].map(
      (type) => ({ ...target, headers: { 'content-type': type }, body: '{}' }),
    ),
  ];
}

function ofBody(target: RouteRequest, body: object): RouteRequest[] {
  const bodies = [body, ...oddly(body), { ...body, extra: 1 }, { ...body, toString: 1 }];
  return bodies.map((one) => withJson(target, one));
}

function ofParameters(method: string, path: string, honest: string, places: Parameters): RouteRequest[] {
  const texts = ODD_VALUES.flatMap((value) =>
    typeof value === 'string' || typeof value === 'number' ? [String(value)] : [],
  );
  return places.flatMap(({ in: where, name }): RouteRequest[] => {
    if (where === 'header') return ODD_HEADERS.map((value) => ({ method, path: honest, headers: { [name]: value } }));
    if (where === 'query') {
      const queries = [...texts.map((text) => `${name}=${encodeURIComponent(text)}`), `${name}`, `${name}[]=1`];
      return [
        ...queries,
        `${name}[a]=1`,
        `${name}=1&${name}=2`,
        `${name}=%ff`,
        `${name}=%00`,
        `${name}[__proto__]=1`,
      ].map((query) => ({ method, path: `${honest}?${query}` }));
    }
    const steps = [...texts.map(encodeURIComponent), '%00', '%ff', '%2e%2e', '%'].filter((step) => step !== '');
    return steps.map((step) => ({ method, path: path.replace(`{${name}}`, step).replace(/\{\w+\}/, '0') }));
  });
}

/** The value with each of its parts, and then itself, replaced by odd values. */
function oddly(value: unknown): unknown[] {
  const parts =
    typeof value !== 'object' || value === null
      ? []
      : Array.isArray(value)
        ? value.flatMap((item, at) => [...oddly(item).map((odd) => value.with(at, odd)), [...value, item]])
        : Object.entries(value).flatMap(([name, member]) => oddly(member).map((odd) => ({ ...value, [name]: odd })));
  return [...parts, ...nextOddValues()];
}

let nextOdd = 0;
function nextOddValues(): unknown[] {
  return [null, ...Array.from({ length: VALUES_A_PLACE }, () => ODD_VALUES[nextOdd++ % ODD_VALUES.length])];
}
