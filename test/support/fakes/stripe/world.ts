import { randomBytes } from 'node:crypto';
import type * as Stripe from './objects';
import { missing } from './stripe-error';

export const API_VERSION = '2026-10-28.endive';
const DAY = 86_400;

/** Objects of one kind by id, oldest first. */
export class Table<T extends { id: string; deleted?: true }> {
  readonly rows = new Map<string, T>();

  constructor(private readonly name: string) {}

  add(row: T): T {
    this.rows.set(row.id, row);
    return row;
  }

  /** Throws Stripe's `resource_missing`, as for what was deleted. */
  get(id: string, param?: string): T {
    const row = this.rows.get(id);
    if (!row || row.deleted) throw missing(this.name, id, param);
    return row;
  }

  where(matches: (row: T) => boolean): T[] {
    return [...this.rows.values()].filter(matches);
  }
}

/** Everything that the double remembers, and its clock. Events are snapshots taken when something happens. */
export class StripeWorld {
  readonly customers = new Table<Stripe.StripeCustomer>('customer');
  readonly prices = new Table<Stripe.StripePrice>('price');
  readonly sessions = new Table<Stripe.StripeSession>('checkout.session');
  readonly subscriptions = new Table<Stripe.StripeSubscription>('subscription');
  readonly invoices = new Table<Stripe.StripeInvoice>('invoice');
  readonly paymentMethods = new Table<Stripe.StripePaymentMethod>('PaymentMethod');
  readonly paymentIntents = new Table<Stripe.StripePaymentIntent>('payment_intent');
  readonly charges = new Table<Stripe.StripeCharge>('charge');
  readonly refunds = new Table<Stripe.StripeRefund>('refund');
  readonly disputes = new Table<Stripe.StripeDispute>('dispute');
  readonly accounts = new Table<Stripe.StripeAccount>('account');
  readonly transfers = new Table<Stripe.StripeTransfer>('transfer');
  readonly events = new Table<Stripe.StripeEvent>('event');
  /** What a checkout session sells, which Stripe keeps apart from the session. */
  readonly carts = new Map<string, { price: Stripe.StripePrice; quantity: number; metadata: Stripe.Metadata }[]>();
  readonly setup: Stripe.StripeSetup = {
    account: { id: 'acct_of_the_platform', object: 'account', charges_enabled: true, details_submitted: true },
    connect: true,
    endpoints: [],
    portals: [],
  };
  /** Cents that transfers may take from. */
  availableBalance = 100_000_000;

  private readonly listeners = new Set<(event: Stripe.StripeEvent) => void>();
  private ahead = 0;
  private made = 0;

  /** Seconds since the epoch, as Stripe counts. */
  now(): number {
    return Math.floor(Date.now() / 1000) + this.ahead;
  }

  /** Moves the double's clock forward. */
  pass(days: number): void {
    this.ahead += Math.round(days * DAY);
  }

  id(prefix: string): string {
    this.made += 1;
    return `${prefix}_1${this.made.toString(36).padStart(6, '0')}${randomBytes(8).toString('hex')}`;
  }

  base<Kind extends string>(
    prefix: string,
    object: Kind,
  ): { id: string; object: Kind; created: number; livemode: false } {
    return { id: this.id(prefix), object, created: this.now(), livemode: false };
  }

  onEvent(listener: (event: Stripe.StripeEvent) => void): void {
    this.listeners.add(listener);
  }

  emit(type: string, object: object, more: { previous?: object; account?: string } = {}): Stripe.StripeEvent {
    const event: Stripe.StripeEvent = {
      ...this.base('evt', 'event'),
      api_version: API_VERSION,
      type,
      ...(more.account ? { account: more.account } : {}),
      pending_webhooks: 1,
      request: { id: null, idempotency_key: null },
      data: { object: structuredClone(object), ...(more.previous ? { previous_attributes: more.previous } : {}) },
    };
    this.events.add(event);
    for (const listener of this.listeners) listener(event);
    return event;
  }

  /** Any object by its id, for `expand`. */
  find(id: string): object | undefined {
    const tables = [
      this.customers,
      this.prices,
      this.subscriptions,
      this.invoices,
      this.paymentMethods,
      this.paymentIntents,
      this.charges,
      this.refunds,
      this.accounts,
      this.transfers,
      this.sessions,
    ];
    for (const table of tables) {
      const row = table.rows.get(id);
      if (row) return row;
    }
    return undefined;
  }
}
