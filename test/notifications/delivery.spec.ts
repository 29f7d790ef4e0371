import { randomBytes } from 'node:crypto';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { BrowserPush } from '@adiuva/client';
import { Database, Metrics } from '@adiuva/platform';
import { sdkUser } from '../client/support/sdk-user';
import { eventually, TestApp, type TestUser } from '../support/app';
import { FakeTwilio } from '../support/fakes/fake-twilio';
import { TestPushService } from '../support/fakes/push-service';
import { TestSmtpServer } from '../support/fakes/smtp-server';
import { findPlaintext } from '../support/plaintext-search';
import { callback, notify, settled, stateOf, withBrowser, withPhone } from './helpers';
import { markerRows } from './marker-rows';

/** Takes connections and never says a word. */
class SilentHost {
  open = 0;
  maxOpen = 0;
  private readonly sockets = new Set<Socket>();
  private readonly server: Server = createServer((socket) => {
    this.open += 1;
    this.maxOpen = Math.max(this.maxOpen, this.open);
    this.sockets.add(socket.on('error', () => undefined));
    socket.resume().once('close', () => (this.open -= 1));
  });

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get host(): string {
    return `localhost:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
  }
}

let app: TestApp;
let twilio: FakeTwilio;
let push: TestPushService;
let smtp: TestSmtpServer;
let silent: SilentHost;
beforeAll(async () => {
  [twilio, push, smtp, silent] = await Promise.all([
    FakeTwilio.start(),
    TestPushService.start(),
    TestSmtpServer.start(),
    new SilentHost().start(),
  ]);
  app = await TestApp.start({
    ...{ ...twilio.settings, ...push.settings, SMTP_URL: smtp.url, MAIL_FROM: 'no-reply@adiuva.example' },
    WEB_PUSH_PRIVATE_HOSTS: `${push.host},${silent.host}`,
    ...{ NOTIFICATION_RETRY_MS: '50', NOTIFICATION_TIMEOUT_MS: '2000', NOTIFICATION_LEASE_MS: '4000' },
  });
  app.startNotifications();
  await app.startJobs();
});
afterAll(async () => {
  await app.stop();
  silent.stop();
  await Promise.all([twilio.stop(), push.stop(), smtp.stop()]);
});

async function withEmail(user: TestUser): Promise<string> {
  await app.nest.get(Database).query('UPDATE users SET email_verified_at = now() WHERE id = $1', [user.id]);
  const { body } = await app.call('post', '/notifications/channels', user).send({ kind: 'email' }).expect(201);
  return body.id;
}

describe('a provider that does not answer', () => {
  it('holds up neither the next channel of its chains nor the pushes of others', async () => {
    const [victim, other] = [await app.user(), await app.user()];
    const browser = await withBrowser(app, push, other);
    const { phone } = await withPhone(app, twilio, victim, 'whatsapp');
    const { keys } = push.subscribe();
    const subscription = { endpoint: `https://${silent.host}/push`, keys };
    await app.call('post', '/notifications/channels', victim).send({ kind: 'web_push', subscription }).expect(201);
    const policy = [
      { channel: 'web_push', after_s: 0 },
      { channel: 'whatsapp', after_s: 1 },
    ];
    const ids: string[] = [];
    while (ids.length < 20) ids.push(await notify(app, victim, { policy }));
    await notify(app, other, { policy });
    await eventually(() => push.of(browser).length === 1);
    await eventually(() => twilio.to(phone).length === ids.length);
    const states = await Promise.all(ids.map((id) => stateOf(app, victim, id)));
    expect(states.filter(({ status }) => status === 'escalating').length).toBeGreaterThan(10);
    expect(silent.maxOpen).toBeLessThanOrEqual(2);
    for (const id of ids) await app.call('post', `/notifications/${id}/ack`, victim).expect(200);
  });

  it('of one telephone channel does not hold up the other', async () => {
    const user = await app.user();
    const { phone } = await withPhone(app, twilio, user, 'whatsapp');
    await withPhone(app, twilio, user, 'voice', phone);
    twilio.next.push('hang');
    const both = ['whatsapp', 'voice'].map((channel, after_s) => ({ channel, after_s }));
    const id = await notify(app, user, { policy: both });
    await eventually(async () => (await stateOf(app, user, id)).steps[1]?.status === 'sent');
    await settled(app, user, id, 'delivered');
    expect(
      twilio
        .to(phone)
        .map(({ kind }) => kind)
        .sort(),
    ).toEqual(['Calls', 'Messages']);
  });
});

