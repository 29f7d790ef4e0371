import { confusables } from '@adiuva/kernel';

/** Characters that are read as a Latin letter beside those of Unicode, or as another one than there. Chosen by eye; see docs/prompt-leaks.md. */
const READ_AS = {
  a: 'ᴀɐⱯꭺⲁ∀',
  b: 'βвбʙьЪъⲂ',
  c: 'ϲϹↄɔçƈ',
  d: 'Ԁðᴅд',
  e: 'εэєЄЭᴇǝəɛɘ∃ⲉ',
  f: 'ɟꜰϝғ',
  g: 'ɢ',
  h: 'Һнɥʜԋ',
  i: 'ІΙᏆӀᴉⲓꓲ∣',
  j: 'ȷᴊյ',
  k: 'кκᴋʞқҟⲕ',
  l: 'ʟӏꞁլ£',
  m: 'мᴍɯ',
  n: 'ɴŋпПилЛñɲ',
  p: 'ᴘþÞք',
  q: 'Ԛꞯ',
  r: 'ГʀɹɾяЯ',
  s: '§',
  ss: 'ßẞ',
  t: 'тτʇᴛⲧ†',
  u: 'ʉцЦʊ',
  v: 'ʌⱱ',
  w: 'шШщЩωʍ',
  x: 'χⲭ',
  y: 'ʎӯ',
  z: 'Ⲍ',
};

/** Dots of the Braille letters a to j as bits; k to t add dot 3, u v x y z add dots 3 and 6, w stands alone. */
const BRAILLE_A_TO_J = [0x01, 0x03, 0x09, 0x19, 0x11, 0x0b, 0x1b, 0x13, 0x0a, 0x1a];
const BRAILLE = 0x2800;
/** Emoji alphabets whose letters stand in order: regional indicators, negative circles, negative squares. */
const EMOJI_ALPHABETS = [0x1f1e6, 0x1f150, 0x1f170];

export const CONFUSABLES: ReadonlyMap<number, string> = new Map([...lookAlikes(), ...braille(), ...emoji()]);

function lookAlikes(): [number, string][] {
  return [...confusables(READ_AS)].map(([character, letters]) => [character.codePointAt(0) ?? 0, letters]);
}

function braille(): [number, string][] {
  const rows: readonly (readonly [letters: string, added: number])[] = [
    ['abcdefghij', 0],
    ['klmnopqrst', 0x04],
    ['uvxyz', 0x24],
  ];
  const cells = rows.flatMap(([letters, added]) =>
    [...letters].map((letter, i): [number, string] => [BRAILLE + ((BRAILLE_A_TO_J[i] ?? 0) | added), letter]),
  );
  return [...cells, [BRAILLE + 0x3a, 'w']];
}

function emoji(): [number, string][] {
  return EMOJI_ALPHABETS.flatMap((first) =>
    [...'abcdefghijklmnopqrstuvwxyz'].map((letter, i): [number, string] => [first + i, letter]),
  );
}
