import type Stripe from 'stripe';
import { Problem } from '@adiuva/kernel';
import { MarketplacePayments } from '../payments/payment.port';
import type {
  CardPurchase,
  ChargeOutcome,
  ClosedPage,
  MadeTransfer,
  PagePurchase,
  PaymentPage,
  Transfer,
} from '../payments/payment.port';
import type { ReturnUrls } from '../payments/return-pages';
import type { StripeClient } from './stripe-client.adapter';
import { isMissing, isRefused, refusalOf } from './stripe-error';
import { idOf } from './stripe-object';

const CURRENCY = 'eur';
/** More attempts than one purchase ever has. */
const MAX_TRIES = 100;

export class StripeMarketplace extends MarketplacePayments {
  readonly configured = true;

  constructor(private readonly client: StripeClient) {
    super();
  }

  async hasCard(customer: string): Promise<boolean> {
    return (await this.cardOf(customer)) !== null;
  }

  async charge(purchase: CardPurchase): Promise<ChargeOutcome> {
    const card = await this.cardOf(purchase.customer);
    if (card === null) return { status: 'needs_payer', reason: 'no_card' };
    try {
      return await this.chargeCard(purchase, card);
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal?.type !== 'StripeCardError') throw error;
      return {
        status: 'needs_payer',
        reason: refusal.code === 'authentication_required' ? 'authentication' : 'declined',
      };
    }
  }

  async openPayment(purchase: PagePurchase): Promise<PaymentPage> {
    const { key, customer, amountCents, reference, userId, description, labels, returnUrls } = purchase;
    const metadata = { ...labels, user_id: userId, reference };
    const session = await this.client.call(
      (stripe, options) =>
        stripe.checkout.sessions.create(
          {
            mode: 'payment',
            line_items: [
              {
                quantity: 1,
                price_data: { currency: CURRENCY, unit_amount: amountCents, product_data: { name: description } },
              },
            ],
            client_reference_id: userId,
            ...(customer === null ? { customer_creation: 'always' as const } : { customer }),
            metadata,
            payment_intent_data: { metadata, transfer_group: reference, setup_future_usage: 'off_session' },
            success_url: returnUrls.success,
            cancel_url: returnUrls.cancel,
          },
          options,
        ),
      key,
    );
    return { id: session.id, url: session.url ?? '' };
  }

  async closePayment(session: string): Promise<ClosedPage> {
    const retrieve = () =>
      this.client.call((stripe, options) => stripe.checkout.sessions.retrieve(session, {}, options));
    const found = await retrieve();
    if (found.status !== 'open') return this.closedPage(found);
    const closed = await this.client
      .call((stripe, options) => stripe.checkout.sessions.expire(session, {}, options), undefined, isRefused)
      .catch((error: unknown) => {
        if (isRefused(error)) return retrieve();
        throw error;
      });
    return this.closedPage(closed);
  }

  async paymentFor(reference: string, session: string | null): Promise<string | null> {
    if (session !== null) {
      const page = await this.client.call((stripe, options) => stripe.checkout.sessions.retrieve(session, {}, options));
      const payment = idOf(page.payment_intent);
      if (page.status === 'complete' && page.payment_status === 'paid' && payment !== null) return payment;
    }
    const charges = await this.client.call((stripe, options) =>
      stripe.charges.list({ transfer_group: reference, limit: MAX_TRIES }, options),
    );
    return idOf(charges.data.find((charge) => charge.status === 'succeeded')?.payment_intent);
  }

  async refund(key: string, payment: string, amountCents?: number): Promise<number | null> {
    const amount = amountCents === undefined ? {} : { amount: amountCents };
    const done = (error: unknown): boolean => refusalOf(error)?.code === 'charge_already_refunded';
    const disputed = (error: unknown): boolean => refusalOf(error)?.code === 'charge_disputed';
    try {
      const made = await this.client.call(
        (stripe, options) => stripe.refunds.create({ payment_intent: payment, ...amount }, options),
        key,
        (error) => done(error) || disputed(error),
      );
      return made.created;
    } catch (error) {
      if (done(error)) return null;
      if (disputed(error)) throw new Problem('conflict', { detail: 'The bank holds this payment', cause: error });
      throw error;
    }
  }

  async createAccount(userId: string): Promise<string> {
    const account = await this.client.call(
      (stripe, options) =>
        stripe.accounts.create(
          { type: 'express', capabilities: { transfers: { requested: true } }, metadata: { user_id: userId } },
          options,
        ),
      `account:${userId}`,
    );
    return account.id;
  }

  async onboardingUrl(account: string, returnUrls: ReturnUrls): Promise<string> {
    const link = await this.client.call((stripe, options) =>
      stripe.accountLinks.create(
        { account, type: 'account_onboarding', refresh_url: returnUrls.cancel, return_url: returnUrls.success },
        options,
      ),
    );
    return link.url;
  }

  async isPayable(account: string): Promise<boolean> {
    const gone = (error: unknown): boolean => isMissing(error) || refusalOf(error)?.code === 'account_invalid';
    try {
      const found = await this.client.call(
        (stripe, options) => stripe.accounts.retrieve(account, {}, options),
        undefined,
        gone,
      );
      return found.payouts_enabled === true && found.capabilities?.transfers === 'active';
    } catch (error) {
      if (gone(error)) return false;
      throw error;
    }
  }

  async transfer({ key, account, amountCents, reference }: Transfer): Promise<string> {
    const wanted = {
      amount: amountCents,
      currency: CURRENCY,
      destination: account,
      transfer_group: reference,
      metadata: { reference },
    };
    try {
      const made = await this.client.call(
        (stripe, options) => stripe.transfers.create(wanted, options),
        key,
        isRefused,
      );
      return made.id;
    } catch (cause) {
      const code = refusalOf(cause)?.code;
      if (code === 'insufficient_capabilities_for_transfer')
        throw new Problem('conflict', { detail: 'This account cannot be paid yet', cause });
      if (code === 'balance_insufficient')
        throw new Problem('unavailable', { detail: 'The balance does not cover this', retryAfter: 3_600, cause });
      throw isRefused(cause) ? new Problem('upstream_failed', { cause }) : cause;
    }
  }

  async transferFor(reference: string): Promise<MadeTransfer | null> {
    const made = await this.client.call((stripe, options) =>
      stripe.transfers.list({ transfer_group: reference, limit: 1 }, options),
    );
    const [transfer] = made.data;
    return transfer ? { id: transfer.id, amountCents: transfer.amount } : null;
  }

  private async closedPage(session: Stripe.Checkout.Session): Promise<ClosedPage> {
    if (session.status === 'expired') return 'unpaid';
    if (session.status === 'complete' && session.payment_status !== 'unpaid') return 'paid';
    const id = idOf(session.payment_intent);
    if (id === null) return session.status === 'complete' ? 'unpaid' : 'processing';
    const intent = await this.client.call((stripe, options) => stripe.paymentIntents.retrieve(id, {}, options));
    return intent.status === 'processing' ? 'processing' : 'unpaid';
  }

  /** The customer's default card, or the one added last. */
  private async cardOf(customer: string): Promise<string | null> {
    const found = await this.client.call((stripe, options) => stripe.customers.retrieve(customer, {}, options));
    if ('deleted' in found && found.deleted) return null;
    const preferred = 'invoice_settings' in found ? idOf(found.invoice_settings.default_payment_method) : null;
    if (preferred !== null) return preferred;
    const cards = await this.client.call((stripe, options) =>
      stripe.customers.listPaymentMethods(customer, { type: 'card', limit: 1 }, options),
    );
    return cards.data[0]?.id ?? null;
  }

  private async chargeCard(
    { key, customer, amountCents, reference, userId, description, labels }: CardPurchase,
    card: string,
  ): Promise<ChargeOutcome> {
    const intent = await this.client.call(
      (stripe, options) =>
        stripe.paymentIntents.create(
          {
            amount: amountCents,
            currency: CURRENCY,
            customer,
            payment_method: card,
            confirm: true,
            off_session: true,
            transfer_group: reference,
            description,
            metadata: { ...labels, user_id: userId, reference },
          },
          options,
        ),
      key,
      (error) => refusalOf(error)?.type === 'StripeCardError',
    );
    if (intent.status !== 'succeeded' || idOf(intent.latest_charge) === null)
      return { status: 'needs_payer', reason: 'authentication' };
    return { status: 'paid', payment: intent.id };
  }
}
