const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  lsquo: '‘',
  rsquo: '’',
  ldquo: '“',
  rdquo: '”',
  hellip: '…',
  mdash: '—',
  ndash: '–',
  bsol: '\\',
  percnt: '%',
  num: '#',
  lbrace: '{',
  rbrace: '}',
  newline: '\n',
  tab: '\t',
  shy: '\u00ad',
  zwj: '\u200d',
  zwnj: '\u200c',
};

const FORMATTING = new Set(
  'a abbr b blockquote br cite code dd del div dl dt em font h1 h2 h3 h4 h5 h6 hr i ins kbd li mark ol p pre q s small span strike strong sub sup table tbody td th thead tr tt u ul var wbr'.split(
    ' ',
  ),
);

/** The character of an HTML entity, given without its `&` and `;`. */
export function entityOf(name: string): number | undefined {
  const numeric = /^#(?:x([0-9a-f]{1,6})|([0-9]{1,7}))$/i.exec(name);
  if (!numeric) return ENTITIES[name.toLowerCase()]?.codePointAt(0);
  const value = numeric[1] === undefined ? Number(numeric[2]) : parseInt(numeric[1], 16);
  return value <= 0x10ffff ? value : undefined;
}

/** Whether this is the inside of a tag that only formats; tags with attributes are not, for words could hide in them. */
export function isFormattingTag(inside: string): boolean {
  return FORMATTING.has(inside.replace(/^\/|\s*\/?$/g, '').toLowerCase());
}
