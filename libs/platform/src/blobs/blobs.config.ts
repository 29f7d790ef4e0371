import { join } from 'node:path';
import { setting, Settings } from '@adiuva/config';
import type { S3BlobOptions } from './s3/s3-client.adapter';

const BLOBS = {
  S3_BUCKET: setting.optionalText('Bucket for records and backups; where not set, files under DATA_DIR'),
  S3_REGION: setting.text('Region of the bucket', 'us-east-1'),
  S3_ENDPOINT: setting.optionalUrl("An S3-compatible store; where not set, Amazon's own"),
  AWS_ACCESS_KEY_ID: setting.optionalSecret(
    'Access key of the bucket; where not set, the AWS SDK looks for credentials itself',
  ),
  AWS_SECRET_ACCESS_KEY: setting.optionalSecret('Secret of the access key'),
  S3_COMPATIBILITY: setting.choice(
    'full: checksum headers and DeleteObjects as of Amazon; basic: for compatible stores that know neither',
    ['full', 'basic'],
    'full',
  ),
  S3_SERVER_SIDE_ENCRYPTION: setting.choice(
    'Whether the store encrypts objects with its own keys (SSE-S3)',
    ['AES256', 'none'],
    'AES256',
  ),
  S3_TIMEOUT_MS: setting.integer('Milliseconds that a request to the bucket may be silent', 1_500, {
    min: 100,
    max: 80_000,
  }),
  BLOB_SYNC: setting.choice(
    'Whether an acknowledged file on disk outlives a power cut, or only a crash of this process',
    ['fsync', 'none'],
    'fsync',
  ),
  BLOB_ORPHAN_MINUTES: setting.integer(
    'Minutes after which an object that no row names is marked as an orphan by the sweep',
    60,
  ),
  BLOB_ORPHAN_DAYS: setting.integer('Days for which an orphan stays marked before a sweep deletes it', 7, {
    min: 1,
    max: 365,
  }),
};

/** Where bytes are kept: a bucket, or a folder. */
export class BlobConfig extends Settings('Blobs', BLOBS, (values) => {
  const faults: string[] = [];
  const named = [values.AWS_ACCESS_KEY_ID, values.AWS_SECRET_ACCESS_KEY].filter((value) => value !== undefined).length;
  if (named === 1) faults.push('AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY: set both or neither');
  if (values.S3_BUCKET === undefined && values.S3_ENDPOINT !== undefined) faults.push('S3_ENDPOINT: needs S3_BUCKET');
  return faults;
}) {
  /** Null when blobs are kept on disk. */
  get s3(): S3BlobOptions | null {
    if (this.S3_BUCKET === undefined) return null;
    const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = this;
    return {
      bucket: this.S3_BUCKET,
      region: this.S3_REGION,
      basic: this.S3_COMPATIBILITY === 'basic',
      serverSideEncryption: this.S3_SERVER_SIDE_ENCRYPTION === 'AES256',
      timeout: this.S3_TIMEOUT_MS,
      ...(this.S3_ENDPOINT === undefined ? {} : { endpoint: this.S3_ENDPOINT }),
      ...(accessKeyId === undefined || secretAccessKey === undefined
        ? {}
        : { credentials: { accessKeyId, secretAccessKey } }),
    };
  }

  root(dataDir: string): string {
    return join(dataDir, 'blobs');
  }
}
