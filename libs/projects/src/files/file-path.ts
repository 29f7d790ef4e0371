import { Problem } from '@adiuva/kernel';

const MAX_LENGTH = 512;
/** Of one segment; file systems allow no more. */
const MAX_SEGMENT_BYTES = 255;
const MAX_DECODINGS = 8;
const DRIVE = /^[a-z]:/i;
/** Control, format, surrogate, private-use and unassigned characters, and the separators of lines. */
const HIDDEN = /[\p{C}\p{Zl}\p{Zp}]/u;
/** What Windows keeps for itself in a name. */
const RESERVED = /[<>:"|?*]/;
/** Devices of Windows, with any extension; superscript digits count as digits there. */
const DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])\s*(?:\.|$)/i;
const UNSAFE_END = /[.\s]$/u;
/** Characters that are shown, or read by some systems, as separators and dots. */
const LOOKALIKES = /[\u2044\u2215\u29f5\u29f8\u29f9\uff0f\ufe68\uff3c\u2024\u2025\u2026\ufe52\uff0e\u3002\uff61]/;

/**
 * A path of a project's file: relative, `/` between segments, 1 to 512 characters in NFC, usable on Linux, macOS and Windows. Percent
 * encodings are decoded until nothing changes, and no reading of the path may be one that is refused.
 * @throws `invalid_path`
 */
export function parseFilePath(text: string): string {
  let reading = text;
  for (let decoding = 0; decoding < MAX_DECODINGS; decoding += 1) {
    assertSafe(reading);
    const decoded = decodeOnce(reading);
    if (decoded === reading) return text;
    if (decoded.split('/').length !== text.split('/').length) throw refusal('has an encoded separator');
    reading = decoded;
  }
  throw refusal('is encoded too often');
}

/** The same for paths that a file system without case or with other normal forms takes for one. */
export function foldPath(path: string): string {
  return path.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC');
}

/** The folders that a path is in, the outermost first. */
export function foldersOf(path: string): string[] {
  const segments = path.split('/');
  return segments.slice(1).map((_, index) => segments.slice(0, index + 1).join('/'));
}

/** Why a new file cannot have this path beside the files of `paths`. */
export function clashOf(path: string, paths: readonly string[]): string | undefined {
  const folded = foldPath(path);
  for (const other of paths) {
    const taken = foldPath(other);
    if (taken === folded) return `This is the path of ${other} in another case or Unicode form`;
    if (taken.startsWith(`${folded}/`) || folded.startsWith(`${taken}/`))
      return `A file and a folder cannot have the same path: ${other}`;
  }
  return undefined;
}

/** Not `decodeURIComponent`, which refuses a text whose other parts are no encodings. */
function decodeOnce(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (encoded) => {
    const bytes = Buffer.from(encoded.replaceAll('%', ''), 'hex');
    // An overlong encoding of a dot or a slash is no UTF-8 but some decoders read it.
    if (bytes.some((byte) => byte === 0xc0 || byte === 0xc1 || byte >= 0xf5)) throw refusal('has a malformed encoding');
    return bytes.toString('utf8');
  });
}

function assertSafe(path: string): void {
  const fault = faultOf(path);
  if (fault !== undefined) throw refusal(fault);
}

function faultOf(path: string): string | undefined {
  if (path === '') return 'is empty';
  if ([...path].length > MAX_LENGTH) return `has more than ${MAX_LENGTH} characters`;
  if (HIDDEN.test(path)) return 'has a control or invisible character';
  if (path !== path.normalize('NFC')) return 'is not in Unicode normal form C';
  if (path.includes('\\')) return 'has a backslash';
  if (path.startsWith('/') || DRIVE.test(path)) return 'is not relative';
  if (LOOKALIKES.test(path)) return 'has a character that looks like a separator or a dot';
  return path
    .split('/')
    .map(segmentFault)
    .find((fault) => fault !== undefined);
}

function segmentFault(segment: string): string | undefined {
  if (segment === '') return 'has an empty segment';
  if (segment === '.' || segment === '..') return 'has a relative segment';
  if (segment === '~') return 'names a home folder';
  if (UNSAFE_END.test(segment)) return 'has a segment that ends in a dot or space';
  if (RESERVED.test(segment)) return 'has a character that Windows reserves';
  if (DEVICE.test(segment)) return 'names a device of Windows';
  if (Buffer.byteLength(segment) > MAX_SEGMENT_BYTES) return `has a segment of more than ${MAX_SEGMENT_BYTES} bytes`;
  return undefined;
}

function refusal(fault: string): Problem {
  return new Problem('invalid_path', {
    detail: `The path ${fault}`,
    errors: [{ field: 'path', message: fault }],
  });
}
