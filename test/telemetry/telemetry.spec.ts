import { Database } from '@adiuva/platform';
import { TestApp, type TestUser } from '../support/app';

describe('telemetry', () => {
  let app: TestApp;
  let user: TestUser;
  beforeAll(async () => {
    app = await TestApp.start({ RATE_LIMIT_PRO: '10' });
    user = await app.user('power');
    await app.call('put', '/telemetry/consent', user).send({ enabled: true }).expect(200);
  });
  afterAll(() => app.stop());

  const report = (events: unknown, of = user) => app.call('post', '/telemetry', of).send({ events });
  const started = (properties: object = {}, at = Date.now()) => ({ name: 'app_started', at, properties });
  const counts = () =>
    app.nest.get(Database).query<{ name: string; property: string; value: string; count: string; sum: number }>(
      // Of all days, because a day may end during a test.
      `SELECT name, property, value, sum(count)::text AS count, sum(sum) AS sum FROM telemetry_counts GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
    );

  it('is stored as sums of all users and names none', async () => {
    const other = await app.user();
    await app.call('put', '/telemetry/consent', other).send({ enabled: true }).expect(200);
    await report([started({ platform: 'linux', startup_ms: 200 }), started({ platform: 'macos' })]).expect(204);
    await report([started({ platform: 'linux', startup_ms: 100 })], other).expect(204);
    expect(await counts()).toEqual([
      { name: 'app_started', property: '', value: '', count: '3', sum: 0 },
      { name: 'app_started', property: 'platform', value: 'linux', count: '2', sum: 0 },
      { name: 'app_started', property: 'platform', value: 'macos', count: '1', sum: 0 },
      { name: 'app_started', property: 'startup_ms', value: '', count: '2', sum: 300 },
    ]);
  });

  it('is refused until the user has agreed, and after that is withdrawn', async () => {
    const silent = await app.user();
    const consent = () => app.call('get', '/telemetry/consent', silent).expect(200);
    expect((await consent()).body).toEqual({ enabled: false });
    expect((await report([started()], silent).expect(403)).body.code).toBe('forbidden');
    await app.call('put', '/telemetry/consent', silent).send({ enabled: true }).expect(200);
    await report([started()], silent).expect(204);
    await app.call('put', '/telemetry/consent', silent).send({ enabled: false }).expect(200);
    await report([started()], silent).expect(403);
  });

  it.each([
    ['an unknown name', [{ name: 'user_typed', at: 1 }]],
    ['an unknown property', [started({ note: 1 })]],
    ['text where a word of a list belongs', [started({ platform: 'my computer' })]],
    ['text where a number belongs', [started({ startup_ms: 'secret' })]],
    ['an inherited property', [started({ constructor: 1 })]],
    ['a number whose sums would overflow', [started({ startup_ms: 1e300 })]],
    ['a number beyond the limit', [started({ startup_ms: 1e12 + 1 })]],
    ['a negative number', [started({ startup_ms: -1 })]],
    ['a nested value', [started({ startup_ms: { a: 1 } })]],
    ['an old event', [started({}, Date.now() - 8 * 86_400_000)]],
    ['more than a hundred events', Array.from({ length: 101 }, () => started())],
    ['no event', []],
    ['a further member', [{ ...started(), user: 'x' }]],
  ])('refuses %s, and stores nothing of the batch', async (_, events) => {
    const before = await counts();
    expect((await report([...events.slice(0, -1), ...events.slice(-1)])).status).toBe(400);
    expect(await counts()).toEqual(before);
  });

  it('adds up the largest numbers without end', async () => {
    const batch = Array.from({ length: 100 }, () => ({
      name: 'search_finished',
      at: Date.now(),
      properties: { duration_ms: 1e12, results: 0.5 },
    }));
    for (let sent = 0; sent < 3; sent += 1) await report(batch).expect(204);
    const sums = (await counts()).filter(({ name }) => name === 'search_finished').map(({ sum }) => sum);
    expect(sums).toEqual([0, 3e14, 150]);
  });

  it('costs a fifth of a request', async () => {
    const limited = await app.user('pro');
    await app.call('put', '/telemetry/consent', limited).send({ enabled: true }).expect(200);
    const remaining: string[] = [];
    for (let sent = 0; sent < 5; sent += 1)
      remaining.push(String((await report([started()], limited).expect(204)).headers['ratelimit-remaining']));
    expect(remaining).toEqual(['8', '8', '8', '8', '8']);
  });
});
