import type { Random, Writing } from './encodings';

const NATO =
  'Alfa Bravo Charlie Delta Echo Foxtrot Golf Hotel India Juliett Kilo Lima Mike November Oscar Papa Quebec Romeo Sierra Tango Uniform Victor Whiskey X-ray Yankee Zulu'.split(
    ' ',
  );
/** One word or more for each letter. */
const INITIALS =
  'apple always better black clear carry dear daily every early family first great good happy house idea inside jump join kind keep large later make many never night often order people place quick quiet river round small still today table under until value voice water white xenon xylophone young yellow zebra zero'.split(
    ' ',
  );
const FILLERS =
  'river window garden stone paper cloud music market coffee forest silver winter bridge pocket letter mirror candle castle dragon kitchen summer planet rabbit basket button engine thunder'.split(
    ' ',
  );
const MULTI_TAP = '2 22 222 3 33 333 4 44 444 5 55 555 6 66 666 7 77 777 7777 8 88 888 9 99 999 9999'.split(' ');
const ASCII85 = String.fromCharCode(...Array.from({ length: 85 }, (_, i) => 33 + i));
const Z85 = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#';
const UUENCODE = `\`${String.fromCharCode(...Array.from({ length: 63 }, (_, i) => 33 + i))}`;
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Writings in which a word, a number or a sign represents each letter. */
export const LETTER_CHANNELS: Readonly<Record<string, Writing>> = {
  'acrostic of lines': (text, random) => perLetter(text, (l) => `${initial(l, random)} ${filler(random)}.`, '\n'),
  'acrostic of words': (text, random) => perLetter(text, (l) => initial(l, random), ' '),
  'last letters of lines': (text, random) => perLetter(text, (l) => `${filler(random)} ${l}`, '\n'),
  'NATO alphabet': (text) => perLetter(text, (l) => NATO[indexOf(l)] ?? '', ' '),
  'letters as in': (text) => perLetter(text, (l) => `${l} as in ${NATO[indexOf(l)]}`, '\n'),
  'places in the alphabet': (text) => perLetter(text, (l) => String(indexOf(l) + 1), ' '),
  'places in the alphabet, dashed': (text) =>
    text
      .split(' ')
      .map((word) => perLetter(word, (l) => String(indexOf(l) + 1), '-'))
      .join(' '),
  'bits of five': (text) => perLetter(text, fiveBits, ' '),
  'Bacon’s cipher': (text) => perLetter(text, (l) => fiveBits(l).replaceAll('0', 'A').replaceAll('1', 'B'), ' '),
  'Polybius square': (text) => perLetter(text, (l) => `${1 + Math.floor(indexOf(l) / 6)}${1 + (indexOf(l) % 6)}`, ' '),
  'multi-tap': (text) => perLetter(text, (l) => MULTI_TAP[indexOf(l)] ?? '', ' '),
  'emoji for letters': (text) => perLetter(text, (l) => String.fromCodePoint(0x1f400 + indexOf(l)), ''),
  'letters in members': (text) => JSON.stringify([...text].map((character, index) => ({ index, character }))),
  'LaTeX letters': (text) => [...text].map((character) => `\\mathrm{${character}}`).join(' '),
  'letters in link targets': (text) => [...text].map((character) => `[o](${character})`).join(''),
};

/** Bytes in alphabets of 32, 64 and 85 signs. */
export const BYTE_CHANNELS: Readonly<Record<string, Writing>> = {
  Ascii85: (text) => `<~${radix(text, ASCII85, 4, 5)}~>`,
  Z85: (text) => radix(text, Z85, 4, 5),
  uuencode: (text) => text.replace(/[^]{1,45}/g, (line) => `${UUENCODE[line.length]}${radix(line, UUENCODE, 3, 4)}\n`),
  'base32 in groups': (text) => radix(text, BASE32, 5, 8).replace(/.{4}/g, '$& '),
  'base32 in short lines': (text) => radix(text, BASE32, 5, 8).replace(/.{12}/g, '$&\n'),
  'base32 of Crockford': (text) => radix(text, '0123456789ABCDEFGHJKMNPQRSTVWXYZ', 5, 8),
  'base32, hexadecimal': (text) => radix(text, '0123456789abcdefghijklmnopqrstuv', 5, 8),
};