it('a marker in title, body, label and dedupe key is in no table, file, Redis key, metric or log, and in no request to a third party', async () => {
  const marker = `canary${randomBytes(12).toString('hex')}`;
  const user = await app.user();
  await withBrowser(app, push, user);
  const { phone, id: channel } = await withPhone(app, twilio, user, 'whatsapp');
  await withPhone(app, twilio, user, 'voice', phone);
  await withEmail(user);
  await app.call('patch', `/notifications/channels/${channel}`, user).send({ label: marker }).expect(200);
  const policy = ['web_push', 'whatsapp', 'voice', 'email'].map((kind) => ({ channel: kind, after_s: 0 }));
  const content = { title: marker, body: marker, dedupe_key: marker };
  await settled(app, user, await notify(app, user, { ...content, policy }), 'delivered');
  await notify(app, user, { title: marker, body: marker, deliver_at: Date.now() + 3_600_000 });
  await eventually(() => smtp.received.some(({ to }) => to.includes(user.email)));
  const call = twilio.to(phone).find(({ kind }) => kind === 'Calls');
  const fields = { CallSid: call?.sid ?? '', CallStatus: 'in-progress', AnsweredBy: 'human' };
  expect((await callback(app, call?.url ?? '', fields)).text).toContain('<Gather');
  const places = {
    databaseUrl: app.database.url,
    folders: [app.dataDir],
    texts: {
      log: app.log.join('\n'),
      metrics: await app.nest.get(Metrics).text(),
      twilio: twilio.requests.join('\n'),
      smtp: smtp.received.map(({ raw }) => raw).join('\n'),
      push: push.requests.join('\n'),
    },
    redisUrl: process.env['TEST_REDIS_URL'],
  };
  expect(await findPlaintext(marker, places)).toEqual([]);
  // The browser reads the title, and nothing else without an opt-in; the search notices what is there.
  expect(push.messages.at(-1)?.payload).toMatchObject({ title: marker, body: null });
  const found = (await findPlaintext(user.email, places)).map(({ place }) => place);
  expect(found).toContain('smtp');
});

it('the erasure of an account leaves no row and no job of its notifications', async () => {
  const user = await app.user();
  await withBrowser(app, push, user);
  const { phone } = await withPhone(app, twilio, user, 'whatsapp');
  await withEmail(user);
  const other = { kind: 'email', address: `second-${user.email}` };
  await app.call('post', '/notifications/channels', user).send(other).expect(201);
  const preferences = { timezone: 'UTC', quiet_hours: null, policy: [], digest: 'daily' };
  await app.call('put', '/notifications/preferences', user).send(preferences).expect(200);
  const policy = [
    { channel: 'whatsapp', after_s: 0 },
    { channel: 'web_push', after_s: 3_600 },
  ];
  const answered = await notify(app, user, { policy });
  await eventually(() => twilio.to(phone).length === 1);
  const inbound = 'https://hooks.example.org/api/v1/webhooks/twilio/whatsapp';
  const sid = `SM${randomBytes(16).toString('hex')}`;
  await callback(app, inbound, { From: `whatsapp:${phone}`, Body: 'ok', MessageSid: sid });
  await settled(app, user, answered, 'acknowledged');
  const open = await notify(app, user, { policy });
  const later = await notify(app, user, { deliver_at: Date.now() + 3_600_000 });
  await notify(app, user, { urgency: 'low', title: 'Digest' });
  await eventually(() => twilio.to(phone).length === 2);
  const database = app.nest.get(Database);
  const own = ['channels', 'preferences', 'replies', 'steps'].map((name) => `public.notification_${name}`);
  const before = await markerRows(database, [user.id]);
  expect([...own, 'public.notifications'].filter((table) => !before.includes(table))).toEqual([]);
  await app.call('delete', '/auth/account', user).send({ password: user.password }).expect(202);
  const left = async () =>
    (await markerRows(database, [user.id, answered, open, later, sid])).filter(
      (table) => table !== 'public.erased_users',
    );
  await eventually(async () => (await left()).length === 0).catch(() => undefined);
  expect(await left()).toEqual([]);
});

