import { AckTokens } from '@adiuva/notifications';
import { Database } from '@adiuva/platform';
import { eventually, TestApp } from '../support/app';
import { FakeTwilio } from '../support/fakes/fake-twilio';
import { TestPushService } from '../support/fakes/push-service';
import { TestSmtpServer } from '../support/fakes/smtp-server';
import { notify, settled, stateOf, withBrowser, withPhone } from './helpers';

let app: TestApp;
let twilio: FakeTwilio;
let push: TestPushService;
let smtp: TestSmtpServer;
beforeAll(async () => {
  [twilio, push, smtp] = await Promise.all([FakeTwilio.start(), TestPushService.start(), TestSmtpServer.start()]);
  app = await TestApp.start({
    ...twilio.settings,
    ...push.settings,
    SMTP_URL: smtp.url,
    MAIL_FROM: 'no-reply@adiuva.example',
    NOTIFICATION_RETRY_MS: '50',
    // Longer than a test waits, so that no attempt of a machine that stands still ends before its answer.
    NOTIFICATION_TIMEOUT_MS: '200000',
    NOTIFICATION_LEASE_MS: '400000',
  });
  app.startNotifications();
  await app.startJobs();
});
afterAll(async () => {
  await app.stop();
  await Promise.all([twilio.stop(), push.stop(), smtp.stop()]);
});

const POLICY = [
  { channel: 'web_push', after_s: 0 },
  { channel: 'whatsapp', after_s: 1 },
  { channel: 'voice', after_s: 2 },
];

/** What waits for a later time is due now. */
async function bringForward({ id }: { id: string }): Promise<void> {
  await app.nest.get(Database).query('UPDATE notifications SET deliver_at = now() WHERE user_id = $1', [id]);
}

