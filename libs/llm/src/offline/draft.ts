/**
 * How much of a message is read as a command; what follows is only ever content. Keeps every pattern's work
 * bounded.
 */
export const WINDOW = 2_000;

// Private-use characters stand for what is taken and what is quoted; `clean` removes them from what comes in.
const TAKEN = '\ue000';
const QUOTED = '\ue001';
const UNWANTED = /(?![\n\t\u200d])[\p{Cc}\p{Cf}\p{Cs}\ue000\ue001]/gu;
const DOUBLE_QUOTES = /"([^"\n]{1,500})"/g;
const SINGLE_QUOTES = /(?<=^|[\s:(,])'((?:[^'\n]|'(?=\p{L})){1,300})'(?!\p{L})/gu;
const FOLDED: Readonly<Record<string, string>> = {
  '‘': "'",
  '’': "'",
  '‚': "'",
  '`': "'",
  ʼ: "'",
  '“': '"',
  '”': '"',
  '„': '"',
  '«': '"',
  '»': '"',
  '–': '-',
  '—': '-',
};

const WORD = /[\p{L}\p{N}]/u;

export interface Taken {
  /** The groups of the pattern as they were written, the whole match first; quotes around a group are gone. */
  readonly parts: readonly string[];
  readonly start: number;
  readonly end: number;
}

/** Text without control and invisible characters, in one normal form. */
export function clean(raw: string): string {
  return raw.normalize('NFC').replace(UNWANTED, '').trim();
}

/** Lower case, no accents, plain quotes; as long as the text, so that positions agree. */
export function fold(text: string): string {
  let folded = '';
  for (let index = 0; index < text.length; index += 1) folded += foldUnit(text.charAt(index));
  return folded;
}

/**
 * A clause that is taken apart piece by piece: what was taken is no longer seen, what is quoted is never read as a
 * command.
 */
export class Draft {
  /** Quoted pieces in the order of the text. */
  readonly quotes: readonly string[];
  private seen: string;

  constructor(readonly text: string) {
    const folded = fold(text);
    const quotes: string[] = [];
    const hide = (whole: string, inner: string, at: number): string => {
      quotes.push(text.slice(at + 1, at + 1 + inner.length));
      return whole.charAt(0) + QUOTED.repeat(inner.length) + whole.charAt(0);
    };
    this.seen = folded.replace(DOUBLE_QUOTES, hide).replace(SINGLE_QUOTES, hide);
    this.quotes = quotes;
  }

  /** What may still be read: folded, with quoted and taken characters replaced. */
  get live(): string {
    return this.seen;
  }

  /** The same in the original spelling, for parsers that know accents. */
  get unfolded(): string {
    let text = '';
    for (let index = 0; index < this.text.length; index += 1) {
      const hidden = this.seen.charAt(index) === TAKEN || this.seen.charAt(index) === QUOTED;
      text += hidden ? '|' : this.text.charAt(index);
    }
    return text;
  }

  /** Takes what the pattern (with the `d` flag) finds first. */
  take(pattern: RegExp): Taken | undefined {
    const match = pattern.exec(this.seen);
    if (!match) return undefined;
    const spans = match.indices ?? [];
    const parts = Array.from(spans, (span) => (span ? unquote(this.text.slice(span[0], span[1])) : ''));
    this.cut(match.index, match.index + match[0].length);
    return { parts, start: match.index, end: match.index + match[0].length };
  }

  /** Where a folded name stands as whole words in what nobody took, quoted or not. */
  find(name: string): { start: number; end: number } | undefined {
    const folded = fold(this.text);
    for (let start = folded.indexOf(name); start >= 0; start = folded.indexOf(name, start + 1)) {
      const end = start + name.length;
      const whole = !WORD.test(folded.charAt(start - 1)) && !WORD.test(folded.charAt(end));
      if (whole && !this.seen.slice(start, end).includes(TAKEN)) return { start, end };
    }
    return undefined;
  }

  has(pattern: RegExp): boolean {
    return pattern.test(this.seen);
  }

  cut(start: number, end: number): void {
    this.seen = this.seen.slice(0, start) + TAKEN.repeat(end - start) + this.seen.slice(end);
  }

  /** What nobody took, in the original spelling. */
  rest(): string {
    let text = '';
    for (let index = 0; index < this.text.length; index += 1) {
      text += this.seen.charAt(index) === TAKEN ? ' ' : this.text.charAt(index);
    }
    return text.replace(/[^\S\n]+/g, ' ').trim();
  }
}

export function unquote(text: string): string {
  const bare = text.trim();
  const folded = fold(bare);
  const mark = folded.charAt(0);
  const wrapped = bare.length > 1 && (mark === '"' || mark === "'") && folded.endsWith(mark);
  return wrapped ? bare.slice(1, -1).trim() : bare;
}

function foldUnit(unit: string): string {
  if (unit < '\u0080' && unit !== '`') return unit.toLowerCase();
  if (unit === '\u00a0' || unit === '\u202f') return ' ';
  return FOLDED[unit] ?? unit.normalize('NFD').charAt(0).toLowerCase().charAt(0);
}
