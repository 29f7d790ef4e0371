import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { crc32 } from 'node:zlib';
import { S3Error } from './fake-s3-objects';

export interface CheckedBody {
  readonly bytes: Buffer;
  /** Base64, when the request or its trailer carried one that was right. */
  readonly crc32: string | null;
}

const SIGNATURE =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/\d{8}\/[a-z0-9-]+\/s3\/aws4_request, ?SignedHeaders=[a-z0-9;-]*host[a-z0-9;-]*, ?Signature=[0-9a-f]{64}$/;

/** A request must be signed with version 4 by the key that the server knows. */
export function checkSignature(headers: IncomingHttpHeaders, accessKeyId: string): void {
  const [, credential] = SIGNATURE.exec(headers.authorization ?? '') ?? [];
  const dated = /^\d{8}T\d{6}Z$/.test(header(headers, 'x-amz-date') ?? '');
  if (credential !== accessKeyId || !dated || header(headers, 'x-amz-content-sha256') === undefined) {
    throw new S3Error(403, 'AccessDenied');
  }
}

/** Reads a body whole, undoes aws-chunked, and holds it against every length and checksum that the request carries. */
export async function checkedBody(request: IncomingMessage): Promise<CheckedBody> {
  const raw = await whole(request);
  const { headers } = request;
  const chunked = header(headers, 'content-encoding')?.includes('aws-chunked') === true;
  const { bytes, trailers } = chunked ? unchunked(raw) : { bytes: raw, trailers: new Map<string, string>() };
  const declared = header(headers, chunked ? 'x-amz-decoded-content-length' : 'content-length');
  if (declared !== undefined && Number(declared) !== bytes.length) throw new S3Error(400, 'IncompleteBody');
  const content = header(headers, 'x-amz-content-sha256') ?? '';
  if (/^[0-9a-f]{64}$/.test(content) && content !== digest('sha256', bytes, 'hex'))
    throw new S3Error(400, 'XAmzContentSHA256Mismatch');
  const md5 = header(headers, 'content-md5');
  if (md5 !== undefined && md5 !== digest('md5', bytes, 'base64')) throw new S3Error(400, 'BadDigest');
  const named = (name: string): string | undefined => header(headers, name) ?? trailers.get(name);
  const sha256 = named('x-amz-checksum-sha256');
  if (sha256 !== undefined && sha256 !== digest('sha256', bytes, 'base64')) throw new S3Error(400, 'BadDigest');
  const crc = named('x-amz-checksum-crc32');
  if (crc !== undefined && crc !== crcOf(bytes)) throw new S3Error(400, 'BadDigest');
  return { bytes, crc32: crc ?? null };
}

export function header(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(',') : value;
}

async function whole(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** `size;chunk-signature=…\r\n bytes \r\n … 0\r\n trailer:value\r\n \r\n`, as the S3 reference has it. */
function unchunked(raw: Buffer): { bytes: Buffer; trailers: Map<string, string> } {
  const chunks: Buffer[] = [];
  let at = 0;
  for (;;) {
    const end = raw.indexOf('\r\n', at);
    const size = Number.parseInt(raw.subarray(at, end).toString('latin1'), 16);
    if (end < 0 || Number.isNaN(size)) throw new S3Error(400, 'IncompleteBody');
    at = end + 2;
    if (size === 0) break;
    chunks.push(raw.subarray(at, at + size));
    at += size + 2;
  }
  const trailers = new Map<string, string>();
  for (const line of raw.subarray(at).toString('latin1').split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) trailers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
  }
  return { bytes: Buffer.concat(chunks), trailers };
}

function digest(algorithm: string, bytes: Buffer, encoding: 'hex' | 'base64'): string {
  return createHash(algorithm).update(bytes).digest(encoding);
}

function crcOf(bytes: Buffer): string {
  const value = Buffer.alloc(4);
  value.writeUInt32BE(crc32(bytes));
  return value.toString('base64');
}
