import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { BlobKey } from '../safe-key';

// '=' is no character of a key: a shard is never mistaken for a segment, nor a file for a directory of the same name.
const SHARD = /^=[0-9a-f]{2}$/;
const FILE = /^(.+)=$/;

/** Where an object lies under `root`: one of 256 shards by the first segment (the user, mostly), then the key, its last segment marked. */
export function pathOfKey(root: string, key: BlobKey): string {
  const [first = '', ...rest] = key.split('/');
  return `${join(root, shardOf(first), first, ...rest)}=`;
}

/** The directories below the root in which keys that begin with `prefix` can be; null for "in all of them". */
export function directoryOfPrefix(prefix: string): readonly string[] | null {
  const [first, ...rest] = prefix.split('/');
  return first === undefined || rest.length === 0 ? null : [shardOf(first), first, ...rest.slice(0, -1)];
}

/** The key of a file that `pathOfKey` placed, from its path below the root; null for anything else. */
export function keyOfPath([shard = '', ...segments]: readonly string[]): string | null {
  const [, name] = FILE.exec(segments.at(-1) ?? '') ?? [];
  return name !== undefined && SHARD.test(shard) ? [...segments.slice(0, -1), name].join('/') : null;
}

function shardOf(segment: string): string {
  return `=${createHash('sha256').update(segment).digest('hex').slice(0, 2)}`;
}
