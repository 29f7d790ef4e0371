import { decodeHTMLStrict } from 'entities';

const FORMATTING = new Set(
  'a abbr b blockquote br cite code dd del div dl dt em font h1 h2 h3 h4 h5 h6 hr i ins kbd li mark ol p pre q s small span strike strong sub sup table tbody td th thead tr tt u ul var wbr'.split(
    ' ',
  ),
);

/** The character of an HTML entity, given without its `&` and `;`; the case of a name does not count. */
export function entityOf(name: string): number | undefined {
  for (const written of [`&${name};`, `&${name.toLowerCase()};`]) {
    const decoded = decodeHTMLStrict(written);
    if (decoded !== written) return decoded.codePointAt(0);
  }
  return undefined;
}

/** Whether this is the inside of a tag that only formats; tags with attributes are not, for words could hide in them. */
export function isFormattingTag(inside: string): boolean {
  return FORMATTING.has(inside.replace(/^\/|\s*\/?$/g, '').toLowerCase());
}
