import { pattern } from './pattern';

const EDGE_BEFORE = pattern(
  'i',
  String.raw`^(?:[\s,;:.!?)\]*-]|(?:to|that|and|about|for me to|for|called|named|titled|with|due|on|at|by|of`,
  String.raw`|the title|title|text|content|saying|says|dass|zu|di|che|il|la|daran|bitte|please|which is|which`,
  String.raw`|it|is|it's|it should be|should be|under)(?=[\s,]|$))+`,
);
const EDGE_AFTER = pattern(
  'i',
  String.raw`(?:[\s,;:(\[*.!?-]|\s(?:to|that|and|with|due|on|at|by|for|in|of|until|before|from|is|it's|it`,
  String.raw`|it is|as|please|thanks|thank you|thx|bitte|danke|grazie|per favore|und|e|bis|am|um|mit|entro`,
  String.raw`|per|il|la|con|then|also|the|my|a|an|assign|assigned|deadline|project|priority|should be`,
  String.raw`|make))+$`,
);

/**
 * A title out of what is left of a sentence: no connecting words at its ends, a capital first letter, one line, at
 * most 200 characters.
 */
export function titleFrom(rest: string): string {
  let title = rest.replace(/\s+/g, ' ').slice(0, 400).trim();
  for (let round = 0; round < 4; round += 1) {
    const shorter = title.replace(EDGE_BEFORE, '').replace(EDGE_AFTER, '').trim();
    if (shorter === title) break;
    title = shorter;
  }
  title = title.replace(/\s+([,;:.!?])/g, '$1').replace(/^["'“”„«]+|["'“”«»]+$/g, '');
  return capital(shorten(title, 200));
}

export function capital(text: string): string {
  const first = text.charAt(0);
  return /^\p{Ll}\p{Lu}/u.test(text) ? text : first.toUpperCase() + text.slice(1);
}

/** At most so many characters, cut between words where there is a space near. */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text;
  const cut = text.slice(0, most - 1);
  const space = cut.lastIndexOf(' ');
  return `${(space > most / 2 ? cut.slice(0, space) : cut).replace(/\p{Cs}/gu, '').trimEnd()}…`;
}