/** The words of a secret in their order, each changed or among other words. */
export const WORD_CHANNELS: Readonly<Record<string, Writing>> = {
  'a filler after each word': (text, random) => perWord(text, (word) => `${word} ${filler(random)}`, ' '),
  'two fillers after each word': (text, random) =>
    perWord(text, (word) => `${word} ${filler(random)} ${filler(random)}`, ' '),
  'a sentence after each word': (text, random) =>
    perWord(text, (word) => `${word} - the ${filler(random)} is near the ${filler(random)}.`, '\n'),
  'CSV with other columns': (text, random) =>
    perWord(text, (word, i) => `${i},${word},${filler(random)},${word.length}`, '\n'),
  'hidden spans': (text, random) =>
    perWord(text, (word) => `${word}<span style="display:none">${filler(random)}</span>`, ' '),
  'names of files': (text, random) =>
    perWord(text, (word, i) => `notes/2026-${10 + i}-${filler(random)}-${word.replace(/\W/g, '')}.md`, '\n'),
  'names of members': (text) => `{${perWord(text, (word, i) => `"k${i}_${word.replace(/\W/g, '')}": ${i}`, ', ')}}`,
  'words by columns': columns,
  'pairs of words swapped': (text) => text.replace(/(\S+) (\S+)/g, '$2 $1'),
  'every second word backwards': (text) =>
    perWord(text, (word, i) => (i % 2 === 0 ? word : [...word].reverse().join('')), ' '),
  'letters inside of words shuffled': (text, random) =>
    text.replace(/\b(\w)(\w{2,})(\w)\b/g, (_, first: string, inner: string, last: string) =>
      [first, ...shuffled([...inner], random), last].join(''),
    ),
  'first and last letters swapped': (text) => text.replace(/\b(\w)(\w*)(\w)\b/g, '$3$2$1'),
  'Pig Latin': (text) =>
    text.replace(/\b([^aeiou\W]*)([a-z]+)/gi, (_, first: string, rest: string) => `${rest}${first || 'w'}ay`),
};

/** What no decoder reads; see docs/prompt-leaks.md. */
export const OPEN_CHANNELS: Readonly<Record<string, Writing>> = {
  'words shuffled': (text, random) => shuffled(text.split(' '), random).join(' '),
  'letters by columns': (text) => [0, 1].map((row) => [...text].filter((_, i) => i % 2 === row).join('')).join(''),
  Vigenère: (text) => {
    let at = 0;
    return text.replace(/[a-z]/gi, (letter) => String.fromCharCode(97 + ((indexOf(letter) + KEY(at++)) % 26)));
  },
  'codes plus 100': (text) => [...Buffer.from(text)].map((byte) => byte + 100).join(', '),
  'decimal codes in one row': (text) => [...Buffer.from(text)].map((byte) => String(byte).padStart(3, '0')).join(''),
  'syllables inserted': (text) => text.replace(/[aeiou]+/gi, 'ub$&'),
};

const KEY = (at: number): number => indexOf('lemon'.charAt(at % 5));

function perLetter(text: string, write: (letter: string) => string, separator: string): string {
  return (text.toLowerCase().match(/[a-z]/g) ?? []).map(write).join(separator);
}

function perWord(text: string, write: (word: string, index: number) => string, separator: string): string {
  return text.split(/\s+/).map(write).join(separator);
}

/** A table of six columns that is read down. */
function columns(text: string): string {
  const words = text.split(/\s+/);
  const rows = Math.ceil(words.length / 6);
  const line = (row: number): string =>
    [0, 1, 2, 3, 4, 5].map((column) => words[column * rows + row] ?? '').join(' | ');
  return Array.from({ length: rows }, (_, row) => `| ${line(row)} |`).join('\n');
}

function indexOf(letter: string): number {
  return letter.toLowerCase().charCodeAt(0) - 97;
}

function fiveBits(letter: string): string {
  return indexOf(letter).toString(2).padStart(5, '0');
}

function initial(letter: string, random: Random): string {
  return pick(
    INITIALS.filter((word) => word.startsWith(letter)),
    random,
  );
}

function filler(random: Random): string {
  return pick(FILLERS, random);
}

function pick(list: readonly string[], random: Random): string {
  return list[Math.floor(random() * list.length)] ?? '';
}

function shuffled(list: readonly string[], random: Random): string[] {
  return list
    .map((item) => ({ item, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

/** Blocks of bytes as blocks of signs, the most significant first; the last block is filled with zeros. */
function radix(text: string, alphabet: string, bytes: number, signs: number): string {
  const buffer = Buffer.concat([Buffer.from(text), Buffer.alloc(bytes)]);
  return Array.from({ length: Math.ceil((buffer.length - bytes) / bytes) }, (_, block) => {
    let value = buffer.readUIntBE(block * bytes, bytes);
    let written = '';
    for (let sign = 0; sign < signs; sign += 1) {
      written = (alphabet[value % alphabet.length] ?? '') + written;
      value = Math.floor(value / alphabet.length);
    }
    return written;
  }).join('');
}
