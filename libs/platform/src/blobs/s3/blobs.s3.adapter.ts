import { createHash } from 'node:crypto';
import { pipeline, Readable } from 'node:stream';
import {
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { CHECKSUM, Problem, type Checksum } from '@adiuva/kernel';
import { BlobStore, MIN_PART_BYTES } from '../blob-store.port';
import type { BlobEntry, BlobHead, ExpectedDigest, PartsUpload, StoredBlob, StoredPart } from '../blob-store.port';
import type { ByteRange } from '../byte-range';
import { HashingStream } from '../hashing-stream';
import { s3Body } from './s3-body.adapter';
import { OutageCache, s3Client, type S3BlobOptions } from './s3-client.adapter';
import { S3Deletion } from './s3-deletion.adapter';
import { toS3Problem } from './s3-error';
import { S3Parts } from './s3-parts.adapter';
import { parseKey, type BlobKey } from '../safe-key';

/** Objects in an S3 bucket, encrypted by the store (SSE-S3), with the client's checksum in their metadata. */
export class S3BlobStore extends BlobStore {
  private readonly client: S3Client;
  private readonly outage: OutageCache;
  private readonly deletion: S3Deletion;
  private readonly parts: S3Parts;
  private readonly bucket: string;
  private readonly basic: boolean;
  private readonly encryption: { readonly ServerSideEncryption?: 'AES256' };

  constructor(options: S3BlobOptions) {
    super();
    const { client, breaker } = s3Client(options);
    this.client = client;
    this.outage = new OutageCache(breaker);
    this.bucket = options.bucket;
    this.encryption = options.serverSideEncryption === false ? {} : { ServerSideEncryption: 'AES256' };
    this.basic = options.basic ?? false;
    this.deletion = new S3Deletion(client, this.bucket, this.basic);
    this.parts = new S3Parts(client, this.bucket, this.encryption, !this.basic);
  }

  async put(
    key: BlobKey,
    content: Readable | Buffer,
    expected: ExpectedDigest,
    signal?: AbortSignal,
  ): Promise<StoredBlob> {
    const bytes = Buffer.isBuffer(content) ? Readable.from([content]) : content;
    const meter = new HashingStream(expected);
    try {
      if (this.outage.lasts) throw new Problem('unavailable', { retryAfter: 5 });
      pipeline(bytes, meter, () => undefined);
      await this.upload(parseKey(key), meter, expected, signal);
      return { key, size: meter.byteCount, sha256: meter.sha256 };
    } catch (error) {
      bytes.destroy();
      meter.destroy();
      const failure = toS3Problem(error);
      // A part upload that is gone (its end was asked for twice) is the store's trouble, not an object that the caller lacks.
      const gone = failure instanceof Problem && failure.code === 'not_found';
      throw gone ? new Problem('unavailable', { retryAfter: 1, cause: error }) : failure;
    }
  }

  async open(key: BlobKey, range?: ByteRange, signal?: AbortSignal): Promise<Readable> {
    const Range = range && `bytes=${range.start}-${range.end}`;
    const command = new GetObjectCommand({ Bucket: this.bucket, Key: parseKey(key), ...(Range ? { Range } : {}) });
    const answer = await this.client.send(command, signal ? { abortSignal: signal } : {}).catch(rethrow);
    if (range && answer.ContentRange === undefined)
      throw new Problem('upstream_failed', { cause: new Error('the store ignores ranges') });
    return s3Body(answer.Body);
  }

  async head(key: BlobKey, signal?: AbortSignal): Promise<BlobHead | null> {
    const command = new HeadObjectCommand({ Bucket: this.bucket, Key: parseKey(key) });
    try {
      const answer = await this.client.send(command, signal ? { abortSignal: signal } : {});
      const sha256 = answer.Metadata?.['sha256'] ?? '';
      return {
        size: answer.ContentLength ?? 0,
        sha256: CHECKSUM.test(sha256) ? sha256 : null,
        modifiedAt: answer.LastModified ?? new Date(0),
      };
    } catch (error) {
      const failure = toS3Problem(error);
      if (failure instanceof Problem && failure.code === 'not_found') return null;
      throw failure;
    }
  }

  delete(keys: readonly BlobKey[]): Promise<void> {
    return this.deletion.delete(keys);
  }

  async *list(prefix: string): AsyncIterable<BlobEntry> {
    try {
      for await (const page of paginateListObjectsV2(
        { client: this.client },
        { Bucket: this.bucket, Prefix: prefix },
      )) {
        if (page.IsTruncated === undefined) throw notAnswered('ListObjectsV2');
        for (const { Key, Size, LastModified } of page.Contents ?? []) {
          // Callers delete what they are given, so that a store which ignores the prefix must not add to it.
          if (Key?.startsWith(prefix) === true)
            yield { key: Key, size: Size ?? 0, modifiedAt: LastModified ?? new Date() };
        }
      }
    } catch (error) {
      throw toS3Problem(error);
    }
  }

  async check(signal?: AbortSignal): Promise<void> {
    const command = new HeadBucketCommand({ Bucket: this.bucket });
    await this.client.send(command, signal ? { abortSignal: signal } : {}).catch((cause: unknown) => {
      throw new Problem('unavailable', { retryAfter: 5, cause });
    });
  }

  beginParts(key: BlobKey): Promise<PartsUpload> {
    return this.parts.begin(parseKey(key)).catch(rethrow);
  }

  async putPart(
    upload: PartsUpload,
    number: number,
    bytes: Readable,
    expected: ExpectedDigest,
    signal?: AbortSignal,
  ): Promise<StoredPart> {
    try {
      if (this.outage.lasts) throw new Problem('unavailable', { retryAfter: 5 });
      return await this.parts.put(upload, number, bytes, expected, signal);
    } catch (error) {
      bytes.destroy();
      throw toS3Problem(error);
    }
  }

  listParts(upload: PartsUpload): Promise<readonly StoredPart[]> {
    return this.parts.list(upload).catch(rethrow);
  }

  async completeParts(
    upload: PartsUpload,
    parts: readonly StoredPart[],
    sha256?: Checksum,
    signal?: AbortSignal,
  ): Promise<{ readonly size: number }> {
    const { size } = await this.parts
      .complete(upload, parts)
      .catch((error: unknown) => this.joinedBefore(upload, error));
    if (sha256 !== undefined) await this.prove(upload.key, sha256, signal);
    return { size };
  }

  abortParts(upload: PartsUpload): Promise<void> {
    return this.parts.abort(upload).catch(rethrow);
  }

  dropUnfinished(before: Date, dryRun: boolean): Promise<number> {
    return this.parts.drop(before, dryRun).catch(rethrow);
  }

  /** The object itself, where the upload is spent because a former attempt came as far as that. */
  private async joinedBefore(upload: PartsUpload, error: unknown): Promise<{ readonly size: number }> {
    const failure = toS3Problem(error);
    const head = failure instanceof Problem && failure.code === 'not_found' ? await this.head(upload.key) : null;
    if (head === null) throw failure;
    return { size: head.size };
  }

  /** S3 joins parts without giving the checksum of the whole, so the whole is read once. */
  private async prove(key: BlobKey, sha256: Checksum, signal?: AbortSignal): Promise<void> {
    const bytes: AsyncIterable<Buffer> = await this.open(key, undefined, signal);
    const hash = createHash('sha256');
    try {
      for await (const chunk of bytes) hash.update(chunk);
    } catch (error) {
      throw toS3Problem(error);
    }
    if (hash.digest('hex') === sha256) return;
    await this.delete([key]);
    throw new Problem('checksum_mismatch');
  }

  /** Small objects in one request, larger ones in parts of 5 MiB, one after the other, so that no more than two are in memory. */
  private async upload(key: BlobKey, bytes: Readable, expected: ExpectedDigest, signal?: AbortSignal): Promise<void> {
    const abortController = new AbortController();
    const stop = (): void => abortController.abort();
    signal?.addEventListener('abort', stop, { once: true });
    const upload = new Upload({
      client: this.client,
      abortController,
      queueSize: 1,
      partSize: MIN_PART_BYTES,
      // The library would wait for a store that has just failed; its parts are aborted here, after the answer.
      leavePartsOnError: true,
      params: {
        Bucket: this.bucket,
        Key: key,
        Body: bytes,
        ContentType: 'application/octet-stream',
        ...(expected.sha256 === undefined ? {} : { Metadata: { sha256: expected.sha256 } }),
        ...this.encryption,
      },
    });
    try {
      signal?.throwIfAborted();
      const { ETag } = await upload.done();
      if (ETag === undefined) throw notAnswered('PutObject');
    } catch (error) {
      if (upload.uploadId !== undefined) void this.parts.abort({ key, id: upload.uploadId }).catch(() => undefined);
      throw error;
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  }
}

/** A proxy or a compatible store has answered 200 without an answer. */
function notAnswered(request: string): Problem {
  return new Problem('unavailable', { retryAfter: 5, cause: new Error(`${request} has no result`) });
}

function rethrow(error: unknown): never {
  throw toS3Problem(error);
}
