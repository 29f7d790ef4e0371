import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { Problem } from '@adiuva/kernel';
import { parseSafeJson } from './safe-json';
import { JSON_LIMIT, RAW_BODY, type EdgeRequest } from '../principal';

const DEFAULT_LIMIT_BYTES = 128 * 1024;
const GRACE_MS = 15_000;
const MIN_BYTES_A_MS = 8;
const JSON_TYPE = /^application\/(?:[a-z0-9.+-]+\+)?json\s*(?:;|$)/i;

/** The last guard: reads JSON bodies once the others have let the caller in, so that nobody else's bytes are taken in. Sets `request.body`. */
@Injectable()
export class JsonBodyGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

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
    request.body = parseSafeJson(await readText(request, limit));
    return true;
  }
}

export function hasBody(request: EdgeRequest): boolean {
  const length = request.headers['content-length'];
  return request.headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
}

/** The whole body as text. Throws `payload_too_large` before reading where the length is announced, `request_timeout` for a trickle. */
export async function readText(request: EdgeRequest, limit: number): Promise<string> {
  const bytes = await readBytes(request, limit);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new Problem('malformed_request', { detail: 'The body is not UTF-8', cause: error });
  }
}

export async function readBytes(request: EdgeRequest, limit: number): Promise<Buffer> {
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    throw new Problem('unsupported_media_type', { detail: 'Compressed bodies are not taken' });
  }
  if (Number(request.headers['content-length'] ?? 0) > limit) throw new Problem('payload_too_large');
  // A small body comes in the packet of the headers; the parser has seen its end when this turn is over.
  if (!request.complete) await new Promise((turn) => setImmediate(turn));
  return arrivedBytes(request, limit) ?? (await comingBytes(request, limit));
}

/** The body where it has come whole before anybody listens to it. */
function arrivedBytes(request: EdgeRequest, limit: number): Buffer | undefined {
  if (!request.complete || request.destroyed || request.readableLength > limit) return undefined;
  const bytes: unknown = request.read();
  return Buffer.isBuffer(bytes) ? bytes : undefined;
}

async function comingBytes(request: EdgeRequest, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  const started = performance.now();
  const timer = setInterval(() => {
    if (performance.now() - started > GRACE_MS + size / MIN_BYTES_A_MS) request.destroy(new Problem('request_timeout'));
  }, 1_000);
  let take: (chunk: Buffer) => void = () => undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      take = (chunk) => {
        size += chunk.length;
        chunks.push(chunk);
        if (size > limit) reject(new Problem('payload_too_large'));
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
    // Whoever is refused is still to read the answer, so giving up does not cut the connection.
    request.off('data', take).pause();
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, size);
}
