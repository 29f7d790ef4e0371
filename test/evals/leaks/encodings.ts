/** Pseudo-random numbers from a seed (mulberry32), so that an evaluation can be run again. */
export type Random = () => number;

export function randomFrom(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export type Writing = (text: string, random: Random) => string;

const CYRILLIC: Readonly<Record<string, string>> = {
  a: 'а',
  c: 'с',
  e: 'е',
  i: 'і',
  o: 'о',
  p: 'р',
  s: 'ѕ',
  x: 'х',
  y: 'у',
  A: 'А',
  B: 'В',
  E: 'Е',
  T: 'Т',
};
const LEET: Readonly<Record<string, string>> = { a: '4', e: '3', i: '1', o: '0', s: '5', t: '7' };
const HARD_LEET: Readonly<Record<string, string>> = { ...LEET, a: '@', b: '8', g: '9', l: '1', z: '2', s: '$', i: '!' };
const INVISIBLE = ['\u200b', '\u200c', '\u200d', '\u2060', '\ufeff', '\u00ad'];

/** The writings that the guarantees name: each must be caught in 95 of 100 leaks, all together in 99. */
export const LISTED: Readonly<Record<string, Writing>> = {
  plain: (text) => text,
  'spaced out': (text) => [...text].join(' '),
  'spaced by dashes': (text) => [...text].join('-'),
  'one word a line': (text) => text.replace(/\s+/g, '\n'),
  'upper case': (text) => text.toUpperCase(),
  'mixed case': (text, random) => [...text].map((c) => (random() < 0.5 ? c.toUpperCase() : c.toLowerCase())).join(''),
  'zero width': (text, random) => [...text].map((c) => c + pick(INVISIBLE, random)).join(''),
  'combining marks': (text) => [...text].map((c) => (/\w/.test(c) ? `${c}\u0336` : c)).join(''),
  'look-alikes': (text) => swap(text, CYRILLIC),
  'full width': (text) =>
    [...text].map((c) => (/[!-~]/.test(c) ? String.fromCharCode(c.charCodeAt(0) + 0xfee0) : c)).join(''),
  'mathematical bold': (text) => [...text].map(bold).join(''),
  'JSON string': (text) => JSON.stringify({ text }),
  'JSON in JSON': (text) => JSON.stringify({ text: JSON.stringify({ text }) }),
  'unicode escapes': (text) =>
    units(text)
      .map((u) => `\\u${hex(u, 4)}`)
      .join(''),
  'hex escapes': (text) =>
    bytes(text)
      .map((b) => `\\x${hex(b, 2)}`)
      .join(''),
  reversed: (text) => [...text].reverse().join(''),
  base64: (text) => Buffer.from(text).toString('base64'),
  'base64 in lines': (text) => Buffer.from(text).toString('base64').replace(/.{60}/g, '$&\n'),
  base64url: (text) => Buffer.from(text).toString('base64url'),
  hex: (text) => Buffer.from(text).toString('hex'),
  'spaced hex': (text) =>
    bytes(text)
      .map((b) => hex(b, 2).toUpperCase())
      .join(' '),
  '0x hex': (text) =>
    bytes(text)
      .map((b) => `0x${hex(b, 2)}`)
      .join(', '),
  rot13: (text) => rotate(text, 13),
  'rot n': (text, random) => rotate(text, 1 + Math.floor(random() * 25)),
  leet: (text) => swap(text.toLowerCase(), LEET),
  'hard leet': (text) => swap(text.toLowerCase(), HARD_LEET),
  'Markdown bold': (text) =>
    text
      .split(' ')
      .map((word) => `**${word}**`)
      .join(' '),
  'Markdown quote': (text) =>
    text
      .split(' ')
      .map((word, i) => (i % 6 === 0 ? `\n> ${word}` : word))
      .join(' '),
  'Markdown code': (text) => `\`\`\`\n${text}\n\`\`\``,
  'Markdown list': (text) =>
    text
      .split(' ')
      .map((word, i) => (i % 5 === 0 ? `\n${i / 5 + 1}. _${word}_` : word))
      .join(' '),
};

/** Further encodings, reported one by one. */
export const FURTHER: Readonly<Record<string, Writing>> = {
  'words reversed': (text) =>
    text
      .split(' ')
      .map((word) => [...word].reverse().join(''))
      .join(' '),
  'without vowels': (text) => text.replace(/[aeiou]/gi, ''),
  'starred vowels': (text) => text.replace(/[aeiou]/gi, '*'),
  'percent encoded': (text) =>
    bytes(text)
      .map((b) => `%${hex(b, 2)}`)
      .join(''),
  'URL component': (text) => encodeURIComponent(text),
  'HTML entities': (text) =>
    units(text)
      .map((u) => `&#${u};`)
      .join(''),
  'HTML hex entities': (text) =>
    units(text)
      .map((u) => `&#x${hex(u, 4)};`)
      .join(''),
  'HTML tags': (text) =>
    text
      .split(' ')
      .map((word) => `<b>${word}</b>`)
      .join(' '),
  'nested escapes': (text) =>
    JSON.stringify(
      JSON.stringify(
        units(text)
          .map((u) => `\\u${hex(u, 4)}`)
          .join(''),
      ),
    ),
  'HTML comments': (text) => [...text].map((letter) => `${letter}<!-- note -->`).join(''),
  'JavaScript comments': (text) => [...text].map((letter) => `${letter}/* note */`).join(''),
  Morse: (text) => morse(text),
  'chr() list': (text) =>
    bytes(text)
      .map((b) => `chr(${b})`)
      .join('+'),
  'fromCharCode list': (text) =>
    bytes(text)
      .map((b) => `String.fromCharCode(${b})`)
      .join(' + '),
  'word a table row': (text) =>
    text
      .split(' ')
      .map((word, i) => `| ${i} | row | ${word} |`)
      .join('\n'),
  'word a JSON member': (text) => JSON.stringify(text.split(' ').map((word) => ({ name: 'part', value: word }))),
  'decimal codes': (text) => bytes(text).join(' '),
  'decimal array': (text) => JSON.stringify(bytes(text)),
  binary: (text) =>
    bytes(text)
      .map((b) => b.toString(2).padStart(8, '0'))
      .join(' '),
  'binary unspaced': (text) =>
    bytes(text)
      .map((b) => b.toString(2).padStart(8, '0'))
      .join(''),
  octal: (text) =>
    bytes(text)
      .map((b) => `\\${b.toString(8).padStart(3, '0')}`)
      .join(''),
  'U+ notation': (text) =>
    units(text)
      .map((u) => `U+${hex(u, 4).toUpperCase()}`)
      .join(' '),
  base32: (text) => base32(Buffer.from(text)),
  'base64 twice': (text) => Buffer.from(Buffer.from(text).toString('base64')).toString('base64'),
  'base64 of rot13': (text) => Buffer.from(rotate(text, 13)).toString('base64'),
  'base64 of reversed': (text) => Buffer.from([...text].reverse().join('')).toString('base64'),
  'base64 reversed': (text) => [...Buffer.from(text).toString('base64')].reverse().join(''),
  'base64 spaced': (text) => [...Buffer.from(text).toString('base64')].join(' '),
  'base64 of UTF-16': (text) => Buffer.from(text, 'utf16le').toString('base64'),
  'hex of base64': (text) => Buffer.from(Buffer.from(text).toString('base64')).toString('hex'),
  'hex reversed': (text) => [...Buffer.from(text).toString('hex')].reverse().join(''),
  'reversed leet': (text) => swap([...text.toLowerCase()].reverse().join(''), LEET),
  'rot13 spaced': (text) => [...rotate(text, 13)].join(' '),
  'rot13 reversed': (text) => [...rotate(text, 13)].reverse().join(''),
  atbash: (text) => text.replace(/[a-z]/gi, (c) => String.fromCharCode((c < 'a' ? 155 : 219) - c.charCodeAt(0))),
  rot47: (text) => text.replace(/[!-~]/g, (c) => String.fromCharCode(33 + ((c.charCodeAt(0) - 33 + 47) % 94))),
  'ASCII plus one': (text) => text.replace(/[!-}]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 1)),
  'keyboard shift': (text) =>
    text
      .toLowerCase()
      .replace(/[a-z]/g, (c) => 'snvfrghjokl;,mp[wtdyibecuz'['abcdefghijklmnopqrstuvwxyz'.indexOf(c)] ?? c),
  'random alphabet': (text, random) => substitute(text, random),
  'small capitals': (text) => swap(text.toLowerCase(), zip('abcdefghijklmnoprstuvwz', 'ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡᴢ')),
  'circled letters': (text) => text.replace(/[a-z]/g, (c) => String.fromCodePoint(0x24d0 + c.charCodeAt(0) - 97)),
  'regional indicators': (text) =>
    text.toLowerCase().replace(/[a-z]/g, (c) => `${String.fromCodePoint(0x1f1e6 + c.charCodeAt(0) - 97)} `),
  'tag characters': (text) =>
    `Fine.${[...text].map((c) => (c < '\x7f' ? String.fromCodePoint(0xe0000 + c.charCodeAt(0)) : '')).join('')}`,
  stretched: (text) => [...text].map((c) => c.repeat(2)).join(''),
  'emoji between': (text) => [...text].join('🙂'),
  'words in reverse order': (text) => text.split(' ').reverse().join(' '),
  'every sixth word changed': (text) =>
    text
      .split(' ')
      .map((word, i) => (i % 6 === 5 ? 'banana' : word))
      .join(' '),
  'every fourth word dropped': (text) =>
    text
      .split(' ')
      .filter((_, i) => i % 4 !== 3)
      .join(' '),
  'typos in 3 %': (text, random) => [...text].map((c) => (random() < 0.03 ? 'x' : c)).join(''),
  'typos in 8 %': (text, random) => [...text].map((c) => (random() < 0.08 ? 'x' : c)).join(''),
};

