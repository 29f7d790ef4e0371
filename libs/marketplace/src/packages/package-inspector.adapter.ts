import type { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import { fromBufferPromise, type Entry, type ZipFile } from 'yauzl';
import { ContentScan } from './content-scan';
import { EntryNames } from './archive-path';
import { checkLayout, type Extent } from './archive-entry-rules';
import { checkDirectoryEntry, nameOf } from './directory-entry';
import { errorFinding, warningFinding, type Finding } from '../plugins/finding';
import type { Manifest } from '../plugins/manifest';
import { checkInnerManifest, INNER_MANIFEST, INNER_MANIFEST_BYTES } from './embedded-manifest';
import { PACKAGE_LIMITS, type PackageLimits } from './package-limits';
import { RunningTime } from './running-time';

const END_RECORD_BYTES = 22;
const ZIP64_RECORDS_BYTES = 76;
const MAX_COMMENT_BYTES = 256;
/** Of either severity. */
const MAX_FINDINGS = 100;

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
  return inspection.findings;
}

class Inspection {
  private readonly errors: Finding[] = [];
  private readonly warnings: Finding[] = [];
  private readonly names = new EntryNames();
  private readonly time = new RunningTime();
  private readonly extents: Extent[] = [];
  private files = 0;
  private directoryStart = 0;

  constructor(
    private readonly bytes: Buffer,
    private readonly manifest: Manifest,
    private readonly limits: PackageLimits,
  ) {}

  get findings(): readonly Finding[] {
    return [...this.errors, ...this.warnings];
  }

  async run(): Promise<void> {
    const zip = await this.open();
    if (!zip) return;
    const entries = await this.readDirectory(zip);
    if (!entries || this.errors.length > 0) return;
    for (const entry of entries) await this.readLocalHeader(zip, entry);
    const layout = checkLayout(this.extents, this.directoryStart);
    if (layout) this.add(layout);
    // Only a sound archive is unpacked: its sizes are bounded by now, and reading fails where the bytes are more than it says.
    if (this.errors.length > 0) return;
    for (const entry of entries) {
      if (!(await this.readContent(zip, entry))) return;
    }
    if (this.files === 0) this.add(warningFinding('empty_package', 'The package holds no file'));
  }

  private async open(): Promise<ZipFile | null> {
    try {
      const zip = await fromBufferPromise(this.bytes, { decodeStrings: false, validateEntrySizes: true });
      this.directoryStart = Number(zip.readEntryCursor);
      if (zip.entryCount <= this.limits.entries) return zip;
      this.add(errorFinding('too_many_entries', `A package has at most ${this.limits.entries} entries`));
    } catch {
      this.add(errorFinding('not_a_zip', 'This is not a zip archive, or something follows its end'));
    }
    return null;
  }

  private async readDirectory(zip: ZipFile): Promise<readonly Entry[] | null> {
    const entries: Entry[] = [];
    let declared = 0;
    try {
      for await (const entry of zip.eachEntry()) {
        if (this.late()) return null;
        const { findings, stop } = checkDirectoryEntry(entry, this.names, this.limits);
        this.add(...findings);
        if (stop || this.full) return null;
        entries.push(entry);
        declared += entry.uncompressedSize;
      }
    } catch (failure) {
      this.add(directoryFailure(failure));
      return null;
    }
    if (declared > this.limits.unpackedBytes) {
      this.add(errorFinding('package_too_large', `A package unpacks to at most ${this.limits.unpackedBytes} bytes`));
    }
    this.checkEnd(zip);
    return entries;
  }

  /** The directory must end where the end record begins, so that no second directory hides between them. */
  private checkEnd(zip: ZipFile): void {
    const endRecord = this.bytes.length - END_RECORD_BYTES - zip.comment.length;
    const gap = endRecord - Number(zip.readEntryCursor);
    if (gap !== 0 && gap !== ZIP64_RECORDS_BYTES)
      this.add(errorFinding('stray_bytes', 'There are bytes after the directory'));
    if (zip.comment.length > MAX_COMMENT_BYTES)
      this.add(errorFinding('stray_bytes', "The archive's comment is too long"));
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
      if (!same || !sized) this.add(errorFinding('header_mismatch', 'The entry and the directory disagree', name));
      const start = entry.relativeOffsetOfLocalHeader;
      this.extents.push({ name, start, end: local.fileDataStart + entry.compressedSize });
    } catch {
      this.add(errorFinding('damaged', 'The entry cannot be read', name));
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
      this.add(errorFinding('damaged', 'The entry cannot be unpacked, or not to the size it claims', name));
      return false;
    }
    if (size !== entry.uncompressedSize || checksum !== entry.crc32) {
      this.add(errorFinding('damaged', "The entry's bytes do not match its checksum", name));
    }
    this.add(...scan.end());
    if (inner) this.add(...checkInnerManifest(Buffer.concat(inner).toString('utf8'), this.manifest));
    return !this.full;
  }

  /** Warnings beyond the limit are dropped; they never end the inspection, because an error may follow. */
  private add(...found: readonly Finding[]): void {
    for (const finding of found) {
      const list = finding.severity === 'error' ? this.errors : this.warnings;
      if (list.length < MAX_FINDINGS) list.push(finding);
    }
  }

  private get full(): boolean {
    return this.errors.length >= MAX_FINDINGS;
  }

  private late(): boolean {
    if (this.time.elapsed < this.limits.milliseconds) return false;
    this.add(errorFinding('too_slow', `The package cannot be checked within ${this.limits.milliseconds} ms`));
    return true;
  }
}

function directoryFailure(failure: unknown): Finding {
  const encrypted = failure instanceof Error && failure.message.includes('encryption');
  return encrypted
    ? errorFinding('encrypted_entry', 'An encrypted entry cannot be checked')
    : errorFinding('damaged', "The archive's directory cannot be read");
}

/** Sizes of zip64 entries are in an extra field and are left to the count of bytes. */
function sizesAgree(local: { compressedSize: number; uncompressedSize: number; crc32: number }, entry: Entry): boolean {
  const agree = (here: number, there: number) => here === there || here === 0xffffffff;
  return (
    agree(local.compressedSize, entry.compressedSize) &&
    agree(local.uncompressedSize, entry.uncompressedSize) &&
    local.crc32 === entry.crc32
  );
}

async function* chunksOf(stream: Readable): AsyncGenerator<Buffer> {
  for await (const chunk of stream) {
    if (Buffer.isBuffer(chunk)) yield chunk;
  }
}