describe('a notification', () => {
  it('reaches the browser encrypted, with its title and a link', async () => {
    const user = await app.user();
    const browser = await withBrowser(app, push, user);
    const id = await notify(app, user, { title: 'Report', body: 'The body' });
    await settled(app, user, id, 'delivered');
    expect(push.of(browser)).toHaveLength(1);
    expect(push.of(browser)[0]).toMatchObject({ urgency: 'high', payload: { id, title: 'Report', body: null } });
  });

  it('has its body where the user has opted in', async () => {
    const user = await app.user();
    const browser = await withBrowser(app, push, user);
    const { body } = await app.call('get', '/notifications/channels', user);
    await app
      .call('patch', `/notifications/channels/${body.channels[0].id}`, user)
      .send({ include_content: true })
      .expect(200);
    await notify(app, user, { title: 'Report', body: 'x'.repeat(4_000) });
    await eventually(() => push.of(browser).length === 1);
    expect(push.of(browser)[0]?.payload.body).toMatch(/^x{1000,}…$/);
  });

  it('escalates from push to WhatsApp to voice at the times of the policy', async () => {
    const user = await app.user();
    const browser = await withBrowser(app, push, user);
    const { phone } = await withPhone(app, twilio, user, 'whatsapp');
    await withPhone(app, twilio, user, 'voice', phone);
    const started = Date.now();
    const id = await notify(app, user, { title: 'Report', policy: POLICY });
    const { steps } = await settled(app, user, id, 'delivered');
    expect(steps.map(({ channel, status, attempts }) => [channel, status, attempts])).toEqual([
      ['web_push', 'sent', 1],
      ['whatsapp', 'sent', 1],
      ['voice', 'sent', 1],
    ]);
    const at = [push.of(browser)[0]?.at ?? 0, ...twilio.to(phone).map(({ created }) => created.getTime())];
    for (const [position, time] of at.entries()) expect(time - started).toBeGreaterThanOrEqual(position * 1_000);
    const due = await app.nest
      .get(Database)
      .query<{ s: number }>(
        `SELECT extract(epoch FROM due_at - min(due_at) OVER ())::float AS s FROM notification_steps WHERE notification_id = $1 ORDER BY position`,
        [id],
      );
    expect(due.map(({ s }) => s)).toEqual([0, 1, 2]);
  });

  it('that is acknowledged has no later step', async () => {
    const user = await app.user();
    const browser = await withBrowser(app, push, user);
    const { phone } = await withPhone(app, twilio, user, 'whatsapp');
    const policy = [
      { channel: 'web_push', after_s: 0 },
      { channel: 'whatsapp', after_s: 3_600 },
    ];
    const id = await notify(app, user, { policy });
    await eventually(async () => (await stateOf(app, user, id)).steps[0]?.status === 'sent');
    expect(push.of(browser)).toHaveLength(1);
    await app.call('post', `/notifications/${id}/ack`, user).expect(200);
    await app.call('post', `/notifications/${id}/ack`, user).expect(200);
    await app.nest.get(Database).query(`UPDATE notification_steps SET due_at = now() WHERE notification_id = $1`, [id]);
    await settled(app, user, await notify(app, user, { policy: [{ channel: 'web_push', after_s: 0 }] }), 'delivered');
    const { status, steps } = await stateOf(app, user, id);
    expect([status, ...steps.map((step) => step.status)]).toEqual(['acknowledged', 'sent', 'cancelled']);
    expect(twilio.to(phone)).toEqual([]);
  });

  it('that is snoozed starts again at its time, and once acknowledged it cannot be snoozed', async () => {
    const user = await app.user();
    const browser = await withBrowser(app, push, user);
    const id = await notify(app, user, {});
    await settled(app, user, id, 'delivered');
    await app.call('post', `/notifications/${id}/snooze`, user).send({ minutes: 10 }).expect(200);
    expect((await stateOf(app, user, id)).status).toBe('snoozed');
    await bringForward(user);
    await settled(app, user, id, 'delivered');
    expect(push.of(browser)).toHaveLength(2);
    await app.call('post', `/notifications/${id}/ack`, user).expect(200);
    await app.call('post', `/notifications/${id}/snooze`, user).send({ minutes: 10 }).expect(409);
  });

  it('with the same dedupe key is the first one, also when many come concurrently', async () => {
    const user = await app.user();
    const browser = await withBrowser(app, push, user);
    const ids = await Promise.all(Array.from({ length: 8 }, () => notify(app, user, { dedupe_key: 'report' })));
    expect(new Set(ids).size).toBe(1);
    await settled(app, user, ids[0] ?? '', 'delivered');
    expect(push.of(browser)).toHaveLength(1);
  });

  it('waits for its time, and expires where it is not acknowledged until then', async () => {
    const user = await app.user();
    const browser = await withBrowser(app, push, user);
    const later = Date.now() + 3_600_000;
    const id = await notify(app, user, {
      policy: [...POLICY, { channel: 'web_push', after_s: 3_600 }],
      deliver_at: later,
      expires_at: later + 3_600_000,
    });
    expect([(await stateOf(app, user, id)).status, push.of(browser)]).toEqual(['scheduled', []]);
    await bringForward(user);
    await eventually(async () => (await stateOf(app, user, id)).steps[0]?.status === 'sent');
    expect(push.of(browser)[0]?.ttl).toBeLessThanOrEqual(7_200);
    await app.nest.get(Database).query('UPDATE notifications SET expires_at = now() WHERE user_id = $1', [user.id]);
    const { steps } = await settled(app, user, id, 'expired');
    expect(steps.map(({ status }) => status)).toEqual(['sent', 'cancelled']);
  });

  it('may be due at the last moment that there is, in a digest too', async () => {
    const user = await app.user();
    const last = 8_640_000_000_000_000;
    for (const digest of ['off', 'hourly', 'daily']) {
      const preferences = { timezone: 'Pacific/Kiritimati', quiet_hours: null, policy: POLICY, digest };
      await app.call('put', '/notifications/preferences', user).send(preferences).expect(200);
      const id = await notify(app, user, { urgency: 'low', deliver_at: last });
      const { body } = await app.call('get', `/notifications/${id}`, user).expect(200);
      expect([body.status, body.deliver_at]).toEqual(['scheduled', last]);
    }
  });

  it('without a channel is in the inbox alone', async () => {
    const user = await app.user();
    const id = await notify(app, user, { title: 'Report', body: 'The body' });
    expect(await stateOf(app, user, id)).toMatchObject({
      status: 'delivered',
      steps: [],
      title: 'Report',
      body: 'The body',
    });
  });

  it('belongs to its user alone', async () => {
    const [user, stranger] = [await app.user(), await app.user()];
    const id = await notify(app, user, {});
    await app.call('get', `/notifications/${id}`, stranger).expect(404);
    await app.call('post', `/notifications/${id}/ack`, stranger).expect(404);
    await app.call('post', `/notifications/${id}/snooze`, stranger).send({ minutes: 5 }).expect(404);
  });

  it('is delayed by quiet hours unless it is critical', async () => {
    const user = await app.user();
    const browser = await withBrowser(app, push, user);
    const now = new Date();
    const clock = (minutes: number) => new Date(now.getTime() + minutes * 60_000).toISOString().slice(11, 16);
    await app
      .call('put', '/notifications/preferences', user)
      .send({
        timezone: 'UTC',
        quiet_hours: { from: clock(-60), to: clock(60) },
        policy: [{ channel: 'web_push', after_s: 0 }],
        digest: 'off',
      })
      .expect(200);
    const critical = await notify(app, user, {});
    const normal = await notify(app, user, { urgency: 'normal' });
    await settled(app, user, critical, 'delivered');
    const { body } = await app.call('get', `/notifications/${normal}`, user);
    expect(body.status).toBe('scheduled');
    expect(body.deliver_at).toBe(Math.floor((now.getTime() + 3_600_000) / 60_000) * 60_000);
    expect(push.of(browser)).toHaveLength(1);
  });

  it('of low urgency is joined with others in the digest', async () => {
    const user = await app.user();
    const browser = await withBrowser(app, push, user);
    await app
      .call('put', '/notifications/preferences', user)
      .send({
        timezone: 'UTC',
        quiet_hours: null,
        policy: [{ channel: 'web_push', after_s: 0 }],
        digest: 'daily',
        language: 'de',
      })
      .expect(200);
    const ids = [
      await notify(app, user, { urgency: 'low', title: 'One' }),
      await notify(app, user, { urgency: 'low', title: 'Two' }),
    ];
    expect(push.of(browser)).toEqual([]);
    await bringForward(user);
    for (const id of ids) await settled(app, user, id, 'delivered');
    await eventually(() => push.of(browser).length === 1);
    expect(push.of(browser)[0]?.payload.title).toBe('Neue Benachrichtigungen: 2');
    const { body } = await app.call('get', '/notifications?limit=1', user).expect(200);
    expect(body.notifications[0].body).toBe('• One\n• Two');
    const { body: rest } = await app.call('get', `/notifications?limit=5&cursor=${body.next_cursor}`, user).expect(200);
    expect([rest.notifications.map(({ id }: { id: string }) => id), rest.next_cursor]).toEqual([
      ids.toReversed(),
      null,
    ]);
  });
});

