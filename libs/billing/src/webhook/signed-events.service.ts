import { Injectable } from '@nestjs/common';
import { Clock, Problem } from '@adiuva/kernel';
import { BillingConfig } from '../billing.config';
import { readEvent, type StripeEventHead } from '../stripe/stripe-event';
import { isSigned } from '../stripe/stripe-signature';

/** Believes only what Stripe has signed. */
@Injectable()
export class SignedEvents {
  private readonly secrets: readonly string[];

  constructor(
    config: BillingConfig,
    private readonly clock: Clock,
  ) {
    this.secrets = config.webhookSecrets;
  }

  /** Throws `not_configured` without a secret, `invalid_signature`, `malformed_request`. */
  read(raw: Uint8Array, signature: string | undefined): StripeEventHead {
    if (this.secrets.length === 0) throw new Problem('not_configured', { detail: 'STRIPE_WEBHOOK_SECRET is not set' });
    const now = Math.floor(this.clock.now().getTime() / 1000);
    if (signature === undefined || !isSigned(raw, signature, this.secrets, now)) throw new Problem('invalid_signature');
    return readEvent(raw, now);
  }
}
