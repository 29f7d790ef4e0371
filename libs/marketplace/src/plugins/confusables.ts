import { createHash } from 'node:crypto';
import { confusables } from '@adiuva/kernel';

/** Beside those of Unicode: digits and signs that are read as letters, and the small letters i and j, which look like an l. */
const CONFUSABLES = confusables({
  a: '4@',
  b: '8вβß',
  d: 'δ',
  e: '3ε',
  f: 'ғ',
  h: 'н',
  k: 'кκ',
  l: '1ӏı|!ij',
  m: 'м',
  o: '0',
  s: '5$',
  t: '7тτ',
  w: 'ω',
  x: 'χ',
});

/** Raised when `skeleton` changes otherwise than by its table. */
const PROCEDURE = 1;
/** Differs for each rule by which skeletons are computed: one that was stored under another rule is computed again. */
export const SKELETON_RULE = createHash('sha256')
  .update(JSON.stringify([PROCEDURE, ...CONFUSABLES]))
  .digest('hex')
  .slice(0, 8);

const SCRIPTS = [
  /\p{Script=Latin}/u,
  /\p{Script=Cyrillic}/u,
  /\p{Script=Greek}/u,
  /\p{Script=Armenian}/u,
  /\p{Script=Cherokee}/u,
];

/**
 * The skeleton of a name (UTS 39): names with the same skeleton look alike. Case, accents, blanks and
 * punctuation do not count; digits and foreign letters count as the Latin letters that they resemble, `rn` as `m`, `vv` as `w`.
 */
export function skeleton(name: string): string {
  // Capitals first, because the small letter of some looks like another one.
  const letters = resembled(name.normalize('NFKD')).toLowerCase();
  return resembled(resembled(letters))
    .replace(/[^\p{L}\p{N}]/gu, '')
    .replaceAll('rn', 'm')
    .replaceAll('vv', 'w');
}

/** As a skeleton is stored and looked up. */
export function storedSkeleton(name: string): string {
  return `${SKELETON_RULE}:${skeleton(name)}`;
}

function resembled(text: string): string {
  return Array.from(text, (character) => CONFUSABLES.get(character) ?? character).join('');
}

/** A name without case, blanks and punctuation. */
export function plainName(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}]/gu, '');
}

/** A word in letters of two scripts that resemble each other, such as a Cyrillic `а` in a Latin word. */
export function hasMixedScripts(name: string): boolean {
  return name.split(/[^\p{L}\p{N}\p{M}]+/u).some((word) => SCRIPTS.filter((script) => script.test(word)).length > 1);
}