describe('a push service', () => {
  it('that no longer knows a subscription removes the channel', async () => {
    const user = await app.user();
    await withBrowser(app, push, user);
    push.answers.push(410);
    const { steps } = await settled(app, user, await notify(app, user, {}), 'failed');
    expect(steps[0]).toMatchObject({ status: 'failed', error: 'subscription_gone' });
    const { body } = await app.call('get', '/notifications/channels', user);
    expect(body.channels).toEqual([]);
  });

  it('that is busy or broken is tried again later', async () => {
    const user = await app.user();
    const browser = await withBrowser(app, push, user);
    push.answers.push(429, 503);
    const { steps } = await settled(app, user, await notify(app, user, {}), 'delivered');
    expect([steps[0]?.attempts, push.of(browser).length]).toEqual([3, 1]);
  });

  it('that is silent is tried again later', async () => {
    const impatient = await TestApp.start({
      ...push.settings,
      NOTIFICATION_RETRY_MS: '50',
      NOTIFICATION_TIMEOUT_MS: '500',
    });
    impatient.startNotifications();
    const user = await impatient.user();
    const browser = await withBrowser(impatient, push, user);
    push.answers.push(0);
    const { steps } = await settled(impatient, user, await notify(impatient, user, {}), 'delivered');
    // Where the machine stands still another answer may come too late as well.
    expect(steps[0]?.attempts).toBeGreaterThanOrEqual(2);
    expect(push.of(browser).length).toBeGreaterThanOrEqual(1);
    await impatient.stop();
  });

  it('that redirects is not followed', async () => {
    const user = await app.user();
    await withBrowser(app, push, user);
    push.answers.push(307);
    push.headers = { location: `${app.url}/api/v1/health` };
    const { steps } = await settled(app, user, await notify(app, user, {}), 'failed');
    push.headers = {};
    expect(steps[0]?.error).toBe('push_service_307');
  });
});

