import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { checksumOf, newId, Problem } from '@adiuva/kernel';
import {
  BlobStore,
  jobKind,
  Jobs,
  ObjectDeletion,
  parseKey,
  safeKey,
  verifyingStream,
  type StoredBlob,
  type Tx,
} from '@adiuva/platform';
import { z } from 'zod';
import type { Finding } from '../plugins/finding';
import { errorFinding } from '../plugins/finding';
import type { Manifest } from '../plugins/manifest';
import { MarketplaceConfig } from '../marketplace.config';
import { InspectionThreads } from './inspection-threads.adapter';
import { PACKAGE_LIMITS } from './package-limits';

/** The blob of a version's package, and its expected digest. */
export interface StoredPackage {
  readonly blobKey: string;
  readonly checksum: string;
  readonly sizeBytes: number;
}

export const DROP_PACKAGES = jobKind('drop_plugin_packages', z.object({ keys: z.array(z.string()) }));
export const SWEEP_PACKAGES = jobKind('sweep_plugin_packages', z.unknown());

export const PACKAGE_PREFIX = 'plugins/';
const MAX_CONCURRENT_CHECKS = 2;
const MAX_QUEUE = 40;

/** The bytes of packages: stored under fresh keys, checked, served only unchanged. */
@Injectable()
export class Packages {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly blobs: BlobStore,
    private readonly deletion: ObjectDeletion,
    private readonly jobs: Jobs,
    private readonly config: MarketplaceConfig,
    private readonly threads: InspectionThreads,
  ) {}

  /** Streams a package into the store. @throws `payload_too_large`, `unavailable` */
  async keep(bytes: Readable, signal?: AbortSignal): Promise<StoredBlob> {
    const key = safeKey('plugins', newId());
    try {
      return await this.blobs.put(key, bytes, { maxBytes: this.config.PLUGIN_MAX_BYTES }, signal);
    } catch (failure) {
      await this.blobs.delete([key]).catch(() => undefined);
      throw failure;
    }
  }

  /** Checks stored bytes, a few packages concurrently, because each is in memory while it is checked. @throws `unavailable` when too many wait */
  async inspect(stored: StoredPackage, manifest: Manifest): Promise<readonly Finding[]> {
    await this.enter();
    try {
      const bytes = await this.read(stored);
      if (checksumOf(bytes) !== stored.checksum)
        return [errorFinding('checksum', 'The bytes are not those that were submitted')];
      const limits = { ...PACKAGE_LIMITS, packageBytes: this.config.PLUGIN_MAX_BYTES };
      return await this.threads.inspect({ bytes, manifest, limits });
    } finally {
      this.running -= 1;
      this.waiting.shift()?.();
    }
  }

  /** The bytes; the stream fails before its end if they are not what was submitted. */
  async open(stored: StoredPackage, signal?: AbortSignal): Promise<Readable> {
    const bytes = await this.blobs.open(parseKey(stored.blobKey), undefined, signal);
    return verifyingStream(bytes, stored.checksum, stored.sizeBytes);
  }

  /** Removes packages after the transaction that deletes their versions. */
  async dropLater(tx: Tx, keys: readonly string[]): Promise<void> {
    if (keys.length > 0) await this.jobs.add(tx, DROP_PACKAGES, { keys: [...keys] });
  }

  /** @throws `unavailable` also while a backup of the server is made */
  async drop(keys: readonly string[]): Promise<void> {
    await this.deletion.delete(keys.map(parseKey));
  }

  /** Deletes a package that no version has named. */
  async discard(key: string): Promise<void> {
    await this.blobs.delete([parseKey(key)]);
  }

  private async read(stored: StoredPackage): Promise<Buffer> {
    const chunks: Buffer[] = [];
    const bytes: AsyncIterable<unknown> = await this.blobs.open(parseKey(stored.blobKey));
    for await (const chunk of bytes) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  private async enter(): Promise<void> {
    if (this.waiting.length >= MAX_QUEUE) throw new Problem('unavailable', { retryAfter: 5 });
    if (this.running >= MAX_CONCURRENT_CHECKS) await new Promise<void>((resolve) => this.waiting.push(resolve));
    this.running += 1;
  }
}
