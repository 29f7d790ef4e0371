import { Environment } from '@adiuva/config';
import { Database, Metrics } from '@adiuva/platform';
import { EscalationStarter } from '../../libs/notifications/src/delivery/escalation-starter.service';
import { StepSender } from '../../libs/notifications/src/delivery/step-sender.service';
import { StepStore, type ClaimedStep } from '../../libs/notifications/src/delivery/step.store';
import { NotificationsConfig } from '../../libs/notifications/src/notifications.config';
import { PushHosts } from '../../libs/notifications/src/web-push/push-hosts.service';
import { eventually, TestApp, type TestUser } from '../support/app';
import { FakeTwilio } from '../support/fakes/fake-twilio';
import { TestPushService } from '../support/fakes/push-service';
import { notify, stateOf, withBrowser, withPhone } from './helpers';

/** Long, so that no attempt of a slow machine is too late. */
const LEASE_MS = 400_000;
const SLOTS = { web_push: 16, whatsapp: 16, voice: 1 };
const BLOCKED = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;

let app: TestApp;
let twilio: FakeTwilio;
let push: TestPushService;
let database: Database;
/** The notification worker does not run: the tests take its steps one by one. */
beforeAll(async () => {
  [twilio, push] = await Promise.all([FakeTwilio.start(), TestPushService.start()]);
  app = await TestApp.start({ ...twilio.settings, ...push.settings, NOTIFICATION_LEASE_MS: `${LEASE_MS}` });
  database = app.nest.get(Database);
});
afterAll(async () => {
  await app.stop();
  await Promise.all([twilio.stop(), push.stop()]);
});

/** The id of a notification whose step is due. */
async function due(user: TestUser, channel: 'web_push' | 'whatsapp' | 'voice'): Promise<string> {
  const id = await notify(app, user, { policy: [{ channel, after_s: 0 }] });
  await app.nest.get(EscalationStarter).startDue();
  await database.query(`UPDATE notification_steps SET due_at = due_at - interval '1 hour' WHERE notification_id = $1`, [
    id,
  ]);
  return id;
}

async function claimed(ids: readonly string[]): Promise<ClaimedStep[]> {
  const steps = await app.nest.get(StepStore).claim(SLOTS);
  return steps.filter((step) => ids.includes(step.notification_id));
}

const send = (step: ClaimedStep) => app.nest.get(StepSender).send(step, new AbortController().signal);

describe('a claim', () => {
  it('gives every step that it has claimed, also of a notification that is committed meanwhile', async () => {
    const [early, late] = [await app.user(), await app.user()];
    await withBrowser(app, push, early);
    await withPhone(app, twilio, late, 'whatsapp');
    const first = await due(early, 'web_push');
    const { claim, second } = await database.transaction(async (tx) => {
      await tx.query('SELECT FROM notification_steps WHERE notification_id = $1 FOR UPDATE', [first]);
      const claim = app.nest.get(StepStore).claim(SLOTS);
      await eventually(async () => (await database.query(BLOCKED)).length > 0);
      return { claim, second: await due(late, 'whatsapp') };
    });
    expect((await claim).map((step) => step.notification_id).sort()).toEqual([first, second].sort());
  });

  it('that has a step of a user whose key is damaged gives the others, which are sent', async () => {
    const users = [await app.user(), await app.user(), await app.user()] as const;
    const browsers = await Promise.all(users.map((user) => withBrowser(app, push, user)));
    const ids: string[] = [];
    for (const user of users) ids.push(await due(user, 'web_push'));
    await database.query(`UPDATE user_keys SET wrapped = '\\x00' WHERE user_id = $1`, [users[1].id]);
    for (const step of await claimed(ids)) await send(step);
    expect(browsers.map((browser) => push.of(browser).length)).toEqual([1, 0, 1]);
    const [, damaged] = ids;
    expect(
      await database.query('SELECT status, error_code FROM notification_steps WHERE notification_id = $1', [damaged]),
    ).toEqual([{ status: 'waiting', error_code: 'internal_error' }]);
  });
});

describe('an attempt', () => {
  it('that begins after most of its lease is not sent and does not count; the next one is', async () => {
    const user = await app.user();
    const browser = await withBrowser(app, push, user);
    const id = await due(user, 'web_push');
    const [step] = await claimed([id]);
    if (!step) throw new Error('nothing was claimed');
    expect(step.deadline - performance.now()).toBeLessThan(LEASE_MS * 0.75);
    await send({ ...step, deadline: performance.now() });
    expect([push.of(browser).length, (await stateOf(app, user, id)).steps[0]]).toMatchObject([
      0,
      { status: 'waiting', attempts: 0 },
    ]);
    for (const next of await claimed([id])) await send(next);
    expect(push.of(browser)).toHaveLength(1);
  });

  it('of a call that is put off does not come before a call to the same number that is being made', async () => {
    const user = await app.user();
    const { phone } = await withPhone(app, twilio, user, 'voice');
    const early = await due(user, 'voice');
    const [unmade] = await claimed([early]);
    if (!unmade) throw new Error('nothing was claimed');
    await send({ ...unmade, deadline: performance.now() });
    const late = await due(user, 'voice');
    const [calling] = await claimed([late]);
    const [again] = await claimed([early]);
    if (!calling || !again) throw new Error('nothing was claimed');
    await send(again);
    expect(twilio.to(phone)).toEqual([]);
    await send(calling);
    expect(twilio.to(phone)).toHaveLength(1);
    const { steps } = await stateOf(app, user, early);
    expect(steps).toMatchObject([{ status: 'waiting', attempts: 0 }]);
  });

  it('whose answer is lost is followed by the next one after a quarter of a lease, when the provider can tell of it', async () => {
    const user = await app.user();
    await withPhone(app, twilio, user, 'whatsapp');
    const id = await due(user, 'whatsapp');
    const [step] = await claimed([id]);
    if (!step) throw new Error('nothing was claimed');
    twilio.next.push('lost');
    await send(step);
    const [next] = await database.query<{ status: string; ms: number }>(
      `SELECT status, extract(epoch FROM due_at - first_claimed_at)::float * 1000 AS ms FROM notification_steps WHERE notification_id = $1`,
      [id],
    );
    expect(next?.status).toBe('waiting');
    expect(next?.ms).toBeGreaterThanOrEqual(LEASE_MS / 4);
  });
});

