import { createHash } from 'node:crypto';
import { JsonBudget } from '../../apps/api/src/edge/body/json-budget.service';
import { assertBoundedJson } from '../../apps/api/src/edge/body/safe-json';
import { TestApp, whenBusy } from '../support/app';

const MIB = 1024 * 1024;
const RECORD_BYTES = 25 * MIB;
const UPLOADS = 5;

describe('JSON bodies in flight', () => {
  it('are read, or refused with 503 and Retry-After, in bounded memory, while small requests are served', async () => {
    const app = await TestApp.start();
    const user = await app.user('power');
    const blob = Buffer.alloc(RECORD_BYTES, 7);
    const body = JSON.stringify({
      table: 'notes',
      blob: blob.toString('base64'),
      checksum: createHash('sha256').update(blob).digest('hex'),
    });
    const send = () =>
      fetch(`${app.url}/api/v1/storage/records`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${user.accessToken}` },
        body,
      });
    const uploads = Promise.all(Array.from({ length: UPLOADS }, send));
    await app.call('get', '/auth/me', user).expect(200);
    await app.call('post', '/auth/login').send({ email: user.email, password: user.password }).expect(200);
    const answers = await uploads;
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status !== 201 && status !== 503)).toEqual([]);
    expect(statuses).toContain(201);
    for (const { status, headers } of answers)
      if (status === 503) expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await send()).status).toBe(201);
    await app.stop();
  });

  it('beyond the common cap wait until others have been answered', async () => {
    const budget = new JsonBudget();
    const [first, second, small] = [budget.reservation(), budget.reservation(), budget.reservation()];
    expect(first.take(30 * MIB)).toBeUndefined();
    expect(second.take(10 * MIB)).toBeUndefined();
    const waiting = second.take(10 * MIB);
    expect(waiting).toBeInstanceOf(Promise);
    expect(first.take(3 * MIB)).toBeUndefined();
    expect(small.take(1000)).toBeUndefined();
    first.release();
    await waiting;
    second.release();
    small.release();
  });
});

describe('JSON of many values', () => {
  const refused = (text: string) => () => assertBoundedJson(Buffer.from(text));

  it.each([
    ['lists of one number', '[1],'.repeat(8 * MIB - 1)],
    ['empty objects', '{},'.repeat(8 * MIB)],
    ['nested lists', '['.repeat(MIB)],
    ['numbers', '1,'.repeat(8 * MIB)],
    ['empty strings', '"",'.repeat(8 * MIB)],
  ])('is refused before it is parsed: %s', (_, text) => {
    const before = process.memoryUsage().rss;
    const started = performance.now();
    expect(refused(`[${text}1]`)).toThrow(expect.objectContaining({ code: 'malformed_request' }));
    expect(performance.now() - started).toBeLessThan(whenBusy(2_000));
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * MIB);
  });

  it.each([
    ['commas and brackets in a string', JSON.stringify({ text: '[{,"\\'.repeat(200_000) })],
    ['a string that ends in a backslash', JSON.stringify(['\\', '[[[', '\\"', ','.repeat(600_000)])],
    ['499,000 numbers', JSON.stringify(Array(499_000).fill(1))],
    ['a text that breaks off in a string', '{"a":"\\'],
  ])('is taken as it is: %s', (_, text) => {
    expect(refused(text)).not.toThrow();
  });
});

describe('a bearer token', () => {
  it('is refused with anything before or after it', async () => {
    const app = await TestApp.start();
    const { accessToken } = await app.user();
    const status = async (authorization: string) =>
      (await app.call('get', '/auth/me').set('Authorization', authorization)).status;
    expect(await status(`Bearer ${accessToken}`)).toBe(200);
    for (const padded of [
      `Bearer ${accessToken} x`,
      `Bearer ${accessToken} ${'x'.repeat(8_000)}`,
      `x Bearer ${accessToken}`,
      `Bearer ${accessToken},x`,
      `Bearer x ${accessToken}`,
      `Basic ${accessToken}`,
    ])
      expect([padded.length, await status(padded)]).toEqual([padded.length, 401]);
    await app.stop();
  });
});
