import { errorFinding, type Finding } from '../plugins/finding';
import type { PackageLimits } from './package-limits';

/** One entry as the archive's directory describes it; `attributes` are the 32 external attribute bits. */
export interface EntryFacts {
  readonly name: string;
  readonly attributes: number;
  readonly encrypted: boolean;
  readonly method: number;
  readonly packed: number;
  readonly unpacked: number;
}

const TYPE_BITS = 0o170000;
const LINK = 0o120000;
const REGULAR = 0o100000;
const FOLDER = 0o040000;
const SPECIAL_BITS = 0o7000;
const STORED = 0;
const DEFLATED = 8;

/** Findings from the directory alone. The bytes are counted again as they are unpacked. */
export function checkEntry(entry: EntryFacts, limits: PackageLimits): Finding | null {
  const { name, packed, unpacked } = entry;
  if (entry.encrypted) return errorFinding('encrypted_entry', 'An encrypted entry cannot be checked', name);
  const type = checkType(entry);
  if (type) return type;
  if (entry.method !== STORED && entry.method !== DEFLATED) {
    return errorFinding('unsupported_compression', 'Entries are stored or deflated', name);
  }
  if (unpacked > limits.entryBytes)
    return errorFinding('entry_too_large', `An entry unpacks to at most ${limits.entryBytes} bytes`, name);
  if (unpacked > limits.ratioFloorBytes && unpacked > packed * limits.ratio) {
    return errorFinding('compression_ratio', `An entry unpacks to at most ${limits.ratio} times its packed size`, name);
  }
  return null;
}

function checkType({ name, attributes, unpacked }: EntryFacts): Finding | null {
  // The upper half holds a Unix mode whatever system the archive claims to come from, because unpackers believe it anyway.
  const mode = attributes >>> 16;
  const type = mode & TYPE_BITS;
  const isFolder = name.endsWith('/');
  if (type === LINK) return errorFinding('link', 'A package holds no links', name);
  if (type !== 0 && type !== REGULAR && type !== FOLDER)
    return errorFinding('special_file', 'A package holds files and folders only', name);
  if ((type === FOLDER && !isFolder) || (type === REGULAR && isFolder)) {
    return errorFinding('special_file', 'The entry is a folder by one sign and a file by another', name);
  }
  if ((mode & SPECIAL_BITS) !== 0)
    return errorFinding('special_file', 'A file must not ask for another owner when it runs', name);
  if (isFolder && unpacked > 0) return errorFinding('special_file', 'A folder holds bytes', name);
  return null;
}

/** Where an entry lies in the archive, its local header included; `end` is exclusive. */
export interface Extent {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** The longest data descriptor that may follow an entry's bytes (APPNOTE 4.3.9: signature, CRC, two 8-byte sizes). */
const DESCRIPTOR_BYTES = 24;

/** Entries must not share bytes, which is how small archives unpack to enormous ones, nor leave room where something may hide. */
export function checkLayout(extents: readonly Extent[], directoryStart: number): Finding | null {
  let reached = 0;
  for (const { name, start, end } of [...extents].sort((a, b) => a.start - b.start)) {
    if (start < reached) return errorFinding('overlapping_entries', 'Two entries share bytes', name);
    if (start > reached + (reached === 0 ? 0 : DESCRIPTOR_BYTES))
      return errorFinding('stray_bytes', 'There are bytes before this entry', name);
    reached = end;
  }
  if (reached > directoryStart) return errorFinding('overlapping_entries', 'An entry reaches into the directory');
  const gap = extents.length === 0 ? 0 : DESCRIPTOR_BYTES;
  return directoryStart > reached + gap
    ? errorFinding('stray_bytes', 'There are bytes between the entries and the directory')
    : null;
}
