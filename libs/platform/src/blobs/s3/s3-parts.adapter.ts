import { pipeline, type Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  UploadPartCommand,
  type MultipartUpload,
  type Part,
  type S3Client,
} from '@aws-sdk/client-s3';
import { Problem } from '@adiuva/kernel';
import { MAX_PART_BYTES, MAX_PARTS } from '../blob-store.port';
import type { ExpectedDigest, PartsUpload, StoredPart } from '../blob-store.port';
import { HashingStream } from '../hashing-stream';
import { collected } from './s3-body.adapter';
import { toS3Problem } from './s3-error';
import { parseKey, tryKey, type BlobKey } from '../safe-key';

/** Multipart uploads of S3 in the port's words. */
export class S3Parts {
  constructor(
    private readonly client: S3Client,
    private readonly bucket: string,
    private readonly encryption: { readonly ServerSideEncryption?: 'AES256' },
    private readonly checksummed: boolean,
  ) {}

  async begin(key: BlobKey): Promise<PartsUpload> {
    const { UploadId } = await this.client.send(
      new CreateMultipartUploadCommand({
        Bucket: this.bucket,
        Key: key,
        ContentType: 'application/octet-stream',
        ...(this.checksummed ? { ChecksumAlgorithm: 'CRC32' } : {}),
        ...this.encryption,
      }),
    );
    if (UploadId === undefined) throw new Problem('upstream_failed');
    return { key, id: UploadId };
  }

  async put(
    upload: PartsUpload,
    number: number,
    bytes: Readable,
    expected: ExpectedDigest,
    signal?: AbortSignal,
  ): Promise<StoredPart> {
    if (!Number.isInteger(number) || number < 1 || number > MAX_PARTS) throw new Problem('validation_failed');
    const meter = new HashingStream({ ...expected, maxBytes: Math.min(expected.maxBytes, MAX_PART_BYTES) });
    pipeline(bytes, meter, () => undefined);
    const Body = await collected(meter);
    const command = new UploadPartCommand({ ...this.named(upload), PartNumber: number, Body });
    const { ETag } = await this.client.send(command, signal ? { abortSignal: signal } : {});
    if (ETag === undefined) throw new Problem('upstream_failed');
    return { number, size: Body.length, tag: ETag };
  }

  async list(upload: PartsUpload): Promise<readonly StoredPart[]> {
    const found: StoredPart[] = [];
    for await (const { PartNumber, Size, ETag } of this.stored(upload)) {
      if (PartNumber !== undefined && ETag !== undefined)
        found.push({ number: PartNumber, size: Size ?? 0, tag: ETag });
    }
    return found;
  }

  async complete(upload: PartsUpload, parts: readonly StoredPart[]): Promise<{ readonly size: number }> {
    const checksums = await this.checksums(upload);
    const Parts = parts.map(({ number, tag }) => ({
      PartNumber: number,
      ETag: tag,
      ...(checksums.has(number) ? { ChecksumCRC32: checksums.get(number) } : {}),
    }));
    if (Parts.length === 0) throw new Problem('conflict');
    await this.client.send(new CompleteMultipartUploadCommand({ ...this.named(upload), MultipartUpload: { Parts } }));
    return { size: parts.reduce((sum, part) => sum + part.size, 0) };
  }

  async abort(upload: PartsUpload): Promise<void> {
    try {
      await this.client.send(new AbortMultipartUploadCommand(this.named(upload)));
    } catch (error) {
      const failure = toS3Problem(error);
      if (!(failure instanceof Problem && failure.code === 'not_found')) throw failure;
    }
  }

  async drop(before: Date, dryRun: boolean): Promise<number> {
    let dropped = 0;
    for await (const { Key = '', UploadId, Initiated } of this.unfinished()) {
      const key = tryKey(Key);
      if (key === null || UploadId === undefined || Initiated === undefined || Initiated >= before) continue;
      if (!dryRun) await this.abort({ key, id: UploadId });
      dropped += 1;
    }
    return dropped;
  }

  /** Names of an upload that came from a row; one key, one upload. */
  private named(upload: PartsUpload): { Bucket: string; Key: string; UploadId: string } {
    if (upload.id.length === 0 || upload.id.length > 1_024) throw new Problem('not_found');
    return { Bucket: this.bucket, Key: parseKey(upload.key), UploadId: upload.id };
  }

  /** S3 wants every part's CRC32 again when the upload has an algorithm; stores that keep none list none. */
  private async checksums(upload: PartsUpload): Promise<ReadonlyMap<number, string>> {
    const found = new Map<number, string>();
    for await (const { PartNumber, ChecksumCRC32 } of this.stored(upload)) {
      if (PartNumber !== undefined && ChecksumCRC32 !== undefined) found.set(PartNumber, ChecksumCRC32);
    }
    return found;
  }

  // Not the SDK's paginator: it continues while there is a marker, and S3 gives one on the last page too.
  private async *stored(upload: PartsUpload): AsyncIterable<Part> {
    let after: { PartNumberMarker?: string } = {};
    for (;;) {
      const page = await this.client.send(new ListPartsCommand({ ...this.named(upload), ...after }));
      yield* page.Parts ?? [];
      if (page.IsTruncated !== true || page.NextPartNumberMarker === undefined) return;
      after = { PartNumberMarker: page.NextPartNumberMarker };
    }
  }

  private async *unfinished(): AsyncIterable<MultipartUpload> {
    let after: { KeyMarker?: string; UploadIdMarker?: string } = {};
    for (;;) {
      const page = await this.client.send(new ListMultipartUploadsCommand({ Bucket: this.bucket, ...after }));
      yield* page.Uploads ?? [];
      if (page.IsTruncated !== true || page.NextKeyMarker === undefined) return;
      after = {
        KeyMarker: page.NextKeyMarker,
        ...(page.NextUploadIdMarker ? { UploadIdMarker: page.NextUploadIdMarker } : {}),
      };
    }
  }
}
