export {
  BlobStore,
  MAX_PART_BYTES,
  MAX_PARTS,
  MIN_PART_BYTES,
  type BlobEntry,
  type BlobHead,
} from './blobs/blob-store.port';
export type { ExpectedBytes, PartsUpload, StoredBlob, StoredPart } from './blobs/blob-store.port';
export { DiskBlobStore, type DiskBlobOptions } from './blobs/blobs.disk.adapter';
export { S3BlobStore } from './blobs/blobs.s3.adapter';
export type { S3BlobOptions } from './blobs/s3-client.adapter';
export { contentRange, parseRange, type ByteRange } from './blobs/byte-range';
export { parseKey, safeKey, tryKey, type BlobKey } from './blobs/safe-key';
export { verified } from './blobs/verified-bytes';