describe('the SDK', () => {
  it('subscribes a browser, sets preferences, reads the inbox page by page, and acknowledges', async () => {
    const { client } = await sdkUser(app);
    const { notifications } = client;
    const { endpoint, keys } = push.subscribe();
    const asked: object[] = [];
    const manager: BrowserPush = {
      subscribe: (options) => {
        asked.push(options);
        return Promise.resolve({ toJSON: () => ({ endpoint, keys }) });
      },
    };
    const channel = await notifications.subscribe(manager);
    expect((await notifications.subscribe(manager)).id).toBe(channel.id);
    expect(asked[0]).toEqual({ userVisibleOnly: true, applicationServerKey: expect.stringMatching(/^[\w-]{87}$/) });
    expect(await notifications.changeChannel(channel.id, { label: 'Laptop', include_content: true })).toMatchObject({
      ...{ kind: 'web_push', status: 'active', label: 'Laptop', include_content: true },
    });
    const preferences = await notifications.preferences();
    const policy = [{ channel: 'web_push' as const, after_s: 0 }];
    await notifications.setPreferences({ ...preferences, timezone: 'Europe/Rome', policy });
    expect(await notifications.preferences()).toMatchObject({ timezone: 'Europe/Rome', policy });
    const titles = ['One', 'Two', 'Three', 'Four', 'Five'];
    const made: string[] = [];
    for (const title of titles) made.push((await notifications.create({ title, urgency: 'normal' })).id);
    const read: (string | null)[] = [];
    for await (const { title } of notifications.inbox({ limit: 2 })) read.push(title);
    expect(read.sort()).toEqual([...titles].sort());
    const [first = '', second = ''] = made;
    await notifications.acknowledge(first);
    await notifications.snooze(second, 10);
    expect((await notifications.get(first)).status).toBe('acknowledged');
    const open: string[] = [];
    for await (const { id } of notifications.inbox({ status: 'snoozed', limit: 1 })) open.push(id);
    expect(open).toEqual([second]);
    await notifications.removeChannel(channel.id);
    expect(await notifications.channels()).toEqual([]);
  });

  it('adds a telephone that a code verifies', async () => {
    const { client } = await sdkUser(app);
    const phone = `+39333${randomBytes(3).readUIntBE(0, 3) % 9_000_000}`.padEnd(13, '7');
    const { id, status } = await client.notifications.addChannel({ kind: 'whatsapp', phone });
    expect(status).toBe('pending');
    await expect(client.notifications.verify(id, '000000')).rejects.toMatchObject({ status: 422, code: 'wrong_code' });
    await client.notifications.resend(id);
    await client.notifications.verify(id, twilio.codes.get(phone)?.code ?? '');
    expect((await client.notifications.channels())[0]?.status).toBe('active');
  });

  it('has the coach plan a goal as a run', async () => {
    const { client } = await sdkUser(app);
    const { run_id: runId, status } = await client.goals.plan({ text: 'Get fit', timezone: 'Europe/Rome' });
    expect([status, (await client.runs.get(runId)).kind]).toEqual(['queued', 'dag']);
  });
});
