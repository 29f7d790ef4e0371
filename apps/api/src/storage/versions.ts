import { Problem } from '@adiuva/kernel';
import type { Precondition } from '@adiuva/storage';

const TAGS = /^\s*(?:(?:W\/)?"[^"]*"|\d+)(?:\s*,\s*(?:(?:W\/)?"[^"]*"|\d+))*\s*$/;
const TAG = /(W\/)?"([^"]*)"|(\d+)/g;
const VERSION = /^[1-9]\d{0,9}$/;
const MAX_HEADER_LENGTH = 1_000;

/** The entity tag of a version: a strong one, since a version has one content for ever. */
export function tagOf(version: number): string {
  return `"${version}"`;
}

/**
 * `If-Match` (RFC 9110, section 13.1.1) as the versions that will do. A tag that is no version of ours matches none; a bare number is
 * taken for its tag. @throws Problem `validation_failed` for what is no list of tags
 */
export function expectedVersions(header: string | undefined): Precondition {
  if (header === undefined) return null;
  if (header.trim() === '*') return 'any';
  return tags(header, 'If-Match').flatMap(({ weak, tag }) => (!weak && VERSION.test(tag) ? [Number(tag)] : []));
}

/** Whether `If-None-Match` (section 13.1.2) names this version, so that there is nothing to send. Compares weakly, and ignores nonsense. */
export function isKnown(header: string | undefined, version: number): boolean {
  if (header === undefined) return false;
  if (header.trim() === '*') return true;
  return (
    header.length <= MAX_HEADER_LENGTH &&
    TAGS.test(header) &&
    tags(header, 'If-None-Match').some(({ tag }) => tag === String(version))
  );
}

function tags(header: string, name: string): { weak: boolean; tag: string }[] {
  if (header.length > MAX_HEADER_LENGTH || !TAGS.test(header)) {
    throw new Problem('validation_failed', { errors: [{ field: name, message: 'must be a list of entity tags' }] });
  }
  return [...header.matchAll(TAG)].map(([, weak, quoted, bare]) => ({
    weak: weak !== undefined,
    tag: quoted ?? bare ?? '',
  }));
}
