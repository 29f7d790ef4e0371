import busboy from 'busboy';
import type { Readable } from 'node:stream';
import { CHECKSUM, invalidField, Problem } from '@adiuva/kernel';
import type { Submission, Submissions } from '@adiuva/marketplace';
import type { EdgeRequest } from '../edge/principal';

const MULTIPART = /^multipart\/form-data\s*(?:;|$)/i;
const MANIFEST_BYTES = 65_536;
const OVERHEAD_BYTES = 256 * 1024;
const LIMITS = { fieldNameSize: 64, fieldSize: MANIFEST_BYTES, fields: 3, files: 2, parts: 4, headerPairs: 32 };
const WATCH_MS = 1_000;
const GRACE_MS = 15_000;
const MIN_BYTES_A_MS = 8;

/**
 * Reads `manifest`, `package` and `checksum` from a multipart body; the package goes to the store as it arrives, so a request holds
 * a few buffers of memory. What fails leaves nothing behind. Throws `unsupported_media_type`, `malformed_request`,
 * `validation_failed`, `payload_too_large`, `request_timeout`.
 */
export async function readSubmission(request: EdgeRequest, submissions: Submissions): Promise<Submission> {
  if (!MULTIPART.test(request.headers['content-type'] ?? '')) {
    throw new Problem('unsupported_media_type', { detail: 'The body must be multipart/form-data' });
  }
  if (Number(request.headers['content-length'] ?? 0) > submissions.maxBytes + OVERHEAD_BYTES) {
    throw new Problem('payload_too_large', { members: { limit_bytes: submissions.maxBytes } });
  }
  const parts = new Parts(submissions);
  try {
    await parts.read(request);
    return parts.submission();
  } catch (error) {
    await parts.forget();
    throw error;
  }
}

class Parts {
  private manifest: string | undefined;
  private checksum: string | undefined;
  private package: Submission['package'] | undefined;
  private readonly seen = new Set<string>();
  private readonly stopping = new AbortController();
  private storing: Promise<unknown> = Promise.resolve();

  constructor(private readonly submissions: Submissions) {}

  /** Resolves when the whole body has been read and stored. */
  async read(request: EdgeRequest): Promise<void> {
    let taken = 0;
    const started = performance.now();
    request.on('data', (chunk: Buffer) => void (taken += chunk.length));
    await new Promise<void>((resolve, reject) => {
      const body = this.parser(request, (error) => fail(error));
      const watch = setInterval(() => {
        if (performance.now() - started > GRACE_MS + taken / MIN_BYTES_A_MS) fail(new Problem('request_timeout'));
      }, WATCH_MS);
      const end = (): void => {
        clearInterval(watch);
        request.off('close', cut);
      };
      const fail = (error: unknown): void => {
        end();
        request.unpipe();
        this.stopping.abort();
        reject(error instanceof Problem ? error : new Problem('malformed_request', { cause: error }));
      };
      const cut = (): void => {
        if (!request.readableEnded) fail(new Problem('malformed_request', { detail: 'The body ended early' }));
      };
      body.once('close', () => {
        end();
        resolve();
      });
      if (request.destroyed) cut();
      else request.once('close', cut).pipe(body);
    });
    await this.storing;
  }

  submission(): Submission {
    const missing = (field: string): Problem => fault(field, 'is missing');
    if (this.manifest === undefined) throw missing('manifest');
    if (this.package === undefined) throw missing('package');
    return {
      manifest: this.manifest,
      package: this.package,
      ...(this.checksum === undefined ? {} : { checksum: this.checksum }),
    };
  }

  async forget(): Promise<void> {
    this.stopping.abort();
    await this.storing.catch(() => undefined);
    if (this.package) await this.submissions.forget(this.package).catch(() => undefined);
  }

  private parser(request: EdgeRequest, fail: (error: unknown) => void): busboy.Busboy {
    let body: busboy.Busboy;
    try {
      body = busboy({ headers: request.headers, limits: LIMITS, defParamCharset: 'utf8' });
    } catch (error) {
      throw new Problem('malformed_request', { detail: 'The body has no usable boundary', cause: error });
    }
    body.on('field', (name, value, { nameTruncated, valueTruncated }) => {
      try {
        this.field(name, value, nameTruncated || valueTruncated);
      } catch (error) {
        fail(error);
      }
    });
    body.on('file', (name, bytes) => {
      bytes.on('error', () => undefined);
      this.file(name, bytes).catch((error: unknown) => {
        bytes.resume();
        fail(error);
      });
    });
    for (const limit of ['partsLimit', 'filesLimit', 'fieldsLimit'] as const) {
      body.on(limit, () => fail(fault('', 'The body has more parts than manifest, package and checksum')));
    }
    body.on('error', fail);
    return body;
  }

  private field(name: string, value: string, truncated: boolean): void {
    this.once(name);
    if (truncated) throw fault(name, `must have at most ${MANIFEST_BYTES} bytes`);
    if (name === 'manifest') this.manifest = value;
    else if (name === 'checksum' && CHECKSUM.test(value)) this.checksum = value;
    else if (name === 'checksum') throw fault(name, 'must be a lowercase hexadecimal SHA-256');
    else throw fault(name, name === 'package' ? 'must be a file' : 'is not known');
  }

  private async file(name: string, bytes: Readable): Promise<void> {
    this.once(name);
    if (name === 'package') {
      const kept = this.submissions.keep(bytes, this.stopping.signal).then((stored) => (this.package = stored));
      this.storing = kept;
      await kept;
    } else if (name === 'manifest') this.manifest = await textOf(bytes);
    else throw fault(name, 'is not known');
  }

  private once(name: string): void {
    if (this.seen.has(name)) throw fault(name, 'comes twice');
    this.seen.add(name);
  }
}

/** A manifest that comes as a file, as some clients send JSON. */
async function textOf(bytes: AsyncIterable<unknown>): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of bytes) {
    if (!Buffer.isBuffer(chunk)) continue;
    size += chunk.length;
    if (size > MANIFEST_BYTES) throw fault('manifest', `must have at most ${MANIFEST_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function fault(field: string, message: string): Problem {
  return invalidField(field.slice(0, 64), message);
}
