import { Client } from 'pg';
import { newId } from '@adiuva/kernel';
import { BillingErasure } from '@adiuva/billing';
import { Database } from '@adiuva/platform';
import { TestApp } from '../support/app';
import { post } from '../support/fakes/stripe/webhook-sender';
import { lifeOf, stripeWithPrices, WEBHOOK_ONLY, WEBHOOK_SECRET, type Life } from '../support/builders/stripe-life';

const WEEK = 7 * 86_400;

describe("Stripe's events that arrive concurrently", () => {
  const stripe = stripeWithPrices();
  let node: TestApp;
  let other: TestApp;
  let database: Client;

  beforeAll(async () => {
    node = await TestApp.start(WEBHOOK_ONLY);
    other = await TestApp.start(WEBHOOK_ONLY, node);
    database = new Client({ connectionString: node.database.url });
    await database.connect();
  });
  afterAll(async () => {
    await database.end();
    await other.stop();
    await node.stop();
  });

  async function lives(count: number, ends = false): Promise<(Life & { readonly user: string })[]> {
    const users = Array.from({ length: count }, () => newId());
    await database.query('INSERT INTO users (id) SELECT unnest($1::uuid[])', [users]);
    return users.map((user) => ({ user, ...lifeOf(stripe, user, ends) }));
  }

  function send(event: object | undefined, app = node): Promise<number> {
    const { body, signature } = stripe.webhooks.signed(event ?? {}, WEBHOOK_SECRET);
    return post(`${app.url}/api/v1/billing/webhook`, body, signature);
  }

  async function tierOf(user: string): Promise<string | undefined> {
    const { rows } = await database.query('SELECT tier FROM entitlements WHERE user_id = $1', [user]);
    return rows[0]?.tier;
  }

  async function storedOf(events: readonly { readonly id: string }[]): Promise<number> {
    const ids = events.map(({ id }) => id);
    const { rows } = await database.query('SELECT count(*)::int AS n FROM stripe_events WHERE id = ANY($1)', [ids]);
    return rows[0]?.n;
  }

  async function graceOf(user: string): Promise<number[]> {
    const { rows } = await database.query(
      'SELECT extract(epoch FROM run_at)::float8 AS at FROM graphile_worker.jobs WHERE key = $1',
      [`grace:${user}`],
    );
    return rows.map(({ at }) => at);
  }

  /** Makes PostgreSQL refuse rows of `table` for which `condition` holds; returns what ends it. */
  async function refusing(table: string, condition: string): Promise<() => Promise<unknown>> {
    await database.query(`
      CREATE FUNCTION refuses() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN RAISE EXCEPTION USING ERRCODE = ''check_violation'', MESSAGE = ''refused''; END';
      CREATE TRIGGER refuses BEFORE INSERT ON ${table} FOR EACH ROW WHEN (${condition}) EXECUTE FUNCTION refuses()`);
    return () => database.query('DROP FUNCTION refuses CASCADE');
  }

  it('enqueue exactly the jobs that they need', async () => {
    const all = await lives(12);
    const bought = all.map(({ events }) => send(events[0]));
    expect(new Set(await Promise.all(bought))).toEqual(new Set([200]));
    const failing = all.filter((_, index) => index % 2 === 0);
    const later = all.map(({ events }, index) => (index % 2 === 0 ? events[3] : events[1]));
    expect(new Set(await Promise.all(later.map((event) => send(event))))).toEqual(new Set([200]));
    for (const { user, events } of all) {
      const wanted = failing.some((life) => life.user === user) ? [(events[3]?.created ?? 0) + WEEK] : [];
      expect(await graceOf(user)).toEqual(wanted);
    }
  });

  it('about one subscription are each applied once, on two nodes and repeated', async () => {
    const [ending] = await lives(1, true);
    const [staying] = await lives(1);
    const events = [...(ending?.events ?? []), ...(staying?.events ?? [])];
    const statuses = await Promise.all(
      [node, other, node, other].flatMap((app) => events.map((one) => send(one, app))),
    );
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(await storedOf(events)).toBe(10);
    expect([await tierOf(ending?.user ?? ''), await tierOf(staying?.user ?? '')]).toEqual(['free', 'power']);
    expect(await graceOf(staying?.user ?? '')).toHaveLength(1);
    const { rows } = await database.query('SELECT version FROM subscriptions WHERE id = $1', [staying?.subscription]);
    expect(rows).toEqual([{ version: 5 }]);
  });

  it.each([
    ['its row', 0, 'subscriptions', ({ subscription }: Life) => `NEW.id = '${subscription}'`],
    ['its job', 4, 'graphile_worker._private_jobs', (_: Life, user: string) => `NEW.key = 'grace:${user}'`],
  ])(
    'have their effect although PostgreSQL refuses %s of one of them, which has none',
    async (_, at, table, condition) => {
      const all = await lives(8);
      const [refused, ...others] = all;
      if (!refused) throw new Error('no life');
      const ended = await refusing(table, condition(refused, refused.user));
      const statuses = await Promise.all(all.map(({ events }) => send(events[at])));
      await ended();
      expect(statuses[0]).toBeGreaterThanOrEqual(500);
      expect(new Set(statuses.slice(1))).toEqual(new Set([200]));
      expect(await storedOf(others.flatMap(({ events }) => events[at] ?? []))).toBe(7);
      expect(await storedOf(refused.events)).toBe(0);
      expect([await tierOf(refused.user), await graceOf(refused.user)]).toEqual([undefined, []]);
      expect(await send(refused.events[at])).toBe(200);
      expect(await storedOf(refused.events)).toBe(1);
    },
  );

  it('do not wait for the one whose rows are locked, which waits', async () => {
    const all = await lives(6);
    const [held, ...others] = all;
    expect(await send(held?.events[0])).toBe(200);
    await database.query('BEGIN');
    await database.query('SELECT 1 FROM subscriptions WHERE id = $1 FOR UPDATE', [held?.subscription]);
    const waiting = send(held?.events[2]);
    expect(new Set(await Promise.all(others.map(({ events }) => send(events[2]))))).toEqual(new Set([200]));
    expect(await tierOf(held?.user ?? '')).toBe('pro');
    await database.query('COMMIT');
    expect(await waiting).toBe(200);
    expect(await tierOf(held?.user ?? '')).toBe('power');
  });

  it('are applied to what the other node has written', async () => {
    const [life] = await lives(1, true);
    const [created, sold, updated, failed, deleted] = life?.events ?? [];
    const user = life?.user ?? '';
    expect([await send(created), await send(sold)]).toEqual([200, 200]);
    expect(await send(deleted, other)).toBe(200);
    expect([await send(updated), await send(failed), await tierOf(user)]).toEqual([200, 200, 'free']);
    expect([await send(created), await storedOf(life?.events ?? [])]).toEqual([200, 5]);
  });

  it('give nothing to an account that has been erased since the last one', async () => {
    const [life] = await lives(1);
    const user = life?.user ?? '';
    expect([await send(life?.events[0]), await tierOf(user)]).toEqual([200, 'pro']);
    await database.query('UPDATE users SET erased_at = now() WHERE id = $1', [user]);
    await node.nest.get(Database).transaction((tx) => node.nest.get(BillingErasure).erase(tx, user));
    expect([await send(life?.events[2]), await tierOf(user)]).toEqual([200, undefined]);
    const { rows } = await database.query('SELECT user_id FROM subscriptions WHERE id = $1', [life?.subscription]);
    expect(rows).toEqual([{ user_id: null }]);
  });

  it('carry the headers of every answer, and are refused with a problem document', async () => {
    const [life] = await lives(1);
    const { body, signature } = stripe.webhooks.signed(life?.events[0] ?? {}, WEBHOOK_SECRET);
    const deliver = (header: string) =>
      node
        .call('post', '/billing/webhook')
        .set('Content-Type', 'application/json')
        .set('X-Request-Id', 'delivery-1')
        .set('Stripe-Signature', header)
        .send(body);
    const headers = {
      'x-request-id': 'delivery-1',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      'ratelimit-limit': expect.any(String),
      'ratelimit-remaining': expect.any(String),
      'ratelimit-reset': expect.any(String),
    };
    const accepted = await deliver(signature);
    expect([accepted.status, accepted.body]).toEqual([200, { ok: true }]);
    expect(accepted.headers).toMatchObject({ ...headers, 'content-type': 'application/json; charset=utf-8' });
    const refused = await deliver('t=1,v1=00');
    expect(refused.headers).toMatchObject({
      ...headers,
      'content-type': expect.stringContaining('application/problem+json'),
    });
    expect([refused.status, refused.body]).toEqual([
      400,
      expect.objectContaining({
        code: 'invalid_signature',
        instance: '/api/v1/billing/webhook',
        request_id: 'delivery-1',
      }),
    ]);
    expect((await deliver(signature).set('Content-Encoding', 'gzip')).status).toBe(415);
    expect((await node.call('get', '/billing/webhook')).status).toBe(404);
  });
});
