/** Characters that read like a Latin letter but that Unicode's own decompositions do not lead to one. Chosen by eye; see docs/prompt-leaks.md. */
const LOOKS_LIKE: Readonly<Record<string, string>> = {
  a: 'αаΑАᴀɐⱯᎪꭺⲁ∀ɑꓮ',
  b: 'βвΒВБбʙьЬЪъᏴᏏƀɓƃⲂꓐ',
  c: 'сСϲϹᴄↄɔᏟⲥꮯçƈꓚ¢',
  d: 'ԁԀđɗðÐᴅᎠᏧдꓓ',
  e: 'еЕεΕэєЄЭᴇǝəɛɘᎬ℮∃ⲉꓰ',
  f: 'ƒɟꜰϝғꓝ',
  g: 'ɡɢǥɠᏀᏳցգꓖ',
  h: 'һҺнНΗհɥʜħԋᎻᏂⲎꓧ',
  i: 'іІιΙıɩɪᎥᏆӏӀᴉɨⲓꓲ∣',
  j: 'јЈϳȷᴊɉյᎫꓙ',
  k: 'кКκΚᴋʞƙқҟᏦⲕꓗ',
  l: 'ʟłɫӏꞁᏞⳐլꓡ£',
  m: 'мМΜᴍɯᎷɱⲘꓟ',
  n: 'ηΝɴŋпПилЛոռⲚꓠñɲ',
  o: 'оОοΟσøØᴏօՕⲟଠ०૦௦ꓳө',
  p: 'рРρΡᴘþÞքᏢⲣꓑ',
  q: 'ԛԚզգꞯʠ',
  r: 'гГʀɹɾᎡᏒяЯᴦꭈꓣ',
  s: 'ѕЅꜱʂᏚՏꓢ§',
  t: 'тТτΤʇᴛŧᎢƭⲧꓔ†',
  u: 'υսᴜʉцЦʊꓴ',
  v: 'νѵѴʌᴠᏙⱱꓦ∨',
  w: 'ԝԜшШщЩωᴡʍᏔᎳաꓪ₩',
  x: 'хХχΧⲭꓫ×',
  y: 'уУγΥʏʎүҮᎽɏӯꓬ¥',
  z: 'ΖᴢʐᏃƶⲌꓜ',
  ae: 'æÆ',
  oe: 'œŒ',
  ss: 'ßẞ',
};

/** Dots of the Braille letters a to j as bits; k to t add dot 3, u v x y z add dots 3 and 6, w stands alone. */
const BRAILLE_A_TO_J = [0x01, 0x03, 0x09, 0x19, 0x11, 0x0b, 0x1b, 0x13, 0x0a, 0x1a];
const BRAILLE = 0x2800;
/** Emoji alphabets whose letters stand in order: regional indicators, negative circles, negative squares. */
const EMOJI_ALPHABETS = [0x1f1e6, 0x1f150, 0x1f170];

export const CONFUSABLES: ReadonlyMap<number, string> = new Map([...leetSign(), ...braille(), ...emoji()]);

function leetSign(): [number, string][] {
  return Object.entries(LOOKS_LIKE).flatMap(([letters, twins]) =>
    [...twins].map((twin): [number, string] => [twin.codePointAt(0) ?? 0, letters]),
  );
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
