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
  private buffer = '';
  private phrase: Phrase | undefined;
  private isOver = false;

  /** The text that is no such reasoning. */
  write(text: string): string {
    if (this.isOver) return text;
    const read = Math.max(0, this.buffer.length - MAX_CLOSE);
    this.buffer += text;
    if (!this.phrase) {
      const head = this.buffer.slice(0, MAX_OPEN).trimStart();
      this.phrase = PHRASES.find(({ open }) => open.test(head));
      if (!this.phrase) return head === '' || PHRASES.some(({ partial }) => partial.test(head)) ? '' : this.release();
    }
    const close = this.phrase.close.exec(this.buffer.slice(read));
    if (!close) return '';
    this.buffer = this.buffer.slice(read + close.index + close[0].length).trimStart();
    return this.release();
  }

  /** What is still held back, where it is text. */
  end(isCut: boolean): string {
    const isReasoning = this.phrase && (isCut || !this.phrase.mayBeText);
    return isReasoning ? '' : this.release();
  }

  private release(): string {
    const { buffer } = this;
    this.buffer = '';
    this.isOver = true;
    return buffer;
  }
}
