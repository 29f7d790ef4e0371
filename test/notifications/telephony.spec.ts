import { randomBytes } from 'node:crypto';
import { NotificationWorker } from '@adiuva/notifications';
import { Database } from '@adiuva/platform';
import { eventually, TestApp, type TestUser } from '../support/app';
import { FakeTwilio, type TwilioItem } from '../support/fakes/fake-twilio';
import { MAX_ATTEMPTS } from '../../libs/notifications/src/delivery/backoff';
import { callback, notify, settled, stateOf, withPhone } from './helpers';

/** Longer than a test waits, so that no attempt of a machine that stands still ends before its answer. */
const CALL_MS = 200_000;

let app: TestApp;
let twilio: FakeTwilio;
beforeAll(async () => {
  twilio = await FakeTwilio.start();
  app = await TestApp.start({
    ...twilio.settings,
    NOTIFICATION_RETRY_MS: '20',
    NOTIFICATION_TIMEOUT_MS: `${CALL_MS}`,
    NOTIFICATION_LEASE_MS: `${2 * CALL_MS}`,
  });
  app.startNotifications();
});
afterAll(async () => {
  await app.stop();
  await twilio.stop();
});

const WHATSAPP = { policy: [{ channel: 'whatsapp', after_s: 0 }] };
const VOICE = { policy: [{ channel: 'voice', after_s: 0 }] };
const CLAIM = `SELECT notification_id AS id, first_claimed_at AS at FROM notifications_claim_steps('{"voice": 1}', '1 minute')`;
const INBOUND = 'https://hooks.example.org/api/v1/webhooks/twilio/whatsapp';

interface Sent {
  readonly user: TestUser;
  readonly id: string;
  readonly phone: string;
  readonly item: TwilioItem;
}

async function sent(kind: 'whatsapp' | 'voice', fields: object = {}): Promise<Sent> {
  const user = await app.user();
  const { phone } = await withPhone(app, twilio, user, kind);
  const id = await notify(app, user, { ...(kind === 'voice' ? VOICE : WHATSAPP), ...fields });
  await settled(app, user, id, 'delivered');
  const [item] = twilio.to(phone);
  if (!item) throw new Error('nothing was sent');
  return { user, id, phone, item };
}

const messageStatus = ({ item }: Sent, status: string, sid = item.sid) =>
  callback(app, item.statusCallback, { MessageSid: sid, MessageStatus: status, AccountSid: 'AC1' });
const callStatus = ({ item }: Sent, status: string, more = {}) =>
  callback(app, item.statusCallback, { CallSid: item.sid, CallStatus: status, ...more });
const answered = ({ item }: Sent, fields: Record<string, string> = {}) =>
  callback(app, item.url, { CallSid: item.sid, CallStatus: 'in-progress', AnsweredBy: 'human', ...fields });
const step = async ({ user, id }: Sent) => (await stateOf(app, user, id)).steps[0];
const reply = (phone: string, text: string, sid = `SM${randomBytes(16).toString('hex')}`, signature?: string) =>
  callback(app, INBOUND, { From: `whatsapp:${phone}`, Body: text, MessageSid: sid }, signature);

it('of a user who was sent all calls and messages of a day fails, without another one', async () => {
  const { user, id, phone } = await sent('whatsapp');
  await app.nest.get(Database).query(
    `INSERT INTO notification_steps (notification_id, position, round, user_id, channel_id, kind, status, due_at, attempts, first_claimed_at, provider_id)
     SELECT notification_id, n, 0, user_id, channel_id, kind, 'sent', due_at, 1, first_claimed_at, 'SM' || n
     FROM notification_steps CROSS JOIN generate_series(101, 149) AS n WHERE notification_id = $1 AND position = 0`,
    [id],
  );
  const further = await notify(app, user, WHATSAPP);
  const { steps } = await settled(app, user, further, 'failed');
  expect([steps[0]?.error, twilio.to(phone).length]).toEqual(['limit_reached', 1]);
});

