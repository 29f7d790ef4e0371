import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { Problem } from '@adiuva/kernel';
import { BodyBuffer } from './body-buffer';
import { assertBoundedJson, parseSafeJson } from './safe-json';
import { JSON_LIMIT, RAW_BODY, type EdgeRequest, type EdgeResponse } from '../principal';
import { JsonBudget, type BodyReservation } from './json-budget.service';

const DEFAULT_LIMIT_BYTES = 128 * 1024;
const GRACE_MS = 15_000;
const MIN_BYTES_A_MS = 8;
const JSON_TYPE = /^application\/(?:[a-z0-9.+-]+\+)?json\s*(?:;|$)/i;

/** The last guard: reads JSON bodies after the others have admitted the caller, so that no other client's bytes are read. Sets `request.body`. */
@Injectable()
export class JsonBodyGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly budget: JsonBudget,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const request = context.switchToHttp().getRequest<EdgeRequest>();
    if (request.method !== 'GET' || hasBody(request)) return this.read(context, request);
    request.body = {};
    return true;
  }

  private async read(context: ExecutionContext, request: EdgeRequest): Promise<boolean> {
    const targets = [context.getHandler(), context.getClass()];
    if (!hasBody(request)) {
      request.body = {};
      return true;
    }
    const isJson = JSON_TYPE.test(request.headers['content-type'] ?? '');
    const streamed = this.reflector.getAllAndOverride<string | undefined>(RAW_BODY, targets);
    if (streamed === 'every type' || (streamed !== undefined && !isJson)) return true;
    if (!isJson) throw new Problem('unsupported_media_type', { detail: 'The body must be application/json' });
    const limit = this.reflector.getAllAndOverride<number | undefined>(JSON_LIMIT, targets) ?? DEFAULT_LIMIT_BYTES;
    const response = context.switchToHttp().getResponse<EdgeResponse>();
    request.body = await parseBody(await collectBody(request, response, limit, this.budget), this.budget);
    return true;
  }
}

/** The bytes of a JSON body, counted in `budget` until the response is closed. */
export function collectBody(
  request: EdgeRequest,
  response: EdgeResponse,
  limit: number,
  budget: JsonBudget,
): Promise<Buffer> {
  const reservation = budget.reservation();
  response.once('close', () => reservation.release());
  return readBytes(request, limit, reservation);
}

export function parseBody(bytes: Buffer, budget: JsonBudget): Promise<unknown> {
  return budget.inTurn(bytes.length, () => {
    assertBoundedJson(bytes);
    return parseSafeJson(textOf(bytes));
  });
}

export function hasBody(request: EdgeRequest): boolean {
  const length = request.headers['content-length'];
  return request.headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
}

function textOf(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new Problem('malformed_request', { detail: 'The body is not UTF-8', cause: error });
  }
}

/** The whole body. Throws `payload_too_large` before reading where the length is announced, `request_timeout` for a trickle. */
export async function readBytes(request: EdgeRequest, limit: number, reservation?: BodyReservation): Promise<Buffer> {
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    throw new Problem('unsupported_media_type', { detail: 'Compressed bodies are not taken' });
  }
  if (Number(request.headers['content-length'] ?? 0) > limit) throw new Problem('payload_too_large');
  // A small body comes in the packet of the headers; the parser has seen its end when this turn is over.
  if (!request.complete) await new Promise((turn) => setImmediate(turn));
  return arrivedBytes(request, limit) ?? (await comingBytes(request, limit, reservation));
}

/** The body where all of it has arrived before there is a listener. */
function arrivedBytes(request: EdgeRequest, limit: number): Buffer | undefined {
  if (!request.complete || request.destroyed || request.readableLength > limit) return undefined;
  const bytes: unknown = request.read();
  return Buffer.isBuffer(bytes) ? bytes : undefined;
}

async function comingBytes(request: EdgeRequest, limit: number, reservation?: BodyReservation): Promise<Buffer> {
  const body = new BodyBuffer(Number(request.headers['content-length']));
  const started = performance.now();
  let waited = 0;
  let waitingSince: number | null = null;
  const timer = setInterval(() => {
    if (waitingSince === null && performance.now() - started - waited > GRACE_MS + body.size / MIN_BYTES_A_MS)
      request.destroy(new Problem('request_timeout'));
  }, 1_000);
  let take: (chunk: Buffer) => void = () => undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      take = (chunk) => {
        if (body.size + chunk.length > limit) return reject(new Problem('payload_too_large'));
        body.add(chunk);
        const fits = reservation?.take(chunk.length);
        if (fits === undefined) return;
        request.pause();
        const since = (waitingSince = performance.now());
        fits.then(() => {
          waited += performance.now() - since;
          waitingSince = null;
          request.resume();
        }, reject);
      };
      const early = (cause?: unknown): void => {
        if (cause instanceof Problem || request.readableEnded) reject(cause);
        else reject(new Problem('malformed_request', { detail: 'The body ended early', cause }));
      };
      request.once('end', resolve).once('error', early).once('close', early).on('data', take);
      if (request.destroyed) early();
    });
  } finally {
    clearInterval(timer);
    // A client that is refused still has to read the answer, so the connection is not cut.
    request.off('data', take).pause();
  }
  return body.take();
}