it('of messages that are sent at the same moment as many leave as the user may be sent in a day', async () => {
  const user = await app.user();
  const { phone } = await withPhone(app, twilio, user, 'whatsapp');
  const ids = [await due(user, 'whatsapp'), await due(user, 'whatsapp'), await due(user, 'whatsapp')];
  await database.query(
    `INSERT INTO notification_steps (notification_id, position, round, user_id, channel_id, kind, status, due_at, attempts, first_claimed_at)
     SELECT notification_id, n, 0, user_id, channel_id, kind, 'sent', due_at, 1, now()
     FROM notification_steps CROSS JOIN generate_series(101, 148) AS n WHERE notification_id = $1 AND position = 0`,
    [ids[0]],
  );
  const statuses = () =>
    database.query<{ status: string; attempts: number; error: string | null }>(
      `SELECT status, attempts, error_code AS error FROM notification_steps WHERE user_id = $1 AND position = 0 ORDER BY first_claimed_at IS NULL, status`,
      [user.id],
    );
  // None is answered before all have begun; the last one waits for what becomes of those ahead.
  twilio.delayMs = 500;
  try {
    await Promise.all((await claimed(ids)).map(send));
  } finally {
    twilio.delayMs = 0;
  }
  expect(twilio.to(phone)).toHaveLength(2);
  expect((await statuses()).at(-1)).toEqual({ status: 'waiting', attempts: 0, error: null });
  await eventually(async () => (await Promise.all((await claimed(ids)).map(send))).length > 0);
  expect(twilio.to(phone)).toHaveLength(2);
  expect((await statuses()).filter(({ status }) => status === 'failed')).toEqual([
    { status: 'failed', attempts: 1, error: 'limit_reached' },
  ]);
});

describe('calls to push services', () => {
  const answered = () => Promise.resolve('answered');
  let hosts: PushHosts;
  let answers: (() => void)[];
  beforeEach(() => {
    hosts = new PushHosts(new NotificationsConfig(new Environment({ NOTIFICATIONS_CONCURRENCY: '16' })));
    answers = [];
  });
  const silent = (host: string, userId: string) =>
    hosts.run({ host, userId }, () => new Promise<void>((answer) => answers.push(answer)));

  it('are put off for longer and longer by a host that does not answer, until it does', async () => {
    const call = (userId: number) => hosts.run({ host: 'silent.example', userId: `${userId}` }, answered);
    const open = [silent('silent.example', 'first'), silent('silent.example', 'second')];
    const delays: number[] = [];
    while (delays.length < 10_000) {
      const result = await call(delays.length);
      if ('afterMs' in result) delays.push(result.afterMs);
    }
    expect([delays[0], delays[100], delays.at(-1)]).toEqual([1_000, 2_000, 60_000]);
    expect(await hosts.run({ host: 'other.example', userId: 'first' }, answered)).toEqual({ answer: 'answered' });
    for (const answer of answers) answer();
    await Promise.all(open);
    expect(await call(0)).toEqual({ answer: 'answered' });
  });

  it('of one user have a quarter of the places, however many hosts the user names', async () => {
    const call = (userId: string) => hosts.run({ host: 'other.example', userId }, answered);
    const open = [1, 2, 3, 4].map((host) => silent(`${host}.example`, 'greedy'));
    const delays: number[] = [];
    while (delays.length < 1_000) {
      const result = await call('greedy');
      if ('afterMs' in result) delays.push(result.afterMs);
    }
    // One after the other, so that most of them are not tried again within seconds.
    expect(delays[0]).toBeGreaterThanOrEqual(1_000);
    expect(delays.at(-1)).toBeGreaterThan(30_000);
    expect(await call('other')).toEqual({ answer: 'answered' });
    answers[0]?.();
    await open[0];
    expect(await call('greedy')).toEqual({ answer: 'answered' });
    for (const answer of answers) answer();
    await Promise.all(open);
  });
});

it('a step that is due is late, and that of a disabled account is not', async () => {
  const user = await app.user();
  await withBrowser(app, push, user);
  await database.query(`UPDATE notification_steps SET status = 'cancelled' WHERE status IN ('waiting', 'unknown')`);
  await due(user, 'web_push');
  const lateBy = async (): Promise<number> =>
    Number(/^adiuva_notification_oldest_due_seconds (\S+)$/m.exec(await app.nest.get(Metrics).text())?.[1]);
  expect(await lateBy()).toBeGreaterThan(3_000);
  await database.query('UPDATE users SET disabled_at = now() WHERE id = $1', [user.id]);
  expect(await lateBy()).toBe(0);
});
