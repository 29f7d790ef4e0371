import { Problem } from '@adiuva/kernel';

/** The bytes of a base64 field, of which there are `min` to `max` where that is given. @throws `validation_failed` */
export function bytesOf(field: string, text: string, min = 0, max = Infinity): Buffer {
  const bytes = text.length <= base64Length(max) ? decodeBase64(text) : null;
  if (bytes && bytes.length >= min && bytes.length <= max) return bytes;
  const form = max === Infinity ? 'with padding' : `of ${min === max ? min : `${min} to ${max}`} bytes`;
  throw new Problem('validation_failed', { errors: [{ field, message: `${field} must be standard base64 ${form}` }] });
}

/** Number of characters that encode `bytes` bytes. */
export function base64Length(bytes: number): number {
  return 4 * Math.ceil(bytes / 3);
}

/** Standard base64 with padding (RFC 4648, section 4), or null for anything else. Linear, and strict: one text for one value. */
function decodeBase64(text: string): Buffer | null {
  if (text.length % 4 !== 0) return null;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length !== (text.length / 4) * 3 - padding) return null;
  // Node skips what is no base64 and takes the URL alphabet too, so the length alone does not prove it.
  if (/[^A-Za-z0-9+/]/.test(padding === 0 ? text : text.slice(0, -padding))) return null;
  const tail = bytes.subarray(bytes.length - (bytes.length % 3));
  return padding === 0 || text.endsWith(tail.toString('base64')) ? bytes : null;
}
