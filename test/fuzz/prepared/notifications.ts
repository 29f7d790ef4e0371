import { randomBytes } from 'node:crypto';
import { signedCallback, type TwilioItem } from '../../support/fakes/fake-twilio';
import { FuzzClient } from '../client';
import type { Preparer, PreparedRequest } from '../prepared-request';

const HOOKS = 'https://hooks.example.org/api/v1/webhooks/twilio';
const FORM = 'application/x-www-form-urlencoded';

function newPhone(): string {
  return `+39${String(3_000_000_000 + (randomBytes(4).readUInt32BE() % 999_999_999))}`;
}

/** A telephone channel and the code that was sent to it. */
async function unverified(client: FuzzClient, kind = 'whatsapp'): Promise<{ id: string; phone: string }> {
  const phone = newPhone();
  return { id: await client.post('/notifications/channels', { kind, phone }), phone };
}

async function verified(client: FuzzClient, kind = 'whatsapp'): Promise<{ id: string; phone: string }> {
  const made = await unverified(client, kind);
  const code = client.world.twilio.codes.get(made.phone)?.code;
  await client.call('post', `/notifications/channels/${made.id}/verify`, { code });
  return made;
}

/** A client of its own: a user has a bounded number of channels. */
async function phoneOwner({ target }: FuzzClient): Promise<FuzzClient> {
  return FuzzClient.register(target, 'pro');
}

export async function channel(client: FuzzClient): Promise<string> {
  return (await unverified(client)).id;
}

/** A notification that was sent to a telephone. */
async function sent(client: FuzzClient, kind: 'whatsapp' | 'voice'): Promise<TwilioItem> {
  const owner = await phoneOwner(client);
  const { phone } = await verified(owner, kind);
  await owner.call('post', '/notifications', {
    title: 'x',
    urgency: 'critical',
    policy: [{ channel: kind, after_s: 0 }],
  });
  return owner.until(async () => owner.world.twilio.to(phone)[0]);
}

function signed(url: string, fields: Record<string, string>): PreparedRequest {
  const { path, form, signature } = signedCallback(url, fields);
  const query = path.split('?')[1];
  return {
    ...(query === undefined ? {} : { query }),
    body: Buffer.from(form),
    type: FORM,
    headers: { 'x-twilio-signature': signature },
  };
}

/** The token of the link in a mail about a notification. */
export async function acknowledgementToken(client: FuzzClient): Promise<string> {
  const owner = await phoneOwner(client);
  const { email } = owner.account;
  await owner.answer('post', '/auth/email/verification');
  await owner.call('post', '/auth/email/verify', {
    token: await owner.mailTo(email, /verify-email#token=([\w-]{43})/),
  });
  await owner.call('post', '/notifications/channels', { kind: 'email' });
  const policy = [{ channel: 'email', after_s: 0 }];
  await owner.call('post', '/notifications', { title: 'x', urgency: 'critical', policy });
  return owner.mailTo(email, /notifications\/ack\/([\w.-]+)/);
}

export const NOTIFICATIONS: Readonly<Record<string, Preparer>> = {
  createNotificationChannel: async (client) => {
    const owner = await phoneOwner(client);
    return { json: { kind: 'voice', phone: newPhone() }, token: owner.account.accessToken };
  },
  verifyNotificationChannel: async (client) => {
    const owner = await phoneOwner(client);
    const { id, phone } = await unverified(owner);
    const code = owner.world.twilio.codes.get(phone)?.code;
    return { path: { id }, json: { code }, token: owner.account.accessToken };
  },
  resendChannelCode: async (client) => {
    const owner = await phoneOwner(client);
    return { path: { id: (await unverified(owner)).id }, token: owner.account.accessToken };
  },
  updateNotificationChannel: async (client) => {
    const owner = await phoneOwner(client);
    const { id } = await verified(owner);
    return { path: { id }, json: { label: 'x', include_content: true }, token: owner.account.accessToken };
  },
  deleteNotificationChannel: async (client) => {
    const owner = await phoneOwner(client);
    return { path: { id: (await verified(owner)).id }, token: owner.account.accessToken };
  },
  receiveTwilioStatus: async (client) => {
    const item = await sent(client, 'whatsapp');
    return signed(item.statusCallback, { MessageSid: item.sid, MessageStatus: 'delivered', AccountSid: 'AC1' });
  },
  receiveTwilioVoice: async (client) => {
    const item = await sent(client, 'voice');
    return signed(item.url, { CallSid: item.sid, CallStatus: 'in-progress', AnsweredBy: 'human', Digits: '1' });
  },
  receiveTwilioWhatsapp: async () => {
    const sid = `SM${randomBytes(16).toString('hex')}`;
    return signed(`${HOOKS}/whatsapp`, { From: `whatsapp:${newPhone()}`, Body: 'ok', MessageSid: sid });
  },
};
