import { NotificationsJobs } from '@adiuva/notifications';
import { Database } from '@adiuva/platform';
import { EscalationStarter } from '../../libs/notifications/src/delivery/escalation-starter.service';
import { TestApp, type TestUser } from '../support/app';
import { TestPushService } from '../support/fakes/push-service';
import { notify, stateOf, withBrowser } from './helpers';

let app: TestApp;
let push: TestPushService;
beforeAll(async () => {
  push = await TestPushService.start();
  app = await TestApp.start({ ...push.settings, NOTIFICATIONS_PER_DAY: '3' });
});
afterAll(async () => {
  await app.stop();
  await push.stop();
});

const create = (user: TestUser) => app.call('post', '/notifications', user).send({ urgency: 'normal' });

describe('the notifications of a user', () => {
  it('that are made and snoozed in a day are limited', async () => {
    const [user, other] = [await app.user(), await app.user()];
    const id = await notify(app, user, {});
    const snooze = () => app.call('post', `/notifications/${id}/snooze`, user).send({ minutes: 1 });
    await snooze().expect(200);
    await create(user).expect(202);
    const { headers } = await create(user).expect(429);
    expect(Number(headers['retry-after'])).toBeGreaterThan(3_600);
    await snooze().expect(429);
    await app.call('post', `/notifications/${id}/ack`, user).expect(200);
    await create(other).expect(202);
  });

  it('are read with their last 200 steps', async () => {
    const user = await app.user();
    await withBrowser(app, push, user);
    const id = await notify(app, user, { policy: [{ channel: 'web_push', after_s: 0 }] });
    await app.nest.get(Database).query(
      `INSERT INTO notification_steps (notification_id, position, round, user_id, channel_id, kind, status, due_at)
       SELECT notification_id, n, 1, user_id, channel_id, kind, 'failed', due_at FROM notification_steps CROSS JOIN generate_series(1, 300) AS n
       WHERE notification_id = $1 AND position = 0`,
      [id],
    );
    const { steps } = await stateOf(app, user, id);
    expect([steps.length, new Set(steps.map(({ status }) => status))]).toEqual([200, new Set(['failed'])]);
  });

  it('that are old are deleted, however many there are', async () => {
    const user = await app.user();
    const database = app.nest.get(Database);
    await database.query(
      `INSERT INTO notifications (id, user_id, status, urgency, source, escalate, deliver_at, created_at)
       SELECT gen_random_uuid(), $1, CASE n WHEN 0 THEN 'scheduled' ELSE 'delivered' END, 'normal', 'api', false, at, at
       FROM generate_series(0, 1200) AS n, (VALUES (now() - interval '91 days')) AS old (at)`,
      [user.id],
    );
    const recent = await notify(app, user, { deliver_at: Date.now() + 3_600_000 });
    const sweep = app.nest.get(NotificationsJobs).handlers.find(({ name }) => name === 'sweep_notifications');
    await sweep?.run({}, new AbortController().signal);
    const left = await database.query<{ id: string; status: string }>(
      'SELECT id, status FROM notifications WHERE user_id = $1',
      [user.id],
    );
    expect(left.map(({ status }) => status)).toEqual(['scheduled', 'scheduled']);
    expect(left.map(({ id }) => id)).toContain(recent);
  });

  it('are joined at most a thousand in a digest', async () => {
    const user = await app.user();
    const database = app.nest.get(Database);
    await database.query(
      `INSERT INTO notifications (id, user_id, status, urgency, source, escalate, deliver_at, digest)
       SELECT gen_random_uuid(), $1, 'scheduled', 'low', 'api', false, now(), true FROM generate_series(0, 1000)`,
      [user.id],
    );
    while ((await app.nest.get(EscalationStarter).startDue()) > 0);
    const made = `SELECT count(*)::int AS all, count(*) FILTER (WHERE source = 'digest')::int AS digests FROM notifications WHERE user_id = $1`;
    expect(await database.query(made, [user.id])).toEqual([{ all: 1_003, digests: 2 }]);
  });
});
