import { createHash, randomBytes } from 'node:crypto';

/** The form of our ids: a lower-case UUID. */
export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const MAX_COUNTER = 0xfff;
/** Of the id made last: Unix milliseconds and a counter within them. */
const last = { ms: 0, counter: 0 };

/**
 * A UUID version 7 (RFC 9562, section 5.7): 48 bits of Unix milliseconds, a counter of 12 bits from a random start (section 6.2, method 1),
 * then 62 random bits. Sorts by time of making; those of one process sort in the order of making, also when the clock is set back.
 */
export function newId(): string {
  const bytes = randomBytes(16);
  const now = Date.now();
  if (now <= last.ms && last.counter < MAX_COUNTER) last.counter += 1;
  else {
    last.ms = Math.max(now, last.ms + 1);
    last.counter = bytes.readUInt16BE(6) & (MAX_COUNTER >> 1);
  }
  bytes.writeUIntBE(last.ms, 0, 6);
  bytes.writeUInt16BE(0x7000 | last.counter, 6);
  return formatted(bytes);
}

/** A UUID version 8 (RFC 9562, section 5.8) of the SHA-256 of `name`: the same name gives the same id. */
export function derivedId(name: string): string {
  const bytes = createHash('sha256').update(name).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  return formatted(bytes);
}

/** Whether `text` is a UUID of any version in lowercase canonical form, the only form that we store. */
export function isId(text: string): boolean {
  return UUID.test(text);
}

/** With the variant of RFC 9562. */
function formatted(bytes: Buffer): string {
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