describe('a WhatsApp message', () => {
  it('has no content without an opt-in, and the address of its status callback', async () => {
    const { item } = await sent('whatsapp', { title: 'Secret plan', body: 'Secret body' });
    expect(item.to).toMatch(/^whatsapp:\+39/);
    expect(item.body).toMatch(
      /^Something in Adiuva needs you\. Open the app\.\n\nReply 1 to acknowledge\. \[[A-Z2-9]{10}\]$/,
    );
  });

  it('is delivered or failed as its receipts say, in any order and however often they come', async () => {
    const message = await sent('whatsapp');
    for (const status of ['delivered', 'sent', 'queued', 'delivered', 'undelivered']) {
      expect((await messageStatus(message, status)).status).toBe(200);
      expect((await step(message))?.status).toBe('delivered');
    }
    const other = await sent('whatsapp');
    await messageStatus(other, 'undelivered');
    expect(await stateOf(app, other.user, other.id)).toMatchObject({ status: 'failed', steps: [{ status: 'failed' }] });
    await messageStatus(other, 'failed', 'SM00000000000000000000000000000000');
    expect((await step(other))?.error).toBe('twilio_failed');
  });

  it.each(['1', 'ok', 'OK!', ' Done '])('is acknowledged by the reply "%s"', async (text) => {
    const { user, id, phone } = await sent('whatsapp');
    await reply(phone, 'hello');
    expect((await stateOf(app, user, id)).status).toBe('delivered');
    const response = await reply(phone, text);
    expect([response.status, response.headers['content-type']]).toEqual([200, 'text/xml; charset=utf-8']);
    expect((await stateOf(app, user, id)).status).toBe('acknowledged');
  });

  it('that is answered again by the same reply does not acknowledge a later one', async () => {
    const { user, phone } = await sent('whatsapp');
    const sid = `SM${randomBytes(16).toString('hex')}`;
    await reply(phone, 'ok', sid);
    const later = await notify(app, user, WHATSAPP);
    await settled(app, user, later, 'delivered');
    await reply(phone, 'ok', sid);
    expect((await stateOf(app, user, later)).status).toBe('delivered');
  });
});

describe('a call', () => {
  it('asks for a digit in the language of the user, and 1 acknowledges', async () => {
    const call = await sent('voice');
    const preferences = { timezone: 'UTC', quiet_hours: null, policy: [], digest: 'off', language: 'it' };
    await app.call('put', '/notifications/preferences', call.user).send(preferences).expect(200);
    const question = await answered(call);
    expect(question.text).toContain('<Gather numDigits="1"');
    expect(question.text).toContain('language="it-IT"');
    expect(question.text).toContain('Premi 1');
    expect((await stateOf(app, call.user, call.id)).status).toBe('delivered');
    expect((await answered(call, { Digits: '7' })).text).toContain('<Gather');
    expect((await answered(call, { Digits: '1' })).text).toContain('confermato');
    expect((await stateOf(app, call.user, call.id)).status).toBe('acknowledged');
  });

  it('with 2 snoozes once, however often the digit is sent', async () => {
    const call = await sent('voice');
    await answered(call, { Digits: '2' });
    const { body: first } = await app.call('get', `/notifications/${call.id}`, call.user);
    await answered(call, { Digits: '2' });
    await answered(call, { Digits: '1' });
    const { body: second } = await app.call('get', `/notifications/${call.id}`, call.user);
    expect([first.status, second.status, second.deliver_at]).toEqual(['snoozed', 'snoozed', first.deliver_at]);
  });

  it('that a machine answers is hung up on, acknowledges nothing, and the chain continues', async () => {
    const user = await app.user();
    const { phone } = await withPhone(app, twilio, user, 'voice');
    const policy = [
      { channel: 'voice', after_s: 0 },
      { channel: 'voice', after_s: 3 },
    ];
    const id = await notify(app, user, { policy });
    await eventually(() => twilio.to(phone).length === 1);
    const [item] = twilio.to(phone);
    if (!item) throw new Error('no call');
    const call = { user, id, phone, item };
    expect((await answered(call, { AnsweredBy: 'machine_start' })).text).toContain('<Response><Hangup/></Response>');
    await callStatus(call, 'completed', { AnsweredBy: 'machine_start' });
    expect(await step(call)).toMatchObject({ status: 'failed', error: 'voicemail' });
    await eventually(() => twilio.to(phone).length === 2);
  });

  it('that is not answered is failed, and is not made again', async () => {
    const call = await sent('voice');
    for (const status of ['ringing', 'no-answer', 'ringing', 'completed']) await callStatus(call, status);
    expect(await step(call)).toMatchObject({ status: 'failed', error: 'twilio_no-answer' });
    expect(twilio.to(call.phone)).toHaveLength(1);
  });
});

