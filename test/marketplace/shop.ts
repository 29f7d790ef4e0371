import { MarketplaceJobs } from '@adiuva/marketplace';
import { Database } from '@adiuva/platform';
import { TestApp, type TestUser } from '../support/app';
import type { FakeStripe } from '../support/fakes/stripe/fake-stripe';
import { settingsFor, stripeWithPrices, WEBHOOK_SECRET } from '../support/builders/stripe-life';
import { Store } from './store';

interface Line {
  readonly kind: string;
  readonly gross_cents: number;
  readonly developer_cents: number;
  readonly platform_cents: number;
}

/** A marketplace that sells: a server, the payment provider's double, and webhooks between them. */
export class Shop extends Store {
  private constructor(
    app: TestApp,
    readonly stripe: FakeStripe,
  ) {
    super(app);
  }

  static async open(): Promise<Shop> {
    const stripe = await stripeWithPrices().start();
    const app = await TestApp.start({ ...settingsFor(stripe), DATABASE_POOL: '12' });
    for (const connect of [false, true]) {
      stripe.webhooks.addEndpoint({ url: `${app.url}/api/v1/billing/webhook`, secret: WEBHOOK_SECRET, connect });
    }
    stripe.webhooks.manner = 'prompt';
    return new Shop(app, stripe);
  }

  async close(): Promise<void> {
    await this.stripe.webhooks.settled();
    await this.app.stop();
    await this.stripe.stop();
  }

  rows<R>(sql: string, values: readonly unknown[] = []): Promise<R[]> {
    return this.app.nest.get(Database).query<R>(sql, values);
  }

  /** A subscriber of power whose customer has this card on file, or none. */
  async buyer(card: string | null = 'pm_card_visa'): Promise<TestUser> {
    const { world } = this.stripe;
    const user = await this.app.user();
    const customer = world.customers.add({
      ...world.base('cus', 'customer'),
      email: null,
      name: null,
      metadata: { user_id: user.id },
      invoice_settings: { default_payment_method: null },
    });
    const items = { data: [{ price: { id: 'price_power' }, quantity: 1, current_period_end: world.now() + 86_400 }] };
    const about = { customer: customer.id, status: 'active', metadata: { user_id: user.id }, items };
    await this.tell('customer.subscription.created', { ...world.base('sub', 'subscription'), ...about });
    if (card !== null) await this.attach(card, customer.id);
    return user;
  }

  /** Something happens at the provider, and its event is delivered. */
  async tell(type: string, object: object): Promise<void> {
    const { manner } = this.stripe.webhooks;
    this.stripe.webhooks.manner = 'held';
    const event = this.stripe.world.emit(type, object);
    this.stripe.webhooks.manner = manner;
    await this.stripe.webhooks.deliver(event);
  }

  /** An author who can be paid, with a plugin for sale. */
  async seller(
    cents = 999,
  ): Promise<{ readonly author: TestUser; readonly pluginId: string; readonly account: string }> {
    const author = await this.app.user();
    await this.app.call('post', '/developer/onboarding', author).expect(200);
    const [row] = await this.rows<{ account_id: string }>(
      'SELECT account_id FROM plugin_developers WHERE user_id = $1',
      [author.id],
    );
    const account = row?.account_id ?? '';
    this.stripe.payers.onboard(account);
    await this.stripe.webhooks.settled();
    return { author, account, pluginId: await this.publish(author, { price_cents: cents }) };
  }

  private async attach(card: string, customer: string): Promise<void> {
    await fetch(`${this.stripe.url}/v1/payment_methods/${card}/attach`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.stripe.secretKey}` },
      body: new URLSearchParams({ customer }),
    });
  }

  lines(pluginId: string): Promise<Line[]> {
    return this.rows<Line>(
      'SELECT kind, gross_cents, developer_cents, platform_cents FROM plugin_revenue WHERE plugin_id = $1 ORDER BY id',
      [pluginId],
    );
  }

  /** Successful charges of this plugin's purchases. */
  async charges(pluginId: string): Promise<{ id: string; refunded: boolean }[]> {
    const purchases = await this.rows<{ id: string }>('SELECT id FROM plugin_purchases WHERE plugin_id = $1', [
      pluginId,
    ]);
    const references = new Set(purchases.map(({ id }) => `plugin_${id}`));
    return this.stripe.world.charges.where(
      (charge) => charge.paid && references.has(charge.metadata['reference'] ?? ''),
    );
  }

  transfersTo(account: string): { amount: number }[] {
    return this.stripe.world.transfers.where((transfer) => transfer.destination === account);
  }

  async earnings(author: TestUser, period?: string): Promise<Record<string, unknown>> {
    const query = period === undefined ? '' : `?period=${period}`;
    return (await this.app.call('get', `/developer/earnings${query}`, author).expect(200)).body;
  }

  async pay(period: string): Promise<void> {
    await this.app
      .call('post', '/admin/payouts', await this.admin())
      .send({ period })
      .expect(200);
  }

  /** Runs a background job now, as the queue would later. */
  async job(name: string, payload: object): Promise<void> {
    const handler = this.app.nest.get(MarketplaceJobs).handlers.find((known) => known.name === name);
    if (!handler) throw new Error(`there is no job ${name}`);
    await handler.run(payload, new AbortController().signal);
  }

  /** Looks at every unfinished purchase of a plugin, as the queue does some minutes later. */
  async settle(pluginId: string): Promise<void> {
    const open = await this.rows<{ id: string }>('SELECT id FROM plugin_purchases WHERE plugin_id = $1', [pluginId]);
    for (const { id } of open) await this.job('settle_plugin_purchase', { purchaseId: id });
  }

  /** A purchase whose charge was not answered, and whose plugin leaves the catalogue before it is settled. */
  async sellUnlisted(buyer: TestUser, pluginId: string): Promise<void> {
    this.stripe.suffer({ kind: 'answer_lost', times: 2, path: '/v1/payment_intents' });
    await this.install(buyer, pluginId);
    await this.app
      .call('post', `/admin/plugins/${pluginId}/unlist`, await this.admin())
      .send({})
      .expect(200);
    await this.settle(pluginId);
  }
}

export function month(shift = 0): string {
  const now = new Date();
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + shift)).toISOString().slice(0, 7);
}
