import { randomBytes } from 'node:crypto';
import { Database } from '@adiuva/platform';
import { eventually, TestApp, whenBusy } from '../support/app';
import { FakeTwilio, type TwilioItem } from '../support/fakes/fake-twilio';
import { TestPushService } from '../support/fakes/push-service';
import { callback, notify, settled, stateOf, withBrowser, withPhone } from './helpers';

const INBOUND = 'https://hooks.example.org/api/v1/webhooks/twilio/whatsapp';
/** Longer than a test waits: what ends earlier was ended by something else. */
const CALL_MS = 200_000;

let app: TestApp;
let twilio: FakeTwilio;
let push: TestPushService;
let settings: Record<string, string>;
beforeAll(async () => {
  [twilio, push] = await Promise.all([FakeTwilio.start(), TestPushService.start()]);
  settings = {
    ...{ ...twilio.settings, ...push.settings },
    ...{ NOTIFICATION_TIMEOUT_MS: `${CALL_MS}`, NOTIFICATION_LEASE_MS: `${2 * CALL_MS}` },
  };
  app = await TestApp.start(settings);
  app.startNotifications();
});
afterAll(async () => {
  await app.stop();
  await Promise.all([twilio.stop(), push.stop()]);
});

const query = <R>(sql: string, values: readonly unknown[]) => app.nest.get(Database).query<R>(sql, values);

describe('an acknowledgement', () => {
  const POLICY = [
    ...['web_push', 'whatsapp', 'voice'].map((channel) => ({ channel, after_s: 0 })),
    ...['whatsapp', 'voice'].map((channel) => ({ channel, after_s: 3_600 })),
  ];

  /** How long after it each step has ended, by the database's clock. */
  const LATE = `SELECT s.position, extract(epoch FROM s.updated_at - n.acknowledged_at)::float * 1000 AS ms
    FROM notification_steps s JOIN notifications n ON n.id = s.notification_id WHERE n.id = $1 AND s.status = 'cancelled' ORDER BY s.position`;

  const sids = (kind: 'SM' | 'CA') => `${kind}${randomBytes(16).toString('hex')}`;
  const WAYS = {
    'a click on its link': (link: string) =>
      app.call('post', link).set('Content-Type', 'application/x-www-form-urlencoded').expect(200),
    'a digit': (_link: string, call: TwilioItem) =>
      callback(app, call.url, { CallSid: call.sid, CallStatus: 'in-progress', AnsweredBy: 'human', Digits: '1' }),
    'a reply': (_link: string, call: TwilioItem) =>
      callback(app, INBOUND, { From: `whatsapp:${call.to}`, Body: 'ok', MessageSid: sids('SM') }),
  };

  it.each(Object.entries(WAYS))(
    'by %s cancels the steps that wait in its transaction, and aborts one that is being sent',
    async (_way, acknowledge) => {
      const user = await app.user();
      const browser = await withBrowser(app, push, user);
      const { phone } = await withPhone(app, twilio, user, 'whatsapp');
      await withPhone(app, twilio, user, 'voice', phone);
      const id = await notify(app, user, { policy: POLICY });
      await eventually(async () =>
        (await stateOf(app, user, id)).steps.every(({ status }, at) => at > 2 || status === 'sent'),
      );
      const link = new URL(push.of(browser)[0]?.payload.url ?? '').pathname.replace('/api/v1', '');
      const call = twilio.to(phone).find(({ kind }) => kind === 'Calls');
      if (!call) throw new Error('no call was made');
      twilio.next.push('hang');
      await query('UPDATE notification_steps SET due_at = now() WHERE notification_id = $1 AND position = 3', [id]);
      await eventually(() => twilio.next.length === 0);
      await acknowledge(link, call);
      const { status, steps } = await stateOf(app, user, id);
      expect([status, steps[4]?.status]).toEqual(['acknowledged', 'cancelled']);
      await eventually(async () => (await stateOf(app, user, id)).steps[3]?.status === 'cancelled');
      const late = await query<{ position: number; ms: number }>(LATE, [id]);
      expect(late.map(({ position }) => position)).toEqual([3, 4]);
      expect(Math.max(...late.map(({ ms }) => ms))).toBeLessThan(whenBusy(2_000));
      expect(twilio.to(phone)).toHaveLength(2);
    },
  );
});

describe('what is due in one moment', () => {
  it('is sent once each by two processes', async () => {
    const user = await app.user();
    const browser = await withBrowser(app, push, user);
    const ids: string[] = [];
    while (ids.length < 50) ids.push(await notify(app, user, { deliver_at: Date.now() + 3_600_000 }));
    const other = await TestApp.start(settings, app);
    try {
      other.startNotifications();
      await query('UPDATE notifications SET deliver_at = now() WHERE user_id = $1', [user.id]);
      for (const id of ids) await settled(app, user, id, 'delivered');
    } finally {
      await other.stop();
    }
    expect(
      push
        .of(browser)
        .map(({ payload }) => payload.id)
        .sort(),
    ).toEqual(ids.sort());
  });

  it('does not wait for what cannot be started, which is tried again later', async () => {
    const [broken, digest, user] = [await app.user(), await app.user(), await app.user()];
    const browsers = await Promise.all([broken, digest, user].map((each) => withBrowser(app, push, each)));
    const preferences = {
      timezone: 'UTC',
      quiet_hours: null,
      policy: [{ channel: 'web_push', after_s: 0 }],
      digest: 'daily',
    };
    await app.call('put', '/notifications/preferences', digest).send(preferences).expect(200);
    const later = { deliver_at: Date.now() + 3_600_000 };
    const unplanned = await notify(app, broken, later);
    const unread = await notify(app, digest, { urgency: 'low', title: 'Digest' });
    const id = await notify(app, user, later);
    const [row] = await query<{ title: Buffer }>('SELECT title FROM notifications WHERE id = $1', [unread]);
    await query(`UPDATE notifications SET policy = '{}' WHERE id = $1`, [unplanned]);
    await query(`UPDATE notifications SET title = '\\x00' WHERE id = $1`, [unread]);
    await query('UPDATE notifications SET deliver_at = now() WHERE id = ANY ($1::uuid[])', [[unplanned, unread, id]]);
    await settled(app, user, id, 'delivered');
    const waiting = async () =>
      (
        await query('SELECT FROM notifications WHERE id = ANY ($1::uuid[]) AND deliver_at > now()', [
          [unplanned, unread],
        ])
      ).length;
    await eventually(async () => (await waiting()) === 2);
    expect(browsers.map((browser) => push.of(browser).length)).toEqual([0, 0, 1]);
    await query('UPDATE notifications SET policy = NULL, deliver_at = now() WHERE id = $1', [unplanned]);
    await query('UPDATE notifications SET title = $2, deliver_at = now() WHERE id = $1', [unread, row?.title]);
    await eventually(() => browsers.every((browser) => push.of(browser).length === 1));
  });
});
