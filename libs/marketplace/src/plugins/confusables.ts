/** Latin letters for those of other scripts that look the same, after Unicode TS 39's confusables; the common ones. */
const SHAPES: Readonly<Record<string, string>> = {
  а: 'a',
  в: 'b',
  с: 'c',
  ԁ: 'd',
  е: 'e',
  ё: 'e',
  ғ: 'f',
  һ: 'h',
  і: 'i',
  ї: 'i',
  ј: 'j',
  к: 'k',
  ӏ: 'l',
  м: 'm',
  н: 'h',
  о: 'o',
  р: 'p',
  ԛ: 'q',
  г: 'r',
  ѕ: 's',
  т: 't',
  у: 'y',
  ѵ: 'v',
  ԝ: 'w',
  х: 'x',
  ү: 'y',
  α: 'a',
  β: 'b',
  ϲ: 'c',
  δ: 'd',
  ε: 'e',
  η: 'n',
  ι: 'i',
  κ: 'k',
  ν: 'v',
  ο: 'o',
  ρ: 'p',
  σ: 'o',
  τ: 't',
  υ: 'u',
  χ: 'x',
  γ: 'y',
  ω: 'w',
  ı: 'l',
  ł: 'l',
  ø: 'o',
  đ: 'd',
  ħ: 'h',
  ß: 'b',
  æ: 'ae',
  œ: 'oe',
  ɑ: 'a',
  ɡ: 'g',
  ɩ: 'i',
  '0': 'o',
  '1': 'l',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '8': 'b',
  $: 's',
  '@': 'a',
  '|': 'l',
  '!': 'l',
  i: 'l',
  j: 'l',
};

const SCRIPTS = [
  /\p{Script=Latin}/u,
  /\p{Script=Cyrillic}/u,
  /\p{Script=Greek}/u,
  /\p{Script=Armenian}/u,
  /\p{Script=Cherokee}/u,
];

/** Capitals whose small letters look like something else. */
const CAPITALS: Readonly<Record<string, string>> = {
  Η: 'h',
  Ι: 'l',
  Μ: 'm',
  Ν: 'n',
  Υ: 'y',
  Ζ: 'z',
  Ѵ: 'v',
  Ѕ: 's',
  З: 'e',
};

/**
 * The skeleton of a name (UTS 39): names with the same skeleton look alike. Case, accents, blanks and
 * punctuation do not count; digits and foreign letters count as the Latin letters that they resemble, `rn` as `m`, `vv` as `w`.
 */
export function skeleton(name: string): string {
  const letters = Array.from(name.normalize('NFKD'), (letter) => CAPITALS[letter] ?? letter)
    .join('')
    .toLowerCase();
  // Twice, because some letters look like Latin ones that look like each other: a Greek iota is an i, and that an l.
  const shapes = shaped(shaped(letters));
  return shapes
    .replace(/[^\p{L}\p{N}]/gu, '')
    .replaceAll('rn', 'm')
    .replaceAll('vv', 'w');
}

function shaped(text: string): string {
  return Array.from(text, (character) => SHAPES[character] ?? character).join('');
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