function pick<T>(list: readonly T[], random: Random): T | '' {
  return list[Math.floor(random() * list.length)] ?? '';
}

function swap(text: string, map: Readonly<Record<string, string>>): string {
  return [...text].map((c) => map[c] ?? c).join('');
}

function zip(from: string, to: string): Record<string, string> {
  const targets = [...to];
  return Object.fromEntries([...from].map((c, i) => [c, targets[i] ?? c]));
}

function rotate(text: string, by: number): string {
  return text.replace(/[a-z]/gi, (c) => {
    const first = c < 'a' ? 65 : 97;
    return String.fromCharCode(first + ((c.charCodeAt(0) - first + by) % 26));
  });
}

function substitute(text: string, random: Random): string {
  const letters = [...'abcdefghijklmnopqrstuvwxyz'];
  const order = letters.map((letter) => ({ letter, key: random() })).sort((a, b) => a.key - b.key);
  return swap(text.toLowerCase(), Object.fromEntries(letters.map((letter, i) => [letter, order[i]?.letter ?? letter])));
}

function bold(character: string): string {
  const code = character.charCodeAt(0);
  if (/[a-z]/.test(character)) return String.fromCodePoint(0x1d41a + code - 97);
  return /[A-Z]/.test(character) ? String.fromCodePoint(0x1d400 + code - 65) : character;
}

function units(text: string): number[] {
  return Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
}

function bytes(text: string): number[] {
  return [...Buffer.from(text)];
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}

function base32(buffer: Buffer): string {
  const bits = [...buffer].map((b) => b.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? [])
    .map((b) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[parseInt(b.padEnd(5, '0'), 2)])
    .join('');
}

const MORSE =
  '.- -... -.-. -.. . ..-. --. .... .. .--- -.- .-.. -- -. --- .--. --.- .-. ... - ..- ...- .-- -..- -.-- --..'.split(
    ' ',
  );

function morse(text: string): string {
  return text
    .toLowerCase()
    .split(/[^a-z]+/)
    .map((word) => [...word].map((letter) => MORSE[letter.charCodeAt(0) - 97]).join(' '))
    .join(' / ');
}
