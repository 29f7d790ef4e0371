export type StripeErrorType =
  'invalid_request_error' | 'idempotency_error' | 'card_error' | 'api_error' | 'authentication_error';

export interface StripeErrorDetails {
  readonly code?: string;
  readonly param?: string;
  readonly decline_code?: string;
  readonly charge?: string;
  /** The whole object, as card errors carry it. */
  readonly payment_intent?: object;
}

/** A refusal in Stripe's own form: https://docs.stripe.com/api/errors. */
export class StripeFault extends Error {
  constructor(
    readonly status: number,
    readonly type: StripeErrorType,
    message: string,
    readonly details: StripeErrorDetails = {},
  ) {
    super(message);
  }

  get body(): object {
    return { error: { type: this.type, message: this.message, ...this.details } };
  }
}

export function refused(message: string, details: StripeErrorDetails = {}): StripeFault {
  return new StripeFault(400, 'invalid_request_error', message, details);
}

export function missing(what: string, id: string, param = 'id'): StripeFault {
  const details = { code: 'resource_missing', param };
  return new StripeFault(404, 'invalid_request_error', `No such ${what}: '${id}'`, details);
}
