import { Problem } from '@adiuva/kernel';

/** The members of an SDK error that are used here, read without importing the SDK. */
interface StripeRefusal {
  readonly type: string;
  readonly code: string;
  readonly status: number;
  readonly message: string;
  readonly declineCode: string;
}

const RETRY_AFTER_SECONDS = 5;

export function refusalOf(error: unknown): StripeRefusal | null {
  if (!(error instanceof Error) || !('type' in error) || !/^Stripe/.test(String(error.type))) return null;
  const member = (name: string): unknown => Reflect.get(error, name);
  const text = (name: string): string => {
    const value = member(name);
    return typeof value === 'string' ? value : '';
  };
  const status = member('statusCode');
  return {
    type: text('type'),
    code: text('code'),
    status: typeof status === 'number' ? status : 0,
    message: error.message,
    declineCode: text('decline_code'),
  };
}

/** Whether Stripe itself fails, as opposed to one wrong request. */
export function isStripeOutage(error: unknown): boolean {
  const refusal = refusalOf(error);
  return (
    refusal !== null && (refusal.type === 'StripeConnectionError' || refusal.status >= 500 || refusal.status === 429)
  );
}

export function isMissing(error: unknown): boolean {
  const refusal = refusalOf(error);
  return refusal?.code === 'resource_missing' || refusal?.status === 404;
}

/** Null for what Stripe does not know. */
export async function nullIfMissing<T>(found: Promise<T>): Promise<T | null> {
  return found.catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });
}

/** Whether Stripe understood a request and refused it. */
export function isRefused(error: unknown): boolean {
  return refusalOf(error)?.type === 'StripeInvalidRequestError';
}

/** Translates an error of the SDK. */
export function toProblem(error: unknown): unknown {
  if (error instanceof Problem) return error;
  const refusal = refusalOf(error);
  if (refusal === null) return error;
  if (
    refusal.type === 'StripeConnectionError' &&
    /timeout|timed out|ETIMEDOUT/i.test(`${refusal.code} ${refusal.message}`)
  ) {
    return new Problem('upstream_timeout', { detail: 'The payment service did not answer in time', cause: error });
  }
  if (isStripeOutage(error)) return unavailable(error);
  return new Problem('upstream_failed', { detail: 'The payment service refused this', cause: error });
}

/** Stripe fails now; a retry may succeed later. */
export function unavailable(cause: unknown): Problem {
  return new Problem('unavailable', {
    detail: 'The payment service cannot be reached',
    retryAfter: RETRY_AFTER_SECONDS,
    cause,
  });
}
