import type { Entry } from 'yauzl';
import { errorFinding, warningFinding, type Finding } from '../plugins/finding';
import { checkEntry } from './archive-entry-rules';
import { checkEntryName, type EntryNames } from './archive-path';
import type { PackageLimits } from './package-limits';

const UTF8_FLAG = 0x800;
const UNICODE_PATH_FIELD = 0x7075;
const ZIP64_FIELD = 0x0001;
/** Local headers whose values are masked, because the directory is encrypted (APPNOTE 4.4.4, bit 13). */
const MASKED_FLAG = 0x2000;
const PATCH_FLAG = 0x20;

/** `stop` where reading the rest of the directory is pointless or costly. */
export interface EntryCheck {
  readonly findings: readonly Finding[];
  readonly stop: boolean;
}

/** Checks one entry of the directory; its lengths before anything that takes time or memory for each byte of them. */
export function checkDirectoryEntry(entry: Entry, names: EntryNames, limits: PackageLimits): EntryCheck {
  const { nameBytes, entryHeaderBytes } = limits;
  if (entry.fileNameLength > nameBytes) {
    const start = entry.fileNameRaw.subarray(0, nameBytes).toString('utf8');
    return {
      findings: [errorFinding('name_too_long', `A path is at most ${nameBytes} bytes long`, start)],
      stop: true,
    };
  }
  const name = nameOf(entry);
  if (entry.extraFieldLength + entry.fileCommentLength > entryHeaderBytes) {
    const message = `Extra fields and comment of an entry are at most ${entryHeaderBytes} bytes`;
    return { findings: [errorFinding('stray_bytes', message, name)], stop: true };
  }
  const findings =
    name === null
      ? [errorFinding('name_encoding', 'A name is not UTF-8', entry.fileNameRaw.toString('latin1'))]
      : findingsOf(entry, name, names, limits);
  return { findings, stop: false };
}

/** Null where the name is not UTF-8. */
export function nameOf(entry: Entry): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(entry.fileNameRaw);
  } catch {
    return null;
  }
}

function findingsOf(entry: Entry, name: string, names: EntryNames, limits: PackageLimits): Finding[] {
  const { generalPurposeBitFlag: flags } = entry;
  const facts = {
    name,
    attributes: entry.externalFileAttributes,
    encrypted: entry.isEncrypted() || (flags & MASKED_FLAG) !== 0,
    method: entry.compressionMethod,
    packed: entry.compressedSize,
    unpacked: entry.uncompressedSize,
  };
  const found = [
    entry.extraFields.some((field) => field.id === UNICODE_PATH_FIELD) &&
      errorFinding('header_mismatch', 'The entry has a second name', name),
    contradictsItself(entry) && errorFinding('header_mismatch', 'The entry has a second size', name),
    (flags & PATCH_FLAG) !== 0 && errorFinding('unsupported_compression', 'An entry is not a patch of another', name),
    (flags & UTF8_FLAG) === 0 &&
      !isAscii(name) &&
      warningFinding('name_encoding', 'The name is not marked as UTF-8', name),
    checkEntryName(name, limits),
    names.add(name),
    checkEntry(facts, limits),
  ];
  return found.filter((finding) => finding !== null && finding !== false);
}

function isAscii(text: string): boolean {
  return Buffer.byteLength(text) === text.length;
}

/** A zip64 field may repeat an entry's numbers, never give others: some unpackers would believe it although nothing asks for it. */
function contradictsItself({ extraFields, ...entry }: Entry): boolean {
  const own = [entry.uncompressedSize, entry.compressedSize, entry.relativeOffsetOfLocalHeader].map(BigInt);
  return extraFields
    .filter((field) => field.id === ZIP64_FIELD)
    .some(({ data }) => {
      const words = Array.from({ length: Math.floor(data.length / 8) }, (_, i) => data.readBigUInt64LE(8 * i));
      return words.some((word) => !own.includes(word));
    });
}
