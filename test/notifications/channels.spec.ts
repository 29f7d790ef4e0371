import { eventually, TestApp, type TestUser } from '../support/app';
import { FakeTwilio } from '../support/fakes/fake-twilio';
import { TestPushService } from '../support/fakes/push-service';
import { newPhone, withPhone } from './helpers';

let app: TestApp;
let twilio: FakeTwilio;
let push: TestPushService;
let admin: TestUser;
beforeAll(async () => {
  [twilio, push] = await Promise.all([FakeTwilio.start(), TestPushService.start()]);
  app = await TestApp.start({ ...twilio.settings, ...push.settings });
  await app.startJobs();
  admin = await app.admin();
});
afterAll(async () => {
  await app.stop();
  await Promise.all([twilio.stop(), push.stop()]);
});

const channelsOf = async (user: TestUser): Promise<{ status: string }[]> =>
  (await app.call('get', '/notifications/channels', user).expect(200)).body.channels;

/** Of the outbox, newest first. */
async function mailsTo(address: string): Promise<{ to: string; text: string }[]> {
  const { body } = await app.call('get', '/admin/outbox', admin).expect(200);
  return body.mails.filter(({ to }: { to: string }) => to === address);
}

const add = (user: TestUser, channel: object) => app.call('post', '/notifications/channels', user).send(channel);

describe('a channel', () => {
  it('of Web Push is active immediately, and the same browser again gives the same channel', async () => {
    const user = await app.user();
    const subscription = push.subscribe();
    const { body: first } = await add(user, { kind: 'web_push', subscription }).expect(201);
    const { body: second } = await add(user, { kind: 'web_push', subscription }).expect(201);
    expect(first).toEqual({
      ...{ id: second.id, kind: 'web_push', status: 'active', label: null, include_content: false },
      created_at: expect.any(Number),
    });
    const { body: list } = await app.call('get', '/notifications/channels', user).expect(200);
    expect(list).toEqual({ channels: [first] });
  });

  it.each([
    'http://push.example.org/x',
    'https://127.0.0.1/x',
    'https://localhost/x',
    'https://[::1]/x',
    'https://[::ffff:10.0.0.1]/x',
    'https://2130706433/x',
    'https://user@push.example.org/x',
    'ftp://push.example.org/x',
    'nonsense',
  ])('with the endpoint %s is refused', async (endpoint) => {
    const subscription = { ...push.subscribe(), endpoint };
    const { body } = await add(await app.user(), { kind: 'web_push', subscription }).expect(400);
    expect(body.errors[0].field).toBe('subscription.endpoint');
  });

  it('with keys that are no keys is refused', async () => {
    const user = await app.user();
    const { endpoint, keys } = push.subscribe();
    const point = Buffer.from(keys.p256dh, 'base64url');
    point.writeUInt8(point.readUInt8(40) ^ 1, 40);
    for (const bad of [
      { ...keys, auth: 'AAAA' },
      { ...keys, p256dh: point.toString('base64url') },
      { ...keys, p256dh: 'AAAA' },
    ])
      await add(user, { kind: 'web_push', subscription: { endpoint, keys: bad } }).expect(400);
  });

  it('of a telephone is verified by a code that Twilio keeps, not we', async () => {
    const user = await app.user();
    const phone = newPhone();
    const { body: channel } = await add(user, { kind: 'whatsapp', phone }).expect(201);
    expect(channel.status).toBe('pending');
    const { code, channel: by } = twilio.codes.get(phone) ?? { code: '' };
    expect(by).toBe('whatsapp');
    const verify = (text: string) =>
      app.call('post', `/notifications/channels/${channel.id}/verify`, user).send({ code: text });
    const { body: problem } = await verify('000000').expect(422);
    expect(problem.code).toBe('wrong_code');
    await verify(code).expect(200, { status: 'active' });
  });

  it('allows three codes in an hour to an address, also when it is made again', async () => {
    const user = await app.user();
    const phone = newPhone();
    const { body: first } = await add(user, { kind: 'voice', phone }).expect(201);
    await app.call('post', `/notifications/channels/${first.id}/resend`, user).expect(200);
    await app.call('delete', `/notifications/channels/${first.id}`, user).expect(204);
    const { body: second } = await add(user, { kind: 'voice', phone }).expect(201);
    const { headers } = await app.call('post', `/notifications/channels/${second.id}/resend`, user).expect(429);
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    await app.call('delete', `/notifications/channels/${second.id}`, user).expect(204);
    await add(user, { kind: 'voice', phone }).expect(429);
    const { body: list } = await app.call('get', '/notifications/channels', user).expect(200);
    expect(list.channels).toEqual([]);
  });

  it('allows five tries in an hour', async () => {
    const user = await app.user();
    const phone = newPhone();
    const { body: channel } = await add(user, { kind: 'voice', phone }).expect(201);
    const verify = (code: string) =>
      app.call('post', `/notifications/channels/${channel.id}/verify`, user).send({ code });
    for (let tries = 0; tries < 5; tries += 1) await verify('000000').expect(422);
    await verify(twilio.codes.get(phone)?.code ?? '').expect(429);
  });

  it('whose number cannot be reached is not kept', async () => {
    const user = await app.user();
    await add(user, { kind: 'voice', phone: '+19995550100' }).expect(422);
    const { body } = await app.call('get', '/notifications/channels', user).expect(200);
    expect(body.channels).toEqual([]);
  });

  it.each(['that of the account', 'another'])(
    'of %s address is pending until its code, and is sent nothing else',
    async (which) => {
      const user = await app.user();
      const to = which === 'another' ? `other-${user.email}` : user.email;
      const { body: channel } = await add(
        user,
        which === 'another' ? { kind: 'email', address: to } : { kind: 'email' },
      );
      expect(channel.status).toBe('pending');
      await app
        .call('patch', `/notifications/channels/${channel.id}`, user)
        .send({ include_content: true })
        .expect(200);
      const wanted = { title: 'Secret plan', urgency: 'critical', policy: [{ channel: 'email', after_s: 0 }] };
      const { body: sent } = await app.call('post', '/notifications', user).send(wanted).expect(202);
      const { body: state } = await app.call('get', `/notifications/${sent.id}`, user).expect(200);
      expect([state.status, state.steps]).toEqual(['delivered', []]);
      const mails = await mailsTo(to);
      expect([mails.length, mails.some(({ text }) => text.includes('Secret plan'))]).toEqual([1, false]);
      const code = /\b\d{6}\b/.exec(mails[0]?.text ?? '')?.[0];
      await app.call('post', `/notifications/channels/${channel.id}/verify`, user).send({ code }).expect(200);
      expect((await channelsOf(user))[0]?.status).toBe('active');
    },
  );

  it('of the account address is active once the link of its mail is used, whether it was made before or after', async () => {
    const user = await app.user();
    const { body: before } = await add(user, { kind: 'email' }).expect(201);
    expect(before.status).toBe('pending');
    await app.call('post', '/auth/email/verification', user).expect(204);
    const link = (await mailsTo(user.email)).find(({ text }) => text.includes('/verify-email'));
    const token = /#token=([A-Za-z0-9_-]{43})/.exec(link?.text ?? '')?.[1];
    await app.call('post', '/auth/email/verify').send({ token }).expect(204);
    await eventually(async () => (await channelsOf(user))[0]?.status === 'active');
    await app.call('delete', `/notifications/channels/${before.id}`, user).expect(204);
    const { body: after } = await add(user, { kind: 'email' }).expect(201);
    expect(after.status).toBe('active');
  });

  it('is changed and deleted by its owner alone', async () => {
    const [user, stranger] = [await app.user(), await app.user()];
    const { id } = await withPhone(app, twilio, user, 'whatsapp');
    const change = { label: 'Work phone', include_content: true };
    await app.call('patch', `/notifications/channels/${id}`, stranger).send(change).expect(404);
    const { body } = await app.call('patch', `/notifications/channels/${id}`, user).send(change).expect(200);
    expect(body).toMatchObject(change);
    await app.call('delete', `/notifications/channels/${id}`, stranger).expect(404);
    await app.call('post', `/notifications/channels/${id}/verify`, stranger).send({ code: '123456' }).expect(404);
    await app.call('delete', `/notifications/channels/${id}`, user).expect(204);
  });

  it.each([{ kind: 'web_push' }, { kind: 'voice' }, { kind: 'whatsapp', phone: '0039333' }, { kind: 'fax' }])(
    'is refused where it is incomplete: %j',
    async (channel) => {
      await add(await app.user(), channel).expect(400);
    },
  );
});

