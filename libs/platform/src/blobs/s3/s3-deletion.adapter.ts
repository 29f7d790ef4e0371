import { isNativeError } from 'node:util/types';
import { DeleteObjectCommand, DeleteObjectsCommand, type S3Client } from '@aws-sdk/client-s3';
import { Problem } from '@adiuva/kernel';
import { toS3Problem } from './s3-error';
import { parseKey, type BlobKey } from '../safe-key';

const BATCH = 1_000;
const CONCURRENCY = 16;
/** Of stores that have no DeleteObjects, or want a checksum of its body that the SDK no longer sends. */
const UNSUPPORTED = new Set([
  'NotImplemented',
  'MethodNotAllowed',
  'MissingContentMD5',
  'InvalidRequest',
  'MalformedXML',
]);

/** Deletes objects of a bucket in batches, or one by one where the store has no DeleteObjects. An object that is missing counts as deleted. */
export class S3Deletion {
  constructor(
    private readonly client: S3Client,
    private readonly bucket: string,
    private singly: boolean,
  ) {}

  async delete(keys: readonly BlobKey[]): Promise<void> {
    for (let at = 0; at < keys.length; at += BATCH) {
      const batch = keys.slice(at, at + BATCH);
      const confirmed = this.singly ? new Set() : await this.deleteBatch(batch);
      await this.deleteSingly(batch.filter((key) => !confirmed.has(key)));
    }
  }

  /** The keys that the store has confirmed. */
  private async deleteBatch(keys: readonly BlobKey[]): Promise<ReadonlySet<unknown>> {
    const Objects = keys.map((key) => ({ Key: parseKey(key) }));
    const command = new DeleteObjectsCommand({ Bucket: this.bucket, Delete: { Objects } });
    const answer = await this.client.send(command).catch(nullIfUnsupported);
    if (answer === null) this.singly = true;
    const { Deleted = [], Errors = [] } = answer ?? {};
    const failed = Errors.find((error) => error.Code !== 'NoSuchKey');
    if (failed) throw new Problem('unavailable', { retryAfter: 5, cause: new Error(failed.Code ?? 'delete failed') });
    return new Set([...Deleted, ...Errors].map(({ Key }) => Key));
  }

  private async deleteSingly(keys: readonly BlobKey[]): Promise<void> {
    const queue = keys.values();
    const work = async (): Promise<void> => {
      for (const key of queue) {
        const command = new DeleteObjectCommand({ Bucket: this.bucket, Key: parseKey(key) });
        await this.client.send(command).catch(unlessMissing);
      }
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, work));
  }
}

function unlessMissing(error: unknown): void {
  const failure = toS3Problem(error);
  if (!(failure instanceof Problem && failure.code === 'not_found')) throw failure;
}

function nullIfUnsupported(error: unknown): null {
  if (isNativeError(error) && UNSUPPORTED.has(error.name)) return null;
  throw toS3Problem(error);
}
