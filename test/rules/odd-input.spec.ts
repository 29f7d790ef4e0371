import { createHash } from 'node:crypto';
import { Agent, request as http } from 'node:http';
import { newId } from '@adiuva/kernel';
import { openApiDocument } from '../../apps/api/src/openapi';
import type { TestUser } from '../support/app';
import { inParallel } from '../support/stripe-life';
import { FORM, sketchAt } from '../support/vectors';
import { Shop } from '../marketplace/shop';

/** What no honest client sends, in the place of any value. */
const ODD_VALUES: readonly unknown[] = [
  ...[null, true, 0, -1, 1.5, 1e308, 2 ** 53, 2 ** 31, [], [null], [[]], [1], {}, [{}], [''], { toString: 1 }],
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

const blob = Buffer.from('AAAA', 'base64');
const SUM = createHash('sha256').update(blob).digest('hex');
const SKETCH = { v: 1, ...FORM, epoch: 1, data: sketchAt(1).toString('base64') };
const RETENTION = { keep_last: 3, keep_daily: 0, keep_weekly: 0, keep_monthly: 0 };

const AGENT = new Agent({ keepAlive: true });

/** A body for every route that takes one, so that one member at a time can be odd. */
const BODIES: Readonly<Record<string, object>> = {
  'post /auth/register': { email: 'x', password: 'a long walk by the sea', name: 'X' },
  'post /auth/login': { email: 'nobody@example.org', password: 'x', totp: '1' },
  'post /auth/refresh': { refresh_token: 'x' },
  'post /auth/logout': { refresh_token: 'x' },
  'post /auth/password': { current_password: 'x', new_password: 'a longer walk by the sea' },
  'delete /auth/account': { password: 'x' },
  'put /auth/keyring': { keyring: 'AAAA' },
  'post /devices': { name: 'x', public_key: 'x', signature: 'AAAA' },
  'post /chat': {
    message: 'add a task: buy bread',
    context: {
      user_profile: { timezone: 'UTC', projects: [{ id: 'a', name: 'b' }] },
      recent_tasks: [{ id: 'a', title: 'b' }],
    },
    execution_mode: 'direct',
    agents: ['task_agent'],
    client_tools: false,
  },
  'post /chat/continue': { continuation: 'x', tool_results: [{ call_id: 'a', result: 1, error: 'x' }] },
  'post /plans/steps': { prompt_template: 'x', variables: { a: 'b' } },
  'post /billing/checkout': { tier: 'team', seats: 2 },
  'post /storage/records': { table: 'notes', blob: 'AAAA', checksum: SUM, id: newId() },
  'post /storage/records/batch': {
    operations: [
      { op: 'create', table: 'notes', blob: 'AAAA', checksum: SUM, id: newId() },
      { op: 'update', id: newId(), blob: 'AAAA', checksum: SUM, if_match: 1 },
      { op: 'delete', id: newId(), if_match: 1 },
    ],
  },
  'put /storage/records/{id}': { blob: 'AAAA', checksum: SUM },
  'put /storage/vectors/collections/{name}': { mode: 'sketch', ...FORM, epoch: 1, wrapped_keys: [{ a: 1 }] },
  'post /storage/vectors/upsert': {
    vectors: [{ id: 'a', blob: 'AAAA', checksum: SUM, sketch: SKETCH, epoch: 1, collection: 'notes' }],
  },
  'post /storage/vectors/search': {
    query_blob: 'AAAA',
    sketches: [{ epoch: 1, data: SKETCH.data }],
    top_k: 3,
    collection: 'notes',
  },
  'delete /storage/vectors': { ids: ['a'], collection: 'notes' },
  'post /plugins/{id}/install': { plugin_id: newId(), version: '1.0.0' },
  'put /plugins/{id}/rating': { stars: 3, text: 'x' },
  'post /admin/plugins/reviews/{id}': { decision: 'reject', notes: 'x' },
  'post /admin/plugins/{id}/unlist': { version: '9.9.9' },
  'post /admin/payouts': { period: '2026-01' },
  'post /backup/uploads': { version: 1, timestamp: 1, checksum: SUM, size_bytes: 3, chunk_size: 65_536 },
  'put /backup/retention': RETENTION,
  'post /backup/retention/preview': RETENTION,
  'delete /backup/{id}': { password: 'x' },
};

interface Attack {
  readonly method: string;
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

describe('odd input', () => {
  let shop: Shop;
  let user: TestUser;
  let attacks: Attack[];
  let pluginId: string;

  beforeAll(async () => {
    shop = await Shop.open();
    user = await shop.app.admin();
    await shop.app.setTier(user.id, 'team', 1);
    pluginId = await shop.publish(await shop.app.user(), { price_cents: 99 });
    await shop.app
      .call('put', '/storage/vectors/collections/notes', user)
      .send({ mode: 'sketch', ...FORM, epoch: 1 })
      .expect(200);
    attacks = attacksOn(openApiDocument(shop.app.nest).paths, pluginId);
  });
  afterAll(async () => {
    AGENT.destroy();
    await shop.close();
  });

  it('is never a fault of ours, in any place of any route', async () => {
    const faults = await inParallel(
      attacks.map((attack) => async () => {
        const { status, text } = await send(shop.app.port, user, attack);
        // Each operation of a batch has a status of its own.
        const isFault = (status >= 500 && status !== 501) || /"status":5(?!01)/.test(text);
        return isFault ? `${status} ${JSON.stringify(attack).slice(0, 600)} ${text.slice(0, 200)}` : null;
      }),
      8,
    );
    expect(attacks.length).toBeGreaterThan(3_000);
    expect(faults.filter((fault) => fault !== null)).toEqual([]);
  }, 120_000);
});

type Paths = ReturnType<typeof openApiDocument>['paths'];
type Parameters = readonly { in: string; name: string }[];

function attacksOn(paths: Paths, pluginId: string): Attack[] {
  return Object.entries(paths).flatMap(([full, operations]) => {
    const path = full.replace('/api/v1', '');
    // Not ready is an honest answer of a server that runs no jobs.
    if (path === '/health/ready') return [];
    return (['get', 'post', 'put', 'delete'] as const).flatMap((method) => {
      const operation = operations[method];
      if (!operation) return [];
      const places = (operation.parameters ?? []).flatMap((place) => ('in' in place ? [place] : []));
      const honest = path
        .replace('{n}', '0')
        .replace('{name}', 'notes')
        .replace(/\{\w+\}/, pluginId);
      const target = { method, path: honest };
      const body = BODIES[`${method} ${path}`];
      return [
        ...ofParameters(method, path, honest, places),
        ...(body ? ofBody(target, body) : []),
        ...(method === 'get' ? ODD_TEXTS.slice(0, 2) : ODD_TEXTS).map((text) => ({
          ...target,
          headers: { 'content-type': 'application/json' },
          body: text,
        })),
        ...['text/plain', 'multipart/form-data', 'application/octet-stream', 'x', 'application/json; charset=x'].map(
          (type) => ({ ...target, headers: { 'content-type': type }, body: '{}' }),
        ),
      ];
    });
  });
}

function ofBody(target: Attack, body: object): Attack[] {
  const bodies = [body, ...oddly(body), { ...body, extra: 1 }, { ...body, toString: 1 }];
  return bodies.map((one) => ({
    ...target,
    headers: { 'content-type': 'application/json', 'if-match': '*' },
    body: JSON.stringify(one),
  }));
}

function ofParameters(method: string, path: string, honest: string, places: Parameters): Attack[] {
  const texts = ODD_VALUES.flatMap((value) =>
    typeof value === 'string' || typeof value === 'number' ? [String(value)] : [],
  );
  return places.flatMap(({ in: where, name }): Attack[] => {
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

/** The value with each of its parts, and then itself, replaced by everything odd. */
function oddly(value: unknown): unknown[] {
  const parts =
    typeof value !== 'object' || value === null
      ? []
      : Array.isArray(value)
        ? value.flatMap((item, at) => [...oddly(item).map((odd) => value.with(at, odd)), [...value, item]])
        : Object.entries(value).flatMap(([name, member]) => oddly(member).map((odd) => ({ ...value, [name]: odd })));
  return [...parts, ...ODD_VALUES];
}

/** Sent as it stands: nothing mends a path or a header on the way. */
function send(
  port: number,
  user: TestUser,
  { method, path, headers, body }: Attack,
): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const sent = http({
      agent: AGENT,
      port,
      host: '127.0.0.1',
      method: method.toUpperCase(),
      path: `/api/v1${path}`,
      headers: {
        authorization: `Bearer ${user.accessToken}`,
        ...Object.fromEntries(
          Object.entries(headers ?? {}).map(([name, value]) => [name, Buffer.from(value).toString('latin1')]),
        ),
        'content-length': Buffer.byteLength(body ?? ''),
      },
    });
    sent.once('error', reject);
    sent.once('response', (answer) => {
      let text = '';
      answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
      answer.once('end', () => resolve({ status: answer.statusCode ?? 0, text })).once('error', reject);
    });
    sent.end(body);
  });
}
