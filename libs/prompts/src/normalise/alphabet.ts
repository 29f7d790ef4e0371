import { CONFUSABLES } from './confusables';

/** Classes of a code point. 0 to 25 are the letters, 26 to 35 the digits. */
export const LETTERS = 26;
export const DIGITS_END = 36;
export const OTHER = 36;
/** Marks and format characters: they take no room and say nothing. */
export const INVISIBLE = 37;
/** A letter of a script that has no Latin twin. */
export const FOREIGN = 38;
/** Several letters in one character, such as a ligature: see `lettersOf`. */
export const SEVERAL = 39;

const PAGE = 256;
const pages: (Uint8Array | undefined)[] = [];
const several = new Map<number, readonly number[]>();

/** The class of a code point after folding case, compatibility forms, accents and look-alikes away. */
export function classOf(codePoint: number): number {
  const page = pages[codePoint >>> 8] ?? readPage(codePoint >>> 8);
  return page[codePoint & (PAGE - 1)] ?? OTHER;
}

/** The letters of a character of class `SEVERAL`. */
export function lettersOf(codePoint: number): readonly number[] {
  return several.get(codePoint) ?? [];
}

function readPage(number: number): Uint8Array {
  const page = Uint8Array.from({ length: PAGE }, (_, i) => classify(number * PAGE + i));
  pages[number] = page;
  return page;
}

function classify(codePoint: number): number {
  const character = String.fromCodePoint(codePoint);
  const folded = CONFUSABLES.get(codePoint) ?? fold(character);
  const classes = Array.from(folded, classOfFolded).filter((letter) => letter < DIGITS_END);
  if (classes.length > 1) several.set(codePoint, classes);
  if (classes.length > 0) return classes.length > 1 ? SEVERAL : (classes[0] ?? OTHER);
  if (/^[\p{M}\p{Cf}\p{DI}]$/u.test(character)) return INVISIBLE;
  return /^\p{L}$/u.test(character) ? FOREIGN : OTHER;
}

function fold(character: string): string {
  const parts = Array.from(character.normalize('NFKD').replace(/\p{M}/gu, ''));
  return parts.map((part) => CONFUSABLES.get(part.codePointAt(0) ?? 0) ?? part.toLowerCase()).join('');
}

function classOfFolded(character: string): number {
  const code = character.charCodeAt(0);
  if (character.length === 1 && code >= 97 && code <= 122) return code - 97;
  return character.length === 1 && code >= 48 && code <= 57 ? code - 48 + LETTERS : OTHER;
}
