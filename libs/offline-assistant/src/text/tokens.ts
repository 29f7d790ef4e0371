import { fold } from './clean';

/** `quote` is quoted text (without its marks), `id` an explicit identifier; neither is ever read as a command. */
export type TokenKind = 'word' | 'number' | 'mark' | 'break' | 'quote' | 'id';

export interface Token {
  readonly kind: TokenKind;
  /** As it was written. */
  readonly text: string;
  /** Folded, and corrected where a command word was misspelled; empty for quotes. */
  readonly word: string;
  readonly start: number;
  readonly end: number;
}

const UUID = String.raw`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`;
const QUOTES = String.raw`"[^"\n]{1,1000}"|“[^”"\n]{1,1000}["”]|„[^“”"\n]{1,1000}["“”]|«[^»\n]{1,1000}»|‘[^’\n]{1,500}’(?!\p{L})`;
const SINGLE = String.raw`(?<![\p{L}\p{N}])'(?:[^'\n]|'(?=\p{L})){1,500}'(?![\p{L}\p{N}])`;
const NUMBER = String.raw`\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?Z?)?|\d{1,2}-\d{1,2}-\d{4}(?!\d)|\d+(?:[.:\/]\d+)*(?:\.(?=\s|$|[,;)]))?(?:h\d\d|[ap]\.m\.|(?:am|pm|h|st|nd|rd|th|er|uhr|º|ª|°)(?![\p{L}]))?`;
/** A short key ("T-318") is one word. */
const KEY = String.raw`(?<![\p{L}\p{N}])[a-z]{1,8}[-_]\d{1,8}(?![\p{L}\p{N}-])`;
const WORD = String.raw`${KEY}|\p{L}[\p{L}\p{M}\p{N}]*(?:[’'](?=\p{L})[\p{L}\p{M}]+)*[’']?`;
const ADDRESS = String.raw`[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}`;
const PATTERN = new RegExp(
  `(?<quote>${QUOTES}|${SINGLE})|(?<id>${UUID})|(?<address>${ADDRESS})|(?<number>${NUMBER})|(?<word>${WORD})|(?<break>\\n+)|(?<mark>[^\\s])`,
  'giu',
);
/** Words that Romance languages write together with the next one. */
const ELIDED =
  /^(?:l|d|un|dell|all|nell|dall|sull|qu|j|n|s|c|m|t|jusqu|lorsqu|quest|quell|dov|cos|quand)['’](?=\p{L}{2})/iu;

/** Splits a text in one pass; what is quoted and explicit ids become single tokens. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  for (const match of text.matchAll(PATTERN)) {
    const kind = kindOf(match.groups);
    const [raw] = match;
    const start = match.index;
    // A hyphen inside a word joins two words ("to-do", "après-demain").
    if (/^[-‑]$/.test(raw) && /[\p{L}]-\p{L}/u.test(`${text.charAt(start - 1)}-${text.charAt(start + 1)}`)) continue;
    if (kind === 'quote') {
      const inner = raw.slice(1, -1);
      const from = start + 1 + (inner.length - inner.trimStart().length);
      tokens.push({ kind, text: inner.trim(), word: '', start, end: start + raw.length });
      if (from > start + raw.length) tokens.pop();
    } else if (kind === 'word') tokens.push(...wordsOf(raw, start));
    else
      tokens.push({
        kind,
        text: raw,
        word: kind === 'number' ? raw.toLowerCase() : fold(raw),
        start,
        end: start + raw.length,
      });
  }
  return tokens;
}

function kindOf(groups: Readonly<Record<string, string | undefined>> | undefined): TokenKind {
  if (groups?.['quote'] !== undefined) return 'quote';
  if (groups?.['id'] !== undefined) return 'id';
  if (groups?.['number'] !== undefined) return 'number';
  if (groups?.['break'] !== undefined) return 'break';
  return groups?.['mark'] !== undefined ? 'mark' : 'word';
}

function wordsOf(raw: string, start: number): Token[] {
  const elided = ELIDED.exec(raw)?.[0] ?? '';
  if (elided === '') return [wordToken(raw, start)];
  return [wordToken(elided, start), ...wordsOf(raw.slice(elided.length), start + elided.length)];
}

function wordToken(raw: string, start: number): Token {
  return { kind: 'word', text: raw, word: fold(raw), start, end: start + raw.length };
}