describe('an acknowledgement link', () => {
  async function linkOf(): Promise<{ path: string; id: string; check: () => Promise<string> }> {
    const user = await app.user();
    const browser = await withBrowser(app, push, user);
    const id = await notify(app, user, {});
    await eventually(() => push.of(browser).length === 1);
    const path = new URL(push.of(browser)[0]?.payload.url ?? '').pathname.replace('/api/v1', '');
    return { path, id, check: async () => (await stateOf(app, user, id)).status };
  }

  it('shows a page with one button, which acknowledges; the page alone changes nothing', async () => {
    const { path, check } = await linkOf();
    const page = await app.call('get', path).set('Accept-Language', 'fr').expect(200);
    expect(page.headers['content-type']).toContain('text/html');
    expect(page.headers['content-security-policy']).toContain("form-action 'self'");
    expect(page.text.match(/<button/g)).toHaveLength(1);
    expect(page.text).toContain('Confirmer');
    expect(await check()).not.toBe('acknowledged');
    await app.call('post', path).set('Content-Type', 'application/x-www-form-urlencoded').expect(200);
    expect(await check()).toBe('acknowledged');
  });

  it('that is forged, or older than 48 hours, is a page of 404', async () => {
    const { path, id, check } = await linkOf();
    const old = app.nest.get(AckTokens).link(id, Date.now() - 48 * 3_600_000 - 1);
    const expired = new URL(old).pathname.replace('/api/v1', '');
    for (const forged of [path.slice(0, -2), `${path.slice(0, -3)}AAA`, '/notifications/ack/x', `${path}x`, expired]) {
      await app.call('post', forged).expect(404);
      await app.call('get', forged).expect(404);
    }
    expect(await check()).not.toBe('acknowledged');
  });
});

describe('an e-mail', () => {
  it('has the content only where the user has opted in, and a link', async () => {
    const user = await app.user();
    await app.nest.get(Database).query('UPDATE users SET email_verified_at = now() WHERE id = $1', [user.id]);
    const policy = [{ channel: 'email', after_s: 0 }];
    const { body: channel } = await app
      .call('post', '/notifications/channels', user)
      .send({ kind: 'email' })
      .expect(201);
    await settled(app, user, await notify(app, user, { title: 'Secret plan', policy }), 'delivered');
    await app.call('patch', `/notifications/channels/${channel.id}`, user).send({ include_content: true }).expect(200);
    await settled(app, user, await notify(app, user, { title: 'Secret plan', policy }), 'delivered');
    const mails = () => smtp.received.filter(({ to }) => to.includes(user.email)).map(({ raw }) => raw);
    await eventually(() => mails().length === 2);
    expect(mails().map((raw) => [raw.includes('Secret plan'), raw.includes('/notifications/ack/')])).toEqual([
      [false, true],
      [true, true],
    ]);
  });
});
