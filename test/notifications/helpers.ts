import type { Response } from 'supertest';
import { eventually, type TestApp, type TestUser } from '../support/app';
import { signedCallback, type FakeTwilio } from '../support/fakes/fake-twilio';
import type { TestPushService } from '../support/fakes/push-service';

let phones = 0;

export function newPhone(): string {
  phones += 1;
  return `+39333${String(1_000_000 + phones + process.pid * 1_000).slice(-7)}`;
}

/** A browser of the user that is subscribed; gives its name at the push service. */
export async function withBrowser(app: TestApp, push: TestPushService, user: TestUser): Promise<string> {
  const subscription = push.subscribe();
  await app.call('post', '/notifications/channels', user).send({ kind: 'web_push', subscription }).expect(201);
  return subscription.endpoint.split('/').at(-1) ?? '';
}

/** A verified telephone of the user. */
export async function withPhone(
  app: TestApp,
  twilio: FakeTwilio,
  user: TestUser,
  kind: 'whatsapp' | 'voice',
  phone = newPhone(),
): Promise<{ id: string; phone: string }> {
  const { body } = await app.call('post', '/notifications/channels', user).send({ kind, phone }).expect(201);
  const code = twilio.codes.get(phone)?.code;
  await app.call('post', `/notifications/channels/${body.id}/verify`, user).send({ code }).expect(200);
  return { id: body.id, phone };
}

export async function notify(app: TestApp, user: TestUser, fields: object): Promise<string> {
  const { body } = await app
    .call('post', '/notifications', user)
    .send({ urgency: 'critical', ...fields })
    .expect(202);
  return body.id;
}

export async function stateOf(app: TestApp, user: TestUser, id: string) {
  const { body } = await app.call('get', `/notifications/${id}`, user).expect(200);
  return body as {
    status: string;
    steps: { channel: string; status: string; attempts: number; error: string | null }[];
  };
}

export async function settled(app: TestApp, user: TestUser, id: string, status: string) {
  await eventually(async () => (await stateOf(app, user, id)).status === status);
  return stateOf(app, user, id);
}

/** Sends a callback of Twilio to the app. */
export function callback(
  app: TestApp,
  url: string,
  fields: Record<string, string>,
  signature?: string,
): Promise<Response> {
  const signed = signedCallback(url, fields);
  return app
    .call('post', signed.path.replace('/api/v1', ''))
    .set('Content-Type', 'application/x-www-form-urlencoded')
    .set('X-Twilio-Signature', signature ?? signed.signature)
    .send(signed.form)
    .then((response) => response);
}
