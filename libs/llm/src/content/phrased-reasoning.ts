interface Phrase {
  readonly open: RegExp;
  /** What an answer that may still begin with the phrase has so far. */
  readonly partial: RegExp;
  readonly close: RegExp;
  /** Without its close the phrase is ordinary text. */
  readonly mayBeText: boolean;
}

const PHRASES: readonly Phrase[] = [
  // gpt-oss on a server that drops its special tokens.
  {
    open: /^analysis(?=[A-Z])/,
    partial: /^a(?:n(?:a(?:l(?:y(?:s(?:is?)?)?)?)?)?)?$/,
    close: /assistantfinal/,
    mayBeText: false,
  },
  // Granite 3.2.
  {
    open: /^Here(?: is|'s) my thought process:/,
    partial: /^H(?:e(?:r(?:e[ '][a-z ]{0,24})?)?)?$/,
    close: /Here(?: is|'s) my response:/,
    mayBeText: true,
  },
];

const MAX_OPEN = 64;
const MAX_CLOSE = 32;

/** Separates reasoning that begins an answer and is marked by words only. Holds back what may be such a beginning, and all of it until its close. */
export class PhrasedReasoning {
  /** What has arrived before it is known whether the answer begins with a phrase. */
  private head = '';
  private phrase: Phrase | undefined;
  /** Of reasoning that without its close is text. Parts, because a text that grows by tokens would be copied with each. */
  private held: string[] = [];
  /** The last characters, in which the close may have begun. */
  private tail = '';
  private isOver = false;

  /** The text that is no such reasoning. */
  write(text: string): string {
    if (this.isOver) return text;
    if (this.phrase) return this.untilClose(this.phrase, text);
    this.head += text;
    const beginning = this.head.slice(0, MAX_OPEN).trimStart();
    this.phrase = PHRASES.find(({ open }) => open.test(beginning));
    if (this.phrase) return this.untilClose(this.phrase, this.head);
    const mayBegin = beginning === '' || PHRASES.some(({ partial }) => partial.test(beginning));
    return mayBegin && this.head.length < MAX_OPEN ? '' : this.release(this.head);
  }

  /** What is still held back, where it is text. */
  end(isCut: boolean): string {
    if (this.isOver) return '';
    if (!this.phrase) return this.release(this.head);
    return this.release(isCut ? '' : this.held.join(''));
  }

  private untilClose({ close, mayBeText }: Phrase, text: string): string {
    const recent = this.tail + text;
    const found = close.exec(recent);
    if (found) return this.release(recent.slice(found.index + found[0].length).trimStart());
    if (mayBeText) this.held.push(text);
    this.tail = recent.slice(-MAX_CLOSE);
    return '';
  }

  private release(text: string): string {
    [this.head, this.tail, this.held] = ['', '', []];
    this.isOver = true;
    return text;
  }
}
