import type { CheckoutDto, CheckoutPageDto, PortalPageDto, SubscriptionDto, TiersDto } from '../generated/types.gen';
import type { Http } from './http';

/** Subscriptions. Payment pages are the payment provider's and open in a browser. */
export class BillingApi {
  constructor(private readonly http: Http) {}

  tiers(): Promise<TiersDto> {
    return this.http.json('GET', '/billing/tiers', { anonymous: true });
  }

  subscription(): Promise<SubscriptionDto> {
    return this.http.json('GET', '/billing/subscription');
  }

  /** The same as `subscription`. */
  status(): Promise<SubscriptionDto> {
    return this.http.json('GET', '/billing/status');
  }

  checkout(order: CheckoutDto): Promise<CheckoutPageDto> {
    return this.http.json('POST', '/billing/checkout', { body: order, idempotencyKey: crypto.randomUUID() });
  }

  portal(): Promise<PortalPageDto> {
    return this.http.json('POST', '/billing/portal');
  }

  /** At the end of the paid period. */
  async cancel(): Promise<void> {
    await this.http.json('DELETE', '/billing/subscription');
  }
}
