import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, constants } from 'node:zlib';
import { Agent, request, type buildConnector, type Dispatcher } from 'undici';
import { retryAfterMs } from '@adiuva/kernel';
import { LargeBodyCollector, requestContext } from '@adiuva/platform';
import { failureError, readFailure, type ProviderFailure } from './provider-failure';

/** A chat pays no new TLS handshake while its last request to the provider is not older. */
const KEEP_ALIVE_MS = 60_000;
const MAX_ERROR_BODY = 65_536;
/** From so many characters on a body counts as a large one. */
const LARGE_BODY = 131_072;
const ERROR_BODY_WITHIN_MS = 300;

/** The body of a good answer, as it arrives and decompressed. */
export interface ProviderResponse {
  readonly body: Readable;
  readonly contentType: string;
}

/**
 * Sends requests to providers over connections that are kept open, with a limit on connecting and our request id. Redirects are not
 * followed, nothing is tried twice.
 */
export class HttpPost {
  private readonly agent: Agent;
  private readonly collector = new LargeBodyCollector();

  /** `connector` decides where connections may lead; unless given, anywhere. */
  constructor(connectTimeoutMs: number, connector?: buildConnector.connector) {
    this.agent = new Agent({
      connect: connector ?? { timeout: connectTimeoutMs },
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveMaxTimeout: KEEP_ALIVE_MS,
      // The watchdog of an answer has stricter limits, and knows when the reader is the slow one.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  /** Throws a `ProviderError` for any status that is not 2xx. */
  async send(
    url: string,
    headers: Readonly<Record<string, string>>,
    body: string | Readable,
    signal: AbortSignal,
  ): Promise<ProviderResponse> {
    const requestId = requestContext.getStore()?.requestId;
    const sent = {
      'accept-encoding': 'identity',
      'content-type': 'application/json',
      'user-agent': 'adiuva',
      ...headers,
      ...(requestId === undefined ? {} : { 'x-request-id': requestId }),
    };
    if (typeof body === 'string' && body.length > LARGE_BODY) this.collector.passed(body.length);
    const response = await request(url, { method: 'POST', headers: sent, body, signal, dispatcher: this.agent });
    const { statusCode: status, headers: answered, body: raw } = response;
    if (status >= 200 && status < 300) {
      return {
        body: decompressed(raw, text(answered['content-encoding'])),
        contentType: text(answered['content-type']),
      };
    }
    throw failureError(await failureOf(response), status);
  }

  /** Ends all connections, also those in use. */
  async close(): Promise<void> {
    await this.agent.destroy();
  }
}

/** `identity` was asked for; some proxies compress nevertheless. Each part is flushed as it arrives. */
function decompressed(body: Readable, encoding: string): Readable {
  const sync = { flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH };
  const flush = { flush: constants.BROTLI_OPERATION_FLUSH, finishFlush: constants.BROTLI_OPERATION_FLUSH };
  const decoder =
    encoding === 'gzip' || encoding === 'x-gzip'
      ? createGunzip(sync)
      : encoding === 'deflate'
        ? createInflate(sync)
        : encoding === 'br'
          ? createBrotliDecompress(flush)
          : undefined;
  if (!decoder) return body;
  body.on('error', (error) => decoder.destroy(error));
  decoder.once('close', () => body.destroy());
  return body.pipe(decoder);
}

async function failureOf({ headers, body }: Dispatcher.ResponseData): Promise<ProviderFailure> {
  const ms = text(headers['retry-after-ms']);
  const waitMs = /^\d+(?:\.\d+)?$/.test(ms) ? Number(ms) : retryAfterMs(text(headers['retry-after']), Date.now());
  const failure = readFailure(await smallBody(decompressed(body, text(headers['content-encoding']))));
  return waitMs === undefined ? failure : { ...failure, retryAfterMs: waitMs };
}

/** The beginning of a body that is not a stream of an answer, as far as it arrives soon: the next tier must not wait for it. */
export async function smallBody(body: Readable, withinMs = ERROR_BODY_WITHIN_MS): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  body.on('error', () => undefined);
  const late = setTimeout(() => body.destroy(), withinMs);
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      if ((size += chunk.length) > MAX_ERROR_BODY) break;
    }
  } catch {
    // What has arrived is all that there is.
  } finally {
    clearTimeout(late);
    body.destroy();
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Milliseconds, from any of the three forms. */
function text(header: string | string[] | undefined): string {
  const [value = ''] = header === undefined ? [] : [header].flat();
  return value.trim().toLowerCase();
}
