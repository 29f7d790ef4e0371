import type { IncomingHttpHeaders } from 'node:http';
import fresh from 'fresh';
import { checksumOf, Problem, type Precondition } from '@adiuva/kernel';
import { parseRange, type ByteRange } from '@adiuva/platform';
import type { EdgeResponse } from '../principal';

/** What a client compares its copy with (RFC 9110, section 8.8). */
export interface Validators {
  /** A strong one, with its quotes. */
  readonly etag: string;
  /** Only where two states never have the same second. */
  readonly modifiedAt?: Date;
}

const MAX_HEADER_LENGTH = 1_000;
/** A bare number is read as its tag. */
const ENTITY_TAGS = /^\s*(?:(?:W\/)?"[^"]*"|\d+)(?:\s*,\s*(?:(?:W\/)?"[^"]*"|\d+))*\s*$/;
const STRONG_VERSION = /^"?([1-9]\d{0,9})"?$/;
/** The three forms of RFC 9110, section 5.6.7, begin with the day; other forms that JavaScript reads are no HTTP dates. */
const DAY = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)/;

/** The tag of a version: a strong one, since a version has one content for ever. */
export function versionTag(version: number): string {
  return `"${version}"`;
}

/** Sends the version of `body` as its `ETag`. */
export function withVersionTag<T extends { readonly version: number }>(response: EdgeResponse, body: T): T {
  response.setHeader('ETag', versionTag(body.version));
  return body;
}

/** Sends the body with a tag of its content; nothing and 304 where the client has it already. */
export function withContentTag<T>(response: EdgeResponse, body: T): T | undefined {
  const etag = `"${checksumOf(Buffer.from(JSON.stringify(body), 'utf8')).slice(0, 32)}"`;
  response.setHeader('ETag', etag);
  response.setHeader('Cache-Control', 'private, no-cache');
  if (!isKnown(response.req.headers, { etag })) return body;
  response.status(304);
  return undefined;
}

/** Whether the client has it already: by `If-None-Match` where it is sent, else by `If-Modified-Since` (sections 13.1.2 and 13.1.3). */
export function isKnown(headers: IncomingHttpHeaders, { etag, modifiedAt }: Validators): boolean {
  const since = dateOf(headers['if-modified-since']);
  return fresh(
    {
      'if-none-match': headers['if-none-match'],
      ...(since && modifiedAt && { 'if-modified-since': since }),
    },
    { etag, ...(modifiedAt && { 'last-modified': modifiedAt.toUTCString() }) },
  );
}

/** The range to send; null for the whole. A range of something that has changed since is no range (`If-Range`). @throws `range_not_satisfiable` */
export function rangeOf(headers: IncomingHttpHeaders, validators: Validators, sizeBytes: number): ByteRange | null {
  const condition = headers['if-range'];
  const holds =
    typeof condition !== 'string' ||
    condition === validators.etag ||
    (validators.modifiedAt !== undefined && dateOf(condition) === validators.modifiedAt.toUTCString());
  return holds ? parseRange(headers.range, sizeBytes) : null;
}

/** `If-Match` (section 13.1.1) as the versions that satisfy it; a weak tag, or one that is no version of ours, matches none. */
export function ifMatch(header: string | undefined): Precondition {
  if (header === undefined) return null;
  if (header.trim() === '*') return 'any';
  if (!isTagList(header)) return [];
  return header.split(',').flatMap((tag) => (STRONG_VERSION.exec(tag.trim()) ?? []).slice(1).map(Number));
}

/** Like `ifMatch`. @throws `validation_failed` for what is no list of tags, which else matches none */
export function ifMatchList(header: string | undefined): Precondition {
  if (header === undefined || header.trim() === '*' || isTagList(header)) return ifMatch(header);
  throw new Problem('validation_failed', { errors: [{ field: 'If-Match', message: 'must be a list of entity tags' }] });
}

/** `If-None-Match: *`: only where nothing exists yet. */
export function onlyCreates(ifNoneMatch: string | undefined): boolean {
  return ifNoneMatch?.trim() === '*';
}

function isTagList(header: string): boolean {
  return header.length <= MAX_HEADER_LENGTH && ENTITY_TAGS.test(header);
}

/** A date in the form that `toUTCString` writes; null for what is no HTTP date. */
function dateOf(header: string | undefined): string | null {
  const text = header?.trim() ?? '';
  const time = DAY.test(text) ? Date.parse(text.endsWith('GMT') ? text : `${text} GMT`) : NaN;
  return Number.isNaN(time) ? null : new Date(time).toUTCString();
}
