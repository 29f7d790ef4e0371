import { randomUUID } from 'node:crypto';
import { MANIFEST } from '../marketplace/package-samples';
import { PASSWORD } from '../support/app';
import { settingsFor, stripeWithPrices, WEBHOOK_SECRET } from '../support/builders/stripe-life';
import { zipOf } from '../support/builders/zip';
import type { FakeStripe } from '../support/fakes/stripe/fake-stripe';
import { subjectOf } from './drill-user';

export type Query = <R>(sql: string, values?: readonly unknown[]) => Promise<R[]>;

/** The payment provider of a drill, which is not destroyed, and plugins for sale. */
export class DrillShop {
  private constructor(private readonly stripe: FakeStripe) {}

  static async open(): Promise<DrillShop> {
    return new DrillShop(await stripeWithPrices().start());
  }

  get settings(): Record<string, string> {
    return settingsFor(this.stripe);
  }

  /** Sends its events to the server from here on. */
  connect(url: string): void {
    for (const connect of [false, true])
      this.stripe.webhooks.addEndpoint({ url: `${url}/api/v1/billing/webhook`, secret: WEBHOOK_SECRET, connect });
    this.stripe.webhooks.manner = 'prompt';
  }

  /** Ids of `count` plugins that are for sale. */
  async plugins(url: string, query: Query, count: number): Promise<readonly string[]> {
    const [admin, author] = [await register(url), await register(url)];
    await query(`UPDATE users SET role = 'admin' WHERE id = $1`, [admin.id]);
    await call(url, author.token, '/developer/onboarding', {});
    const [row] = await query<{ account_id: string }>('SELECT account_id FROM plugin_developers');
    this.stripe.payers.onboard(row?.account_id ?? '');
    await this.stripe.webhooks.settled();
    const ids: string[] = [];
    for (let number = 0; number < count; number += 1) {
      const form = new FormData();
      form.set(
        'manifest',
        JSON.stringify({ ...MANIFEST, name: `Notes of ${randomUUID().slice(0, 8)}`, price_cents: 500 }),
      );
      form.set(
        'package',
        new Blob([new Uint8Array(zipOf({ 'main.js': 'export default 1;\n' }))], { type: 'application/zip' }),
        'plugin.zip',
      );
      const { plugin_id: id } = await call(url, author.token, '/plugins', form);
      await call(url, admin.token, `/admin/plugins/reviews/${String(id)}`, { decision: 'approve' });
      ids.push(String(id));
    }
    return ids;
  }

  /** A subscription of `team`, and a card on file. */
  async subscribe(userId: string): Promise<void> {
    const { world, webhooks, url, secretKey } = this.stripe;
    const customer = world.customers.add({
      ...world.base('cus', 'customer'),
      email: null,
      name: null,
      metadata: { user_id: userId },
      invoice_settings: { default_payment_method: null },
    });
    const items = { data: [{ price: { id: 'price_team' }, quantity: 1, current_period_end: world.now() + 86_400 }] };
    const about = { customer: customer.id, status: 'active', metadata: { user_id: userId }, items };
    world.emit('customer.subscription.created', { ...world.base('sub', 'subscription'), ...about });
    await webhooks.settled();
    await fetch(`${url}/v1/payment_methods/pm_card_visa/attach`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secretKey}` },
      body: new URLSearchParams({ customer: customer.id }),
    });
  }

  async close(): Promise<void> {
    await this.stripe.webhooks.settled();
    await this.stripe.stop();
  }
}

async function register(url: string): Promise<{ readonly id: string; readonly token: string }> {
  const credentials = { email: `${randomUUID()}@example.org`, password: PASSWORD };
  const { access_token: token } = await call(url, '', '/auth/register', credentials);
  return { id: subjectOf(String(token)), token: String(token) };
}

async function call(
  url: string,
  token: string,
  path: string,
  body: object | FormData,
): Promise<Record<string, unknown>> {
  const isForm = body instanceof FormData;
  const response = await fetch(`${url}/api/v1${path}`, {
    method: 'POST',
    headers: { ...(token === '' ? {} : bearer(token)), ...(isForm ? {} : { 'content-type': 'application/json' }) },
    body: isForm ? body : JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Record<string, unknown>;
}

function bearer(token: string): { authorization: string } {
  return { authorization: `Bearer ${token}` };
}
