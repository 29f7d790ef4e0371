/** The bytes of standard base64 with padding (RFC 4648, section 4), or null for anything else. Linear, and strict: one text for one value. */
export function decodeBase64(text: string): Buffer | null {
  if (text.length % 4 !== 0) return null;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length !== (text.length / 4) * 3 - padding) return null;
  // Node skips what is no base64 and takes the URL alphabet too, so the length alone does not prove it.
  if (/[^A-Za-z0-9+/]/.test(padding === 0 ? text : text.slice(0, -padding))) return null;
  const tail = bytes.subarray(bytes.length - (bytes.length % 3));
  return padding === 0 || text.endsWith(tail.toString('base64')) ? bytes : null;
}