describe('preferences', () => {
  it('have defaults, and are replaced', async () => {
    const user = await app.user();
    const { body: defaults } = await app.call('get', '/notifications/preferences', user).expect(200);
    expect(defaults).toEqual({
      timezone: 'UTC',
      quiet_hours: null,
      policy: [
        { channel: 'web_push', after_s: 0 },
        { channel: 'whatsapp', after_s: 120 },
        { channel: 'voice', after_s: 300 },
      ],
      digest: 'off',
      language: 'en',
    });
    const wanted = {
      timezone: 'Europe/Rome',
      quiet_hours: { from: '22:00', to: '07:30', days: [1, 2] },
      policy: [{ channel: 'email', after_s: 0 }],
      digest: 'daily',
      language: 'it',
    };
    await app.call('put', '/notifications/preferences', user).send(wanted).expect(200, wanted);
    await app.call('get', '/notifications/preferences', user).expect(200, wanted);
    await app
      .call('put', '/notifications/preferences', user)
      .send({ ...wanted, timezone: 'Europe/Nowhere' })
      .expect(400);
    await app
      .call('put', '/notifications/preferences', user)
      .send({ ...wanted, quiet_hours: { from: '25:00', to: '07:00' } })
      .expect(400);
  });
});

describe('the key of Web Push', () => {
  it('is public, and stays the same for another node of the installation', async () => {
    const other = await TestApp.start({}, app);
    const [one, two] = await Promise.all(
      [app, other].map((node) => node.call('get', '/notifications/vapid-key').expect(200)),
    );
    expect(Buffer.from(one?.body.public_key, 'base64url')).toHaveLength(65);
    expect(one?.body).toEqual(two?.body);
    const user = await app.user();
    await other.call('post', '/notifications/channels', user).send({ kind: 'voice', phone: newPhone() }).expect(501);
    await other.stop();
  });
});
