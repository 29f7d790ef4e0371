import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { BlobKey } from './safe-key';

// '=' is no character of a key, so a shard is never mistaken for a segment of one.
const SHARD = /^=[0-9a-f]{2}$/;

/** Where an object lies under `root`: its key with one of 256 shard directories before the last segment, so that no directory grows huge. */
export function pathOfKey(root: string, key: BlobKey): string {
  const segments = key.split('/');
  const name = segments.pop() ?? '';
  const shard = createHash('sha256').update(name).digest('hex').slice(0, 2);
  return join(root, ...segments, `=${shard}`, name);
}

/** The key of a file that `pathOfKey` placed, from its path below the root; null for anything else. */
export function keyOfPath(relative: readonly string[]): string | null {
  const shard = relative.at(-2);
  return shard !== undefined && SHARD.test(shard) ? [...relative.slice(0, -2), relative.at(-1)].join('/') : null;
}
