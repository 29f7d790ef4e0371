import { createECDH, randomBytes } from 'node:crypto';
import webPush from 'web-push';
import { afterQuietHours, encryptPush, nextDigest, planSteps, twilioSignature } from '@adiuva/notifications';
import { AutoResetEvent } from '../../libs/notifications/src/delivery/auto-reset-event';
import { decryptPush } from '../support/fakes/push-service';

const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];
const NIGHT = { from: 22 * 60, to: 7 * 60, days: EVERY_DAY };

describe('quiet hours', () => {
  it.each([
    ['an ordinary night', 'Europe/Rome', '2026-01-14T22:30:00Z', '2026-01-15T06:00:00Z'],
    ['the night that loses an hour', 'Europe/Rome', '2026-03-28T22:30:00Z', '2026-03-29T05:00:00Z'],
    ['the night that has an hour twice', 'Europe/Rome', '2026-10-24T22:30:00Z', '2026-10-25T06:00:00Z'],
    ['the night that loses an hour', 'America/New_York', '2026-03-08T04:00:00Z', '2026-03-08T11:00:00Z'],
    ['the night that has an hour twice', 'America/New_York', '2026-11-01T04:00:00Z', '2026-11-01T12:00:00Z'],
    ['half an hour lost', 'Australia/Lord_Howe', '2026-10-03T13:00:00Z', '2026-10-03T20:00:00Z'],
    ['half an hour twice', 'Australia/Lord_Howe', '2026-04-04T13:00:00Z', '2026-04-04T20:30:00Z'],
    ['a zone without changes', 'Asia/Kolkata', '2026-07-01T17:00:00Z', '2026-07-02T01:30:00Z'],
  ])('%s in %s ends at seven on the wall', (_, zone, at, end) => {
    expect(afterQuietHours(NIGHT, zone, new Date(at)).toISOString()).toBe(new Date(end).toISOString());
  });

  it.each([
    ['2026-01-15T06:00:00Z', 'their end'],
    ['2026-01-15T12:00:00Z', 'noon'],
    ['2026-01-15T20:59:59Z', 'the moment before'],
  ])('do not delay at %s, %s', (at) => {
    expect(afterQuietHours(NIGHT, 'Europe/Rome', new Date(at))).toEqual(new Date(at));
  });

  it('that end in an hour which the clock leaves out end when it is set forward', () => {
    const quiet = { from: 60, to: 150, days: EVERY_DAY };
    expect(afterQuietHours(quiet, 'Europe/Rome', new Date('2026-03-29T00:30:00Z'))).toEqual(
      new Date('2026-03-29T01:00:00Z'),
    );
  });

  it('hold in both of two repeated hours', () => {
    const quiet = { from: 120, to: 150, days: EVERY_DAY };
    const [first, second] = ['2026-10-25T00:10:00Z', '2026-10-25T01:10:00Z'].map((at) =>
      afterQuietHours(quiet, 'Europe/Rome', new Date(at)),
    );
    expect([first, second]).toEqual([new Date('2026-10-25T00:30:00Z'), new Date('2026-10-25T01:30:00Z')]);
  });

  it('begin only on their days, and last into the next one', () => {
    const friday = { ...NIGHT, days: [5] };
    expect(afterQuietHours(friday, 'UTC', new Date('2026-01-17T03:00:00Z'))).toEqual(new Date('2026-01-17T07:00:00Z'));
    expect(afterQuietHours(friday, 'UTC', new Date('2026-01-16T03:00:00Z'))).toEqual(new Date('2026-01-16T03:00:00Z'));
  });

  it('at every minute of a year give a moment that is outside of them', () => {
    for (const zone of ['Europe/Rome', 'America/New_York', 'Australia/Lord_Howe']) {
      for (let minute = 0; minute < 365 * 1440; minute += 1999) {
        const at = new Date(Date.UTC(2026, 0, 1) + minute * 60_000);
        const end = afterQuietHours(NIGHT, zone, at);
        expect(afterQuietHours(NIGHT, zone, end)).toEqual(end);
        expect(end.getTime() - at.getTime()).toBeLessThanOrEqual(10 * 3_600_000);
      }
    }
  });
});

