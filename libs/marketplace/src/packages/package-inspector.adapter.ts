import type { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import { fromBufferPromise, type Entry, type ZipFile } from 'yauzl';
import { ContentScan } from './content-scan';
import { checkEntryName, EntryNames } from './archive-path';
import { checkEntry, checkLayout, type Extent } from './archive-entry-rules';
import { errorFinding, hasErrors, warningFinding, type Finding } from '../plugins/finding';
import type { Manifest } from '../plugins/manifest';
import { checkInnerManifest, INNER_MANIFEST, INNER_MANIFEST_BYTES } from './embedded-manifest';
import { PACKAGE_LIMITS, type PackageLimits } from './package-limits';

const END_RECORD_BYTES = 22;
const ZIP64_RECORDS_BYTES = 76;
const MAX_COMMENT_BYTES = 256;
const MAX_FINDINGS = 100;
const UTF8_FLAG = 0x800;
const UNICODE_PATH_FIELD = 0x7075;
const ZIP64_FIELD = 0x0001;
/** Local headers whose values are masked, because the directory is encrypted (APPNOTE 4.4.4, bit 13). */
const MASKED_FLAG = 0x2000;
const PATCH_FLAG = 0x20;

/**
 * Checks a plugin's zip without writing any of it: the archive's structure, every name, and every byte as it is unpacked.
 * Takes at most `limits.milliseconds` and a few buffers of memory beside `bytes`. Hostile input ends in findings, never in a
 * throw. Rules after APPNOTE.TXT 6.3.10 and what unpackers are known to disagree about.
 */
export async function inspectPackage(
  bytes: Buffer,
  manifest: Manifest,
  limits: PackageLimits = PACKAGE_LIMITS,
): Promise<readonly Finding[]> {
  if (bytes.length > limits.packageBytes) {
    return [errorFinding('package_too_large', `A package has at most ${limits.packageBytes} bytes`)];
  }
  const inspection = new Inspection(bytes, manifest, limits);
  await inspection.run();
  return inspection.findings.slice(0, MAX_FINDINGS);
}

class Inspection {
  readonly findings: Finding[] = [];
  private readonly names = new EntryNames();
  private readonly deadline: number;
  private readonly extents: Extent[] = [];
  private files = 0;
  private directoryStart = 0;

  constructor(
    private readonly bytes: Buffer,
    private readonly manifest: Manifest,
    private readonly limits: PackageLimits,
  ) {
    this.deadline = performance.now() + limits.milliseconds;
  }

  async run(): Promise<void> {
    const zip = await this.open();
    if (!zip) return;
    const entries = await this.readDirectory(zip);
    if (!entries || hasErrors(this.findings)) return;
    for (const entry of entries) await this.readLocalHeader(zip, entry);
    const layout = checkLayout(this.extents, this.directoryStart);
    if (layout) this.findings.push(layout);
    // Only a sound archive is unpacked: its sizes are bounded by now, and reading fails where the bytes are more than it says.
    if (hasErrors(this.findings)) return;
    for (const entry of entries) {
      if (!(await this.readContent(zip, entry))) return;
    }
    if (this.files === 0) this.findings.push(warningFinding('empty_package', 'The package holds no file'));
  }

  private async open(): Promise<ZipFile | null> {
    try {
      const zip = await fromBufferPromise(this.bytes, { decodeStrings: false, validateEntrySizes: true });
      this.directoryStart = Number(zip.readEntryCursor);
      if (zip.entryCount <= this.limits.entries) return zip;
      this.findings.push(errorFinding('too_many_entries', `A package has at most ${this.limits.entries} entries`));
    } catch {
      this.findings.push(errorFinding('not_a_zip', 'This is not a zip archive, or something follows its end'));
    }
    return null;
  }

  private async readDirectory(zip: ZipFile): Promise<readonly Entry[] | null> {
    const entries: Entry[] = [];
    let declared = 0;
    try {
      for await (const entry of zip.eachEntry()) {
        if (this.late()) return null;
        entries.push(entry);
        declared += entry.uncompressedSize;
        this.checkOne(entry);
      }
    } catch (failure) {
      this.findings.push(directoryFailure(failure));
      return null;
    }
    if (declared > this.limits.unpackedBytes) {
      this.findings.push(
        errorFinding('package_too_large', `A package unpacks to at most ${this.limits.unpackedBytes} bytes`),
      );
    }
    this.checkEnd(zip);
    return entries;
  }

  private checkOne(entry: Entry): void {
    const name = nameOf(entry);
    if (name === null) {
      this.findings.push(errorFinding('name_encoding', 'A name is not UTF-8', entry.fileNameRaw.toString('latin1')));
      return;
    }
    if (entry.extraFields.some((field) => field.id === UNICODE_PATH_FIELD)) {
      this.findings.push(errorFinding('header_mismatch', 'The entry has a second name', name));
    }
    if (contradictsItself(entry))
      this.findings.push(errorFinding('header_mismatch', 'The entry has a second size', name));
    if ((entry.generalPurposeBitFlag & PATCH_FLAG) !== 0) {
      this.findings.push(errorFinding('unsupported_compression', 'An entry is not a patch of another', name));
    }
    if ((entry.generalPurposeBitFlag & UTF8_FLAG) === 0 && !isAscii(name)) {
      this.findings.push(warningFinding('name_encoding', 'The name is not marked as UTF-8', name));
    }
    const facts = {
      name,
      attributes: entry.externalFileAttributes,
      encrypted: entry.isEncrypted() || (entry.generalPurposeBitFlag & MASKED_FLAG) !== 0,
      method: entry.compressionMethod,
      packed: entry.compressedSize,
      unpacked: entry.uncompressedSize,
    };
    const found = [checkEntryName(name, this.limits), this.names.add(name), checkEntry(facts, this.limits)];
    this.findings.push(...found.filter((finding) => finding !== null));
  }

  /** The directory must end where the end record begins, so that no second directory hides between them. */
  private checkEnd(zip: ZipFile): void {
    const endRecord = this.bytes.length - END_RECORD_BYTES - zip.comment.length;
    const gap = endRecord - Number(zip.readEntryCursor);
    if (gap !== 0 && gap !== ZIP64_RECORDS_BYTES)
      this.findings.push(errorFinding('stray_bytes', 'There are bytes after the directory'));
    if (zip.comment.length > MAX_COMMENT_BYTES)
      this.findings.push(errorFinding('stray_bytes', "The archive's comment is too long"));
  }

  /** Some unpackers believe the directory, others the header before each entry; both must say the same. */
  private async readLocalHeader(zip: ZipFile, entry: Entry): Promise<void> {
    const name = nameOf(entry) ?? '';
    try {
      const local = await zip.readLocalFileHeaderPromise(entry);
      const flags = local.generalPurposeBitFlag ^ entry.generalPurposeBitFlag;
      const same =
        local.fileName.equals(entry.fileNameRaw) &&
        local.compressionMethod === entry.compressionMethod &&
        (flags & 0x0801) === 0;
      const sized = local.generalPurposeBitFlag & 0x8 || sizesAgree(local, entry);
      if (!same || !sized)
        this.findings.push(errorFinding('header_mismatch', 'The entry and the directory disagree', name));
      const start = entry.relativeOffsetOfLocalHeader;
      this.extents.push({ name, start, end: local.fileDataStart + entry.compressedSize });
    } catch {
      this.findings.push(errorFinding('damaged', 'The entry cannot be read', name));
    }
  }

  /** False when nothing more should be read. */
  private async readContent(zip: ZipFile, entry: Entry): Promise<boolean> {
    const name = nameOf(entry) ?? '';
    if (name.endsWith('/')) return true;
    this.files += 1;
    const scan = new ContentScan(name, this.manifest.permissions);
    const inner: Buffer[] | null =
      name === INNER_MANIFEST && entry.uncompressedSize <= INNER_MANIFEST_BYTES ? [] : null;
    let checksum = 0;
    let size = 0;
    try {
      for await (const chunk of chunksOf(await zip.openReadStreamPromise(entry))) {
        checksum = crc32(chunk, checksum);
        size += chunk.length;
        if (this.late()) return false;
        scan.push(chunk);
        inner?.push(chunk);
      }
    } catch {
      this.findings.push(errorFinding('damaged', 'The entry cannot be unpacked, or not to the size it claims', name));
      return false;
    }
    if (size !== entry.uncompressedSize || checksum !== entry.crc32) {
      this.findings.push(errorFinding('damaged', "The entry's bytes do not match its checksum", name));
    }
    this.findings.push(...scan.end());
    if (inner) this.findings.push(...checkInnerManifest(Buffer.concat(inner).toString('utf8'), this.manifest));
    return this.findings.length < MAX_FINDINGS;
  }

  private late(): boolean {
    if (performance.now() < this.deadline) return false;
    this.findings.push(errorFinding('too_slow', `The package cannot be checked within ${this.limits.milliseconds} ms`));
    return true;
  }
}

function directoryFailure(failure: unknown): Finding {
  const encrypted = failure instanceof Error && failure.message.includes('encryption');
  return encrypted
    ? errorFinding('encrypted_entry', 'An encrypted entry cannot be checked')
    : errorFinding('damaged', "The archive's directory cannot be read");
}

function nameOf(entry: Entry): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(entry.fileNameRaw);
  } catch {
    return null;
  }
}

function isAscii(text: string): boolean {
  return Buffer.byteLength(text) === text.length;
}

/** Sizes of zip64 entries stand in an extra field and are left to the count of bytes. */
function sizesAgree(local: { compressedSize: number; uncompressedSize: number; crc32: number }, entry: Entry): boolean {
  const agree = (here: number, there: number) => here === there || here === 0xffffffff;
  return (
    agree(local.compressedSize, entry.compressedSize) &&
    agree(local.uncompressedSize, entry.uncompressedSize) &&
    local.crc32 === entry.crc32
  );
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

async function* chunksOf(stream: Readable): AsyncGenerator<Buffer> {
  for await (const chunk of stream) {
    if (Buffer.isBuffer(chunk)) yield chunk;
  }
}
