import { DecodedCandidate, type InnerReaders } from './decoded-candidate';
import { isLetter } from '../normalise/ascii';

/** Groups in brackets, each this near to the last one, that make the text between them a text of its own. */
const MIN_GROUPS = 3;
const MAX_GAP = 14;
const MAX_GROUP = 200;
const CLOSERS: ReadonlyMap<number, number> = new Map([
  [code('<'), code('>')],
  [code('('), code(')')],
  [code('['), code(']')],
  [code('{'), code('}')],
]);
const BRACKETS_HELD = 2;
const SLASH = code('/');
const STAR = code('*');

/** The letters between comments, tags and brackets: `t<!-- x -->h<!-- y -->e`. */
export class BracketFilter {
  private readonly candidate: DecodedCandidate;
  private closer = 0;
  private last = 0;
  private inside = 0;
  private groups = 0;
  private gap = 0;

  constructor(readers: InnerReaders) {
    this.candidate = new DecodedCandidate(readers, BRACKETS_HELD);
  }

  get holdFrom(): number {
    return this.candidate.holdFrom;
  }

  feed(codePoint: number, at: number): void {
    if (this.closer !== 0) this.skip(codePoint);
    else if (CLOSERS.has(codePoint)) this.open(CLOSERS.get(codePoint) ?? 0);
    else if (codePoint === STAR && this.last === SLASH) this.open(SLASH);
    else if (isLetter(codePoint)) this.letter(codePoint, at);
    this.last = codePoint;
  }

  end(): void {
    this.candidate.end();
    this.groups = 0;
  }

  private open(closer: number): void {
    this.closer = closer;
    this.inside = 0;
  }

  private skip(codePoint: number): void {
    this.inside += 1;
    const closes = codePoint === this.closer && (codePoint !== SLASH || this.last === STAR);
    if (closes) {
      this.groups += 1;
      this.gap = 0;
    }
    if (this.inside > MAX_GROUP) this.end();
    if (closes || this.inside > MAX_GROUP) this.closer = 0;
  }

  private letter(codePoint: number, at: number): void {
    if (this.groups === 0) return;
    this.gap += 1;
    if (this.gap > MAX_GAP) this.end();
    else if (this.groups >= MIN_GROUPS) this.candidate.push(codePoint, at);
  }
}

/** Words among which a repeated one is filler: two rows of three words of filler with a word such as "user's". */
const RECENT = 12;
/** So many of the last words must be repeated. */
const MIN_REPEATED = 2;
const REPEATED_AMONG = 5;
const WORDS_HELD = 3;
const MAX_WORD = 24;

/** The words that are not repeated all the time: `row The row user's row data`. */
export class RepeatedWordFilter {
  private readonly candidate: DecodedCandidate;
  private readonly recent: string[] = [];
  private readonly repeated: boolean[] = [];
  private readonly places: number[] = [];
  private word = '';

  constructor(readers: InnerReaders) {
    this.candidate = new DecodedCandidate(readers, WORDS_HELD);
  }

  get holdFrom(): number {
    return this.candidate.holdFrom;
  }

  feed(codePoint: number, at: number): void {
    if (isLetter(codePoint)) {
      if (this.word.length >= MAX_WORD) return;
      this.word += String.fromCharCode(codePoint | 0x20);
      this.places.push(at);
    } else if (this.word !== '') this.endWord();
  }

  end(): void {
    if (this.word !== '') this.endWord();
    this.candidate.end();
  }

  private endWord(): void {
    const { word, places } = this;
    // Twice, because a secret itself repeats words such as "the".
    const isRepeated = this.recent.indexOf(word) !== this.recent.lastIndexOf(word);
    this.recent.push(word);
    this.repeated.push(isRepeated);
    if (this.recent.length > RECENT) this.recent.shift();
    if (this.repeated.length > REPEATED_AMONG) this.repeated.shift();
    const isActive = this.repeated.filter((one) => one).length >= MIN_REPEATED;
    if (!isActive) this.candidate.end();
    else if (!isRepeated) {
      for (let i = 0; i < word.length; i += 1) this.candidate.push(word.charCodeAt(i), places[i] ?? 0);
    }
    this.word = '';
    this.places.length = 0;
  }
}

function code(character: string): number {
  return character.charCodeAt(0);
}
