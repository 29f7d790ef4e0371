import { createHash, randomUUID } from 'node:crypto';

export interface FakeObject {
  readonly bytes: Buffer;
  readonly etag: string;
  readonly modifiedAt: Date;
  readonly metadata: Readonly<Record<string, string>>;
  readonly encryption: string | null;
}

export interface FakePart {
  readonly bytes: Buffer;
  readonly etag: string;
  readonly crc32: string | null;
}

export interface FakeUpload {
  readonly id: string;
  readonly key: string;
  readonly initiatedAt: Date;
  readonly metadata: Readonly<Record<string, string>>;
  readonly encryption: string | null;
  readonly checksumAlgorithm: string | null;
  readonly parts: Map<number, FakePart>;
}

/** An error of the S3 protocol. */
export class S3Error extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
  ) {
    super(code);
  }
}

const MIN_PART = 5 * 1024 * 1024;

/** One bucket in memory: objects and uploads in parts, under the rules of the S3 reference. */
export class FakeBucket {
  readonly objects = new Map<string, FakeObject>();
  readonly uploads = new Map<string, FakeUpload>();

  put(key: string, bytes: Buffer, about: Pick<FakeObject, 'metadata' | 'encryption'>): FakeObject {
    const object = { ...about, bytes, etag: etagOf(bytes), modifiedAt: new Date() };
    this.objects.set(key, object);
    return object;
  }

  get(key: string): FakeObject {
    const object = this.objects.get(key);
    if (!object) throw new S3Error(404, 'NoSuchKey');
    return object;
  }

  begin(key: string, about: Pick<FakeUpload, 'metadata' | 'encryption' | 'checksumAlgorithm'>): FakeUpload {
    const upload = { ...about, id: randomUUID(), key, initiatedAt: new Date(), parts: new Map<number, FakePart>() };
    this.uploads.set(upload.id, upload);
    return upload;
  }

  upload(key: string, id: string): FakeUpload {
    const upload = this.uploads.get(id);
    if (!upload || upload.key !== key) throw new S3Error(404, 'NoSuchUpload');
    return upload;
  }

  complete(upload: FakeUpload, named: readonly { number: number; etag: string; crc32: string | null }[]): FakeObject {
    if (named.length === 0) throw new S3Error(400, 'MalformedXML');
    const parts = named.map(({ number, etag, crc32 }, index) => {
      const part = upload.parts.get(number);
      if (index > 0 && number <= (named[index - 1]?.number ?? 0)) throw new S3Error(400, 'InvalidPartOrder');
      if (!part || part.etag !== etag) throw new S3Error(400, 'InvalidPart');
      if (upload.checksumAlgorithm !== null && part.crc32 !== crc32) throw new S3Error(400, 'InvalidPart');
      if (index < named.length - 1 && part.bytes.length < MIN_PART) throw new S3Error(400, 'EntityTooSmall');
      return part;
    });
    this.uploads.delete(upload.id);
    const { metadata, encryption } = upload;
    const object = this.put(upload.key, Buffer.concat(parts.map((part) => part.bytes)), { metadata, encryption });
    return object;
  }
}

export function etagOf(bytes: Buffer): string {
  return `"${createHash('md5').update(bytes).digest('hex')}"`;
}
