import { circuitBreaker, ConsecutiveBreaker, handleWhen, isBrokenCircuitError } from 'cockatiel';
import Stripe from 'stripe';
import { requestContext } from '@adiuva/platform';
import { unavailable, isStripeOutage, toProblem } from './stripe-error';

export interface StripeClientOptions {
  readonly secretKey: string;
  readonly apiBase: string | undefined;
  /** Milliseconds for one attempt. */
  readonly timeout: number;
}

const FAILURES_TO_OPEN = 5;
const PROBE_AFTER_MS = 10_000;

/** The SDK behind a breaker: five outages in a row open it, one probe after 10 s closes it again. */
export class StripeClient {
  private readonly stripe: Stripe;
  private readonly breaker = circuitBreaker(handleWhen(isStripeOutage), {
    halfOpenAfter: PROBE_AFTER_MS,
    breaker: new ConsecutiveBreaker(FAILURES_TO_OPEN),
  });

  constructor({ secretKey, apiBase, timeout }: StripeClientOptions) {
    this.stripe = new Stripe(secretKey, { timeout, maxNetworkRetries: 0, telemetry: false, ...address(apiBase) });
  }

  /** Makes one call; its failure is a `Problem`, except where `keep` wants to see the SDK's own error. */
  async call<T>(
    work: (stripe: Stripe, options: Stripe.RequestOptions) => Promise<T>,
    key?: string,
    keep: (error: unknown) => boolean = () => false,
  ): Promise<T> {
    const request = requestContext.getStore();
    const headers = request ? { headers: { 'X-Request-Id': request.requestId } } : {};
    const options: Stripe.RequestOptions = { ...headers, ...(key === undefined ? {} : { idempotencyKey: key }) };
    try {
      return await this.breaker.execute(() => work(this.stripe, options));
    } catch (error) {
      if (isBrokenCircuitError(error)) throw unavailable(error);
      throw keep(error) ? error : toProblem(error);
    }
  }
}

function address(apiBase: string | undefined): Pick<Stripe.StripeConfig, 'host' | 'port' | 'protocol'> {
  if (apiBase === undefined) return {};
  const { protocol, hostname, port } = new URL(apiBase);
  const secure = protocol !== 'http:';
  return {
    host: hostname,
    port: port === '' ? (secure ? 443 : 80) : Number(port),
    protocol: secure ? 'https' : 'http',
  };
}
