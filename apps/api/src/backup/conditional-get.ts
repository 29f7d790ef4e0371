import type { IncomingHttpHeaders } from 'node:http';
import { parseRange, type ByteRange } from '@adiuva/platform';

/** What a client may compare what it has with. */
export interface Validators {
  /** With its quotes; a strong one. */
  readonly tag: string;
  readonly modifiedAt: Date;
}

/** The three forms of RFC 9110, section 5.6.7; anything else counts as no date. */
const HTTP_DATE =
  /^(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, \d{2}-[A-Z][a-z]{2}-\d{2} \d{2}:\d{2}:\d{2} GMT|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4})$/;
const MAX_HEADER_LENGTH = 1_000;

/** Whether the client has it already: by its tags where it sent any, else by the date (RFC 9110, sections 13.1.2 and 13.1.3). */
export function isKnown(headers: IncomingHttpHeaders, { tag, modifiedAt }: Validators): boolean {
  const tags = headers['if-none-match'];
  if (tags !== undefined) return tags.trim() === '*' || tagsOf(tags).includes(tag);
  const since = dateOf(headers['if-modified-since']);
  return since !== null && wholeSecond(modifiedAt) <= since;
}

/** The range to send; null for the whole. A range of something that has changed since is no range (`If-Range`). @throws Problem `range_not_satisfiable` */
export function rangeOf(headers: IncomingHttpHeaders, validators: Validators, sizeBytes: number): ByteRange | null {
  const condition = headers['if-range'];
  const holds =
    typeof condition !== 'string' ||
    condition === validators.tag ||
    dateOf(condition) === wholeSecond(validators.modifiedAt);
  return holds ? parseRange(headers.range, sizeBytes) : null;
}

function tagsOf(header: string): string[] {
  return [...header.slice(0, MAX_HEADER_LENGTH).matchAll(/(?:W\/)?("[^"]*")/g)].flatMap(([, tag]) => tag ?? []);
}

function dateOf(header: string | undefined): number | null {
  if (header === undefined || !HTTP_DATE.test(header.trim())) return null;
  const text = header.trim();
  const time = Date.parse(text.endsWith('GMT') ? text : `${text} GMT`);
  return Number.isNaN(time) ? null : time;
}

function wholeSecond(date: Date): number {
  return Math.floor(date.getTime() / 1_000) * 1_000;
}