describe('a callback', () => {
  it('that is forged is refused and has no effect', async () => {
    const call = await sent('voice');
    const message = await sent('whatsapp');
    const forged = [
      await callback(app, call.item.url, { CallSid: call.item.sid, Digits: '1' }, 'bm90IGEgc2lnbmF0dXJl'),
      await callback(app, call.item.statusCallback, { CallSid: call.item.sid, CallStatus: 'failed' }, ''),
      await reply(message.phone, 'ok', 'SM1', Buffer.alloc(20).toString('base64')),
    ];
    expect(forged.map(({ status, body }) => [status, body.code])).toEqual(Array(3).fill([403, 'invalid_signature']));
    for (const { user, id } of [call, message]) expect((await stateOf(app, user, id)).status).toBe('delivered');
  });

  it('that is signed for another step or call changes nothing', async () => {
    const [call, other] = [await sent('voice'), await sent('voice')];
    await callback(app, call.item.url, { CallSid: other.item.sid, Digits: '1' });
    await callback(app, call.item.url.replace(/step=.*/, 'step=1.2'), { CallSid: call.item.sid, Digits: '1' });
    await callback(app, call.item.statusCallback, { CallSid: other.item.sid, CallStatus: 'failed' });
    for (const { user, id } of [call, other]) expect((await stateOf(app, user, id)).status).toBe('delivered');
  });
});

/** Settled, where each attempt follows the one before immediately: after one of unknown outcome the next waits for a quarter of a lease. */
async function retried(user: TestUser, id: string, status: string) {
  await eventually(async () => {
    await app.nest
      .get(Database)
      .query(`UPDATE notification_steps SET due_at = now() WHERE notification_id = $1 AND status = 'waiting'`, [id]);
    return (await stateOf(app, user, id)).status === status;
  });
  return stateOf(app, user, id);
}

/** A notification whose step has failed so often, and is due. */
async function afterAttempts(count: number, user: TestUser, channel: 'whatsapp' | 'voice'): Promise<string> {
  const id = await notify(app, user, { policy: [{ channel, after_s: 3_600 }] });
  await eventually(async () => (await stateOf(app, user, id)).steps.length === 1);
  await app.nest
    .get(Database)
    .query('UPDATE notification_steps SET attempts = $2, due_at = now() WHERE notification_id = $1', [id, count]);
  return id;
}

describe('when Twilio', () => {
  it.each(['whatsapp', 'voice'] as const)(
    'has accepted a %s whose answer was lost, nothing is sent twice',
    async (kind) => {
      const user = await app.user();
      const { phone } = await withPhone(app, twilio, user, kind);
      twilio.next.push('lost');
      const id = await notify(app, user, kind === 'voice' ? VOICE : WHATSAPP);
      const { steps } = await retried(user, id, 'delivered');
      expect([steps[0]?.attempts, twilio.to(phone).length]).toEqual([2, 1]);
    },
  );

  it.each(['whatsapp', 'voice'] as const)(
    'was sent a %s by a process that died, it is asked and nothing is sent twice',
    async (kind) => {
      const { user, id, phone } = await sent(kind);
      await app.nest.get(Database).query(
        `WITH dead AS (UPDATE notification_steps SET status = 'sending', claim = gen_random_uuid(), lease_until = now(), provider_id = NULL WHERE notification_id = $1)
       UPDATE notifications SET status = 'escalating' WHERE id = $1`,
        [id],
      );
      const { steps } = await settled(app, user, id, 'delivered');
      expect(steps[0]?.attempts).toBeGreaterThanOrEqual(2);
      expect(twilio.to(phone)).toHaveLength(1);
    },
  );

  it.each(['whatsapp', 'voice'] as const)('has accepted a %s by the last attempt, the step is sent', async (kind) => {
    const user = await app.user();
    const { phone } = await withPhone(app, twilio, user, kind);
    twilio.next.push({ status: 503 }, 'lost');
    await retried(user, await afterAttempts(MAX_ATTEMPTS - 2, user, kind), 'delivered');
    expect(twilio.to(phone)).toHaveLength(1);
  });

  it('answers no attempt, the step fails after it was asked whether it sent the last', async () => {
    const user = await app.user();
    const { phone } = await withPhone(app, twilio, user, 'voice');
    twilio.next.push({ status: 503 }, { status: 503 });
    const { steps } = await retried(user, await afterAttempts(MAX_ATTEMPTS - 2, user, 'voice'), 'failed');
    expect([steps[0]?.attempts, steps[0]?.error, twilio.to(phone).length]).toEqual([
      MAX_ATTEMPTS + 1,
      'twilio_unreachable',
      0,
    ]);
  });

  it('refuses a number, the step fails and is not tried again', async () => {
    const user = await app.user();
    await withPhone(app, twilio, user, 'whatsapp');
    twilio.next.push({ status: 400 });
    const { steps } = await settled(app, user, await notify(app, user, WHATSAPP), 'failed');
    expect(steps[0]).toMatchObject({ attempts: 1, error: 'twilio_40000' });
  });
});

