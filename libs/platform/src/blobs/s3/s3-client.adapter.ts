import { S3Client } from '@aws-sdk/client-s3';
import { ConsecutiveBreaker, circuitBreaker, handleWhen, CircuitState, type CircuitBreakerPolicy } from 'cockatiel';
import { z } from 'zod';
import { requestContext } from '../../logging/log.service';
import { isOutage } from './s3-error';

export interface S3BlobOptions {
  readonly bucket: string;
  readonly region: string;
  /** Of an S3-compatible store; Amazon's own when left out. */
  readonly endpoint?: string;
  /** Left out: the SDK's default chain (instance role, environment, profile). */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** `https://host/bucket/key` in place of `https://bucket.host/key`; default true when there is an endpoint. */
  readonly pathStyle?: boolean;
  /** Whether objects are encrypted by the store with its own keys (SSE-S3); default true. */
  readonly serverSideEncryption?: boolean;
  /** For stores that know no checksum headers, no DeleteObjects and no checksums of parts; default false. */
  readonly basic?: boolean;
  /** Milliseconds until a connection must be open, and that a request may be silent before its answer begins; default 1,500. */
  readonly timeout?: number;
}

const WithHeaders = z.object({
  headers: z.custom<Record<string, string>>((headers) => typeof headers === 'object' && headers !== null),
});

const TIMEOUT_MS = 1_500;
const FAILURES_TO_OPEN = 3;
const PROBE_AFTER_MS = 2_000;
/** Of the time that a request may be silent. */
const QUICK_SHARE = 1 / 6;

/** A client whose every request passes one breaker: three outages in a row open it, a probe every 2 s closes it again. */
export function s3Client(options: S3BlobOptions): { client: S3Client; breaker: CircuitBreakerPolicy } {
  const timeout = options.timeout ?? TIMEOUT_MS;
  const client = new S3Client({
    region: options.region,
    ...(options.endpoint ? { endpoint: options.endpoint } : {}),
    ...(options.credentials ? { credentials: options.credentials } : {}),
    forcePathStyle: options.pathStyle ?? options.endpoint !== undefined,
    retryStrategy: new QuickRetry(timeout * QUICK_SHARE),
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestChecksumCalculation: options.basic === true ? 'WHEN_REQUIRED' : 'WHEN_SUPPORTED',
    requestHandler: {
      connectionTimeout: timeout,
      socketTimeout: timeout,
      httpAgent: { keepAlive: true, maxSockets: 128 },
      httpsAgent: { keepAlive: true, maxSockets: 128 },
    },
  });
  const breaker = circuitBreaker(handleWhen(isOutage), {
    halfOpenAfter: PROBE_AFTER_MS,
    breaker: new ConsecutiveBreaker(FAILURES_TO_OPEN),
  });
  client.middlewareStack.add((next) => (args) => breaker.execute(() => next(args)), {
    step: 'initialize',
    name: 'breaker',
  });
  client.middlewareStack.add(
    (next) => (args) => {
      const requestId = requestContext.getStore()?.requestId;
      const request = WithHeaders.safeParse(args.request);
      if (request.success && requestId !== undefined) request.data.headers['x-request-id'] = requestId;
      return next(args);
    },
    { step: 'build', name: 'request-id' },
  );
  return { client, breaker };
}

/** Whether a request would be refused immediately, known without one; so a stream need not be read for nothing. */
export class OutageCache {
  private openedAt: number | null = null;

  constructor(breaker: CircuitBreakerPolicy) {
    breaker.onStateChange((state) => {
      this.openedAt = state === CircuitState.Open ? Date.now() : null;
    });
  }

  get lasts(): boolean {
    return this.openedAt !== null && Date.now() - this.openedAt < PROBE_AFTER_MS;
  }
}

/** Repeats a request once, and only when its failure came quickly: a caller who waits for a dead store must not wait twice. */
class QuickRetry {
  readonly mode = 'quick';

  constructor(private readonly withinMs: number) {}

  acquireInitialRetryToken(): Promise<QuickRetryToken> {
    return Promise.resolve(new QuickRetryToken(0, performance.now()));
  }

  refreshRetryTokenForRetry(token: unknown, failure: { readonly errorType: string }): Promise<QuickRetryToken> {
    const begun = token instanceof QuickRetryToken ? token : new QuickRetryToken(1, 0);
    const hopeless = failure.errorType === 'CLIENT_ERROR' || begun.getRetryCount() > 0;
    if (hopeless || performance.now() - begun.since > this.withinMs)
      return Promise.reject(new Error('no further attempt'));
    return Promise.resolve(new QuickRetryToken(1, begun.since));
  }

  recordSuccess(): void {}
}

class QuickRetryToken {
  constructor(
    private readonly count: number,
    readonly since: number,
  ) {}

  getRetryCount(): number {
    return this.count;
  }

  getRetryDelay(): number {
    return this.count === 0 ? 0 : 50;
  }
}
