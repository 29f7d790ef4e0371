/** Bytes over an ordinary `ArrayBuffer`, the form that WebCrypto takes. */
export type Bytes = Uint8Array<ArrayBuffer>;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });
const BASE64_STEP = 0x8000;
/** Together with a length that is a multiple of four. A group that repeats would overflow the stack on megabytes. */
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

export function utf8(text: string): Bytes {
  return encoder.encode(text);
}

/** Throws a `TypeError` on bytes that are not UTF-8. */
export function fromUtf8(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

export function concat(...parts: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function u32le(value: number): Bytes {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}

export function randomBytes(length: number): Bytes {
  return crypto.getRandomValues(new Uint8Array(length));
}

/** Standard base64 with padding, as the wire has it. */
export function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += BASE64_STEP) {
    binary += String.fromCharCode(...bytes.subarray(at, at + BASE64_STEP));
  }
  return btoa(binary);
}

/** Base64url without padding. */
export function toBase64Url(bytes: Uint8Array): string {
  return toBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** Throws a `RangeError` on anything but standard base64 with padding. */
export function fromBase64(text: string): Bytes {
  if (text.length % 4 !== 0 || !BASE64.test(text)) throw new RangeError('not standard base64');
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at += 1) bytes[at] = binary.charCodeAt(at);
  return bytes;
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Lowercase hexadecimal SHA-256, the checksum of the wire. */
export async function checksum(bytes: Bytes): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
}

/** Copies only when the bytes lie on shared memory, which WebCrypto refuses. */
export function owned(bytes: Uint8Array): Bytes {
  const { buffer } = bytes;
  return buffer instanceof ArrayBuffer
    ? new Uint8Array(buffer, bytes.byteOffset, bytes.byteLength)
    : Uint8Array.from(bytes);
}
