import { randomBytes, randomUUID } from 'node:crypto';
import { signatureOf } from '@adiuva/gateway';
import { WEBHOOK_SECRET } from '../../support/builders/stripe-life';
import { startSubscription } from '../../support/fakes/stripe/subscription-life';
import { signBody } from '../../support/fakes/stripe/webhook-sender';
import type { FuzzClient } from '../client';
import type { Preparer, PreparedRequest } from '../prepared-request';
import { HMAC_SECRET } from '../world';
import { ACCOUNTS } from './accounts';
import { AUTOMATIONS, continuation } from './automations';
import { BACKUPS } from './backups';
import { NOTIFICATIONS } from './notifications';
import { PLUGINS } from './plugins';
import { TEAMS } from './teams';

async function signedCall(client: FuzzClient, method: string, path: string, json?: object): Promise<PreparedRequest> {
  const body = Buffer.from(json === undefined ? '' : JSON.stringify(json));
  const { token } = await client.call('post', '/auth/agent-token', { scopes: ['tools:*'] });
  const [timestamp, nonce] = [String(Date.now()), randomUUID()];
  const signature = signatureOf(HMAC_SECRET, { timestamp, nonce, method, path: `/api/v1${path}`, body });
  const headers = {
    'x-timestamp': timestamp,
    'x-nonce': nonce,
    'x-signature': `v1=${signature}`,
    'x-agent-token': token,
  };
  return { body, headers, ...(json === undefined ? {} : { type: 'application/json' }) };
}

/** A customer of Stripe with a subscription; the server learns of it by a webhook. */
async function subscribed({ world, account }: FuzzClient): Promise<void> {
  const { world: objects, webhooks } = world.stripe;
  const customer = objects.customers.add({
    ...objects.base('cus', 'customer'),
    email: null,
    name: null,
    metadata: { user_id: account.id },
    invoice_settings: { default_payment_method: null },
  });
  const metadata = { user_id: account.id };
  startSubscription(objects, {
    customer: customer.id,
    price: objects.prices.get('price_power'),
    quantity: 1,
    metadata,
  });
  await webhooks.settled();
}

function stripeEvent({ world, account }: FuzzClient): PreparedRequest {
  const { world: objects } = world.stripe;
  const object = { ...objects.base('in', 'invoice'), customer: null, metadata: { user_id: account.id } };
  const event = { ...objects.base('evt', 'event'), type: 'invoice.paid', data: { object } };
  const body = JSON.stringify(event);
  const signature = signBody(body, WEBHOOK_SECRET, Math.floor(Date.now() / 1_000));
  return { body: Buffer.from(body), type: 'application/json', headers: { 'stripe-signature': signature } };
}

const OTHERS: Readonly<Record<string, Preparer>> = {
  continueChat: async (client) => ({ json: await continuation(client) }),
  runPlanStep: async (client) => {
    await client.call('put', '/providers/openai', { api_key: 'sk-x', base_url: client.world.model.url });
    return { json: { prompt_template: 'email.extract_tasks', variables: { email: 'Please pay' } } };
  },
  putProvider: async ({ world }) => ({
    path: { name: 'openai' },
    json: { api_key: 'sk-x', base_url: world.model.url },
  }),
  createPortalSession: async (client) => {
    await subscribed(client);
    return {};
  },
  cancelSubscription: async (client) => {
    await subscribed(client);
    return {};
  },
  receiveStripeEvent: async (client) => stripeEvent(client),
  callTool: async (client) =>
    signedCall(client, 'POST', '/gateway/tools/create_task', { arguments: { title: 'Call Anna' } }),
  getGatewayStatus: async (client) => signedCall(client, 'GET', '/gateway/status'),
  getTool: async () => ({ path: { name: 'create_task' } }),
  addTelemetry: async (client) => {
    await client.call('put', '/telemetry/consent', { enabled: true });
    return { json: { events: [{ name: 'app_started', at: Date.now(), properties: { platform: 'linux' } }] } };
  },
  transcribeSpeech: async () => ({ body: audioForm(), type: 'multipart/form-data; boundary=fuzz' }),
  listChanges: async () => ({ query: 'limit=5' }),
  listVectorChanges: async () => ({ query: 'limit=5' }),
};

function audioForm(): Buffer {
  return Buffer.concat([
    Buffer.from('--fuzz\r\nContent-Disposition: form-data; name="file"; filename="a.mp3"\r\n'),
    Buffer.from('Content-Type: audio/mpeg\r\n\r\n'),
    randomBytes(200),
    Buffer.from('\r\n--fuzz--\r\n'),
  ]);
}

/** By operation id. Operations that are absent need nothing but what their path names and their schema tells. */
export const PREPARERS: Readonly<Record<string, Preparer>> = {
  ...ACCOUNTS,
  ...AUTOMATIONS,
  ...BACKUPS,
  ...NOTIFICATIONS,
  ...PLUGINS,
  ...TEAMS,
  ...OTHERS,
};
