const UNWANTED = /(?![\n\t\u200d])[\p{Cc}\p{Cf}\p{Cs}\ue000\ue001]/gu;
const FOLDED: Readonly<Record<string, string>> = {
  '‘': "'",
  '’': "'",
  '‚': "'",
  '`': "'",
  '´': "'",
  ʼ: "'",
  '“': '"',
  '”': '"',
  '„': '"',
  '«': '"',
  '»': '"',
  '–': '-',
  '—': '-',
  '‑': '-',
  ß: 's',
  œ: 'o',
  '\u00a0': ' ',
  '\u202f': ' ',
};

/** Text without control and invisible characters, in one normal form. */
export function clean(raw: string): string {
  return raw.normalize('NFC').replace(/\r\n?/g, '\n').replace(UNWANTED, '').trim();
}

/** Lower case, no accents, plain quotes; as long as the text, so that positions agree. */
export function fold(text: string): string {
  let folded = '';
  for (let index = 0; index < text.length; index += 1) folded += foldUnit(text.charAt(index));
  return folded;
}

function foldUnit(unit: string): string {
  if (unit < '\u0080' && unit !== '`') return unit.toLowerCase();
  return FOLDED[unit] ?? (unit.normalize('NFD').charAt(0).toLowerCase().charAt(0) || unit);
}
