import type { DetectionState } from './detection-state';
import { LetterLane } from './letter-lane';

const { min } = Math;
const NEWLINE = 0x0a;
const SENTENCE_ENDS: ReadonlySet<number> = new Set([...'.!?:;\n'].map((sign) => sign.charCodeAt(0)));

/** The first letters of words, sentences and lines, and the last ones of words and lines: acrostics, and alphabets of words such as NATO's. */
export class AcrosticFilter {
  private readonly words: LetterLane;
  private readonly sentences: LetterLane;
  private readonly lines: LetterLane;
  private readonly wordEnds: LetterLane;
  private readonly lineEnds: LetterLane;
  private beginsSentence = true;
  private beginsLine = true;
  private last = 0;
  private lastAt = 0;

  constructor(detectionState: DetectionState) {
    this.words = new LetterLane(detectionState);
    this.sentences = new LetterLane(detectionState);
    this.lines = new LetterLane(detectionState);
    this.wordEnds = new LetterLane(detectionState);
    this.lineEnds = new LetterLane(detectionState);
  }

  get holdFrom(): number {
    const { words, sentences, lines, wordEnds, lineEnds } = this;
    return min(words.suspectFrom, sentences.suspectFrom, lines.suspectFrom, wordEnds.suspectFrom, lineEnds.suspectFrom);
  }

  /** Takes the first letter of a word. */
  begin(letter: number, at: number): void {
    this.words.push(letter, at);
    if (this.beginsSentence) this.sentences.push(letter, at);
    if (this.beginsLine) this.lines.push(letter, at);
    this.beginsSentence = false;
    this.beginsLine = false;
  }

  /** Takes the last letter of a word. */
  finish(letter: number, at: number): void {
    this.wordEnds.push(letter, at);
    this.last = letter;
    this.lastAt = at;
  }

  /** Takes a sign or white space. */
  separate(codePoint: number): void {
    this.beginsSentence ||= SENTENCE_ENDS.has(codePoint);
    if (codePoint !== NEWLINE || this.beginsLine) return;
    this.lineEnds.push(this.last, this.lastAt);
    this.beginsLine = true;
  }
}
