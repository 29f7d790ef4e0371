import { Injectable } from '@nestjs/common';
import type { Principal } from '@adiuva/kernel';
import { ChangeFeed, type FeedPage, type FeedRequest } from './changes/change-feed.service';
import { RecordReader } from './records/record-reader.service';

export interface SyncRequest extends FeedRequest {
  readonly includeBlobs: boolean;
}

export interface SyncPage extends FeedPage {
  /** Bytes of small records, by `blobKey` of the change that made them. */
  readonly blobs: ReadonlyMap<string, Buffer>;
}

/** Blobs up to this size are part of the feed. */
export const MAX_INLINE_BLOB_BYTES = 16 * 1024;

/** The change feed with the bytes of small records, so that a new device needs few requests. */
@Injectable()
export class SyncFeed {
  constructor(
    private readonly feed: ChangeFeed,
    private readonly reader: RecordReader,
  ) {}

  /** @throws as `ChangeFeed.read`, and `unavailable` */
  async read(owner: Principal, request: SyncRequest, signal?: AbortSignal): Promise<SyncPage> {
    const page = await this.feed.read(owner, request);
    if (!request.includeBlobs) return { ...page, blobs: new Map() };
    const versions = new Map(page.changes.map(({ id, version }) => [id, version]));
    const read = await this.reader.readSmall(owner, versions, MAX_INLINE_BLOB_BYTES, signal);
    const blobs = [...read].map(([id, bytes]) => [blobKey({ id, version: versions.get(id) ?? 0 }), bytes] as const);
    return { ...page, blobs: new Map(blobs) };
  }
}

export function blobKey({ id, version }: { readonly id: string; readonly version: number }): string {
  return `${id}/${version}`;
}