it('a call that was aborted is not taken for that of the next notification, which calls when the number is free of doubt', async () => {
  const user = await app.user();
  const { phone } = await withPhone(app, twilio, user, 'voice');
  const database = app.nest.get(Database);
  const step = async (id: string) => {
    const [row] = await database.query<{ status: string; attempts: number; is_postponed: boolean }>(
      `SELECT s.status, s.attempts, s.due_at > n.deliver_at + interval '1 second' AS is_postponed
       FROM notification_steps s JOIN notifications n ON n.id = s.notification_id WHERE n.id = $1`,
      [id],
    );
    return row;
  };
  // Twilio makes the call of the first one, and its answer is lost.
  twilio.next.push('lost');
  const first = await notify(app, user, VOICE);
  await eventually(async () => twilio.to(phone).length === 1 && (await step(first))?.status === 'waiting');
  await app.call('post', `/notifications/${first}/ack`, user).expect(200);
  expect(await step(first)).toMatchObject({ status: 'cancelled', attempts: 1 });

  // Of the second one it makes none.
  twilio.next.push({ status: 503 });
  const second = await notify(app, user, VOICE);
  await eventually(async () => {
    const { status, is_postponed: isPostponed } = (await step(second)) ?? {};
    return isPostponed === true || status === 'sent';
  });
  expect([twilio.next.length, twilio.to(phone).length]).toEqual([1, 1]);
  await database.query(
    `UPDATE notification_steps SET updated_at = updated_at - interval '1 hour' WHERE notification_id = $1`,
    [first],
  );
  for (const { created } of twilio.items) created.setTime(created.getTime() - 3_600_000);
  await retried(user, second, 'delivered');
  expect([twilio.next.length, twilio.to(phone).length]).toEqual([0, 2]);
});

it('of two calls to one number the one that is claimed later sees the earlier claim', async () => {
  await app.nest.get(NotificationWorker).stop();
  const user = await app.user();
  await withPhone(app, twilio, user, 'voice');
  const database = app.nest.get(Database);
  const ids = [await notify(app, user, VOICE), await notify(app, user, VOICE)];
  const first = await database.transaction(async (tx) => {
    const claimed = await tx.query<{ id: string; at: Date }[]>(CLAIM);
    expect(await database.query(CLAIM)).toEqual([]);
    return claimed;
  });
  const second = await database.query<{ id: string; at: Date }>(CLAIM);
  expect([...first, ...second].map(({ id }) => id).sort()).toEqual(ids.sort());
  expect(second[0]?.at.getTime()).toBeGreaterThan(first[0]?.at.getTime() ?? Infinity);
});

describe('when Twilio, which is not waited for long,', () => {
  let impatient: TestApp;
  beforeAll(async () => {
    impatient = await TestApp.start({
      ...twilio.settings,
      NOTIFICATION_RETRY_MS: '20',
      NOTIFICATION_TIMEOUT_MS: '2000',
      NOTIFICATION_LEASE_MS: '4000',
    });
    impatient.startNotifications();
  });
  afterAll(() => impatient.stop());

  it('is busy, broken or silent, it is tried again later and nothing is sent twice', async () => {
    const user = await impatient.user();
    const { phone } = await withPhone(impatient, twilio, user, 'whatsapp');
    twilio.next.push({ status: 429, retryAfter: 1 }, { status: 503 }, 'hang');
    const { steps } = await settled(impatient, user, await notify(impatient, user, WHATSAPP), 'delivered');
    expect(steps[0]?.attempts).toBeGreaterThanOrEqual(4);
    expect(twilio.to(phone)).toHaveLength(1);
  });

  it('lists without end, an attempt ends before its lease, so that no other process sends meanwhile', async () => {
    const user = await impatient.user();
    const { phone } = await withPhone(impatient, twilio, user, 'whatsapp');
    twilio.next.push({ status: 429 });
    [twilio.hasEndlessLists, twilio.delayMs] = [true, 100];
    const id = await notify(impatient, user, WHATSAPP);
    // Stored by the attempt that lists: one that has lost its lease stores nothing.
    await eventually(async () => (await stateOf(impatient, user, id)).steps[0]?.error === 'twilio_unreachable');
    [twilio.hasEndlessLists, twilio.delayMs] = [false, 0];
    await settled(impatient, user, id, 'delivered');
    expect(twilio.to(phone)).toHaveLength(1);
  });
});