describe('digests', () => {
  it.each([
    ['hourly', 'Asia/Kolkata', '2026-01-01T10:10:00Z', '2026-01-01T10:30:00Z'],
    ['daily', 'Europe/Rome', '2026-01-01T06:59:00Z', '2026-01-01T07:00:00Z'],
    ['daily', 'Europe/Rome', '2026-03-28T12:00:00Z', '2026-03-29T06:00:00Z'],
  ] as const)('are %s in %s after %s', (digest, zone, at, due) => {
    expect(nextDigest(digest, zone, new Date(at))).toEqual(new Date(due));
  });
});

describe('a chain', () => {
  const channels = [
    { id: 'a', kind: 'web_push' },
    { id: 'b', kind: 'web_push' },
    { id: 'c', kind: 'voice' },
  ] as const;
  const policy = [
    { channel: 'web_push', afterS: 0 },
    { channel: 'whatsapp', afterS: 120 },
    { channel: 'voice', afterS: 300 },
  ] as const;

  it('has each channel of each kind at its time, and skips kinds without one', () => {
    expect(planSteps(policy, channels, true).map(({ channelId, afterS }) => [channelId, afterS])).toEqual([
      ['a', 0],
      ['b', 0],
      ['c', 300],
    ]);
  });

  it('has a channel at a time once, however often the policy names it', () => {
    expect(planSteps([...policy, ...policy], channels, true)).toEqual(planSteps(policy, channels, true));
  });

  it('without escalation has the first moment alone', () => {
    expect(planSteps(policy, channels, false)).toHaveLength(2);
    expect(planSteps(policy, [channels[2]], false)).toHaveLength(1);
  });
});

describe('Web Push encryption', () => {
  it('gives the bytes of the example in RFC 8291', () => {
    const sender = createECDH('prime256v1');
    sender.setPrivateKey(Buffer.from('yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw', 'base64url'));
    const keys = {
      p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
      auth: 'BTBZMqHH6r4Tts7J_aSIgg',
    };
    const salt = Buffer.from('DGv6ra1nlYgDCS1FRnbzlw', 'base64url');
    const body = encryptPush(Buffer.from('When I grow up, I want to be a watermelon'), keys, salt, sender);
    expect(body.toString('base64url')).toBe(
      'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN',
    );
  });

  it('is read by the same browser as that of the web-push library', () => {
    const ecdh = createECDH('prime256v1');
    ecdh.generateKeys();
    const auth = randomBytes(16);
    const p256dh = ecdh.getPublicKey().toString('base64url');
    const theirs = webPush.encrypt(p256dh, auth.toString('base64url'), 'a message', 'aes128gcm');
    const ours = encryptPush(Buffer.from('a message'), { p256dh, auth: auth.toString('base64url') });
    expect(decryptPush(theirs.cipherText, { ecdh, auth }).toString()).toBe('a message');
    expect(decryptPush(ours, { ecdh, auth }).toString()).toBe('a message');
  });
});

it('the signature of Twilio is that of the example in its documentation', () => {
  const fields = new URLSearchParams({
    Digits: '1234',
    To: '+18005551212',
    From: '+14158675310',
    Caller: '+14158675310',
    CallSid: 'CA1234567890ABCDE',
  });
  expect(twilioSignature('12345', 'https://example.com/myapp.php?foo=1&bar=2', fields)).toBe(
    'L/OH5YylLD5NRKLltdqwSvS0BnU=',
  );
});

it('an event ends the wait that is open, or the next one, once', async () => {
  const event = new AutoResetEvent();
  const open = event.wait(100_000);
  event.set();
  await open;
  event.set();
  await event.wait(100_000);
  const started = performance.now();
  await event.wait(20);
  expect(performance.now() - started).toBeGreaterThan(15);
});
