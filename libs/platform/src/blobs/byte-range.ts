import { Problem } from '@adiuva/kernel';

/** Part of an object: offsets of its first and last byte, both inclusive, from 0. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** The unit's case does not count. Numbers beyond what JavaScript counts exactly are beyond every object. */
const SINGLE_RANGE = /^bytes=(\d*)-(\d*)$/i;

/**
 * Reads a `Range` header (RFC 9110, section 14.2) against an object of `size` bytes.
 * Null means "answer the whole": no header, another unit, several ranges, or a range that says nothing.
 * @throws Problem `range_not_satisfiable` when the range lies outside the object
 */
export function parseRange(header: string | undefined, size: number): ByteRange | null {
  const match = SINGLE_RANGE.exec(header?.trim() ?? '');
  const [first = '', last = ''] = match?.slice(1) ?? [];
  if (!match || (first === '' && last === '')) return null;
  if (first === '') return suffix(Number(last), size);
  const start = Number(first);
  if (last !== '' && Number(last) < start) return null;
  if (start >= size) throw unsatisfiable(size);
  return { start, end: last === '' ? size - 1 : Math.min(Number(last), size - 1) };
}

/** `Content-Range` of a partial answer. */
export function contentRange(range: ByteRange, size: number): string {
  return `bytes ${range.start}-${range.end}/${size}`;
}

function suffix(length: number, size: number): ByteRange {
  if (length === 0 || size === 0) throw unsatisfiable(size);
  return { start: Math.max(0, size - length), end: size - 1 };
}

function unsatisfiable(size: number): Problem {
  return new Problem('range_not_satisfiable', { members: { size_bytes: size } });
}
