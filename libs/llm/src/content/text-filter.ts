import { findClosing, findOpening, partialTag, type TextTag } from './text-tags';
import { ModelOutputError } from './model-output-error';
import { parseTextCalls } from './text-tool-calls';
import type { ToolCallDelta } from './tool-call-assembler';

/** A call that is the whole answer, as plain JSON, and what may become one. These are tried on the first characters only. */
const JSON_CALL =
  /^(?:```(?:json)?\s{0,4})?\[?\s{0,4}\{\s{0,4}"(?:name|function|type|id|arguments|parameters|tool_calls)"\s{0,2}:/;
const JSON_CALL_PREFIX =
  /^(?:`{1,3}|```(?:j|js|jso|json)?\s{0,4})?\[?\s{0,4}(?:\{\s{0,4}(?:"[a-z_]{0,10}(?:"\s{0,2})?)?)?$/;
/** The same in Python, as some models write it: a list of calls of known tools. */
const PYTHON_CALL = /^\[([a-z_]\w{0,63})\(/i;
const PYTHON_CALL_PREFIX = /^\[(?:[a-z_]\w{0,63})?$/i;
const HEAD = 80;
const MAX_CALLS_TEXT = 65_536;
/** What comes directly before a tag that the answer is about. */
const QUOTES = '`"\'(“‘„«';

/**
 * Separates the visible text of one answer from reasoning and from tool calls that are written as text, over any chunking. Holds back only
 * what may still be the beginning of a tag or of a call, and all text while it is expected to be reasoning without an opening tag.
 */
export class TextFilter {
  private buffer = '';
  private span: TextTag | undefined;
  private body = '';
  private lastShown = '';
  private visible = false;
  private trimming = false;
  private hasReasoned = false;
  private isPlainText = false;
  private isWrapped = false;
  private held = '';
  private readonly calls: ToolCallDelta[] = [];

  /**
   * `tools`: the names of those that may be called. `holding`: text before a closing tag is expected to be reasoning. `retract` is called
   * where such a tag shows that all text so far was reasoning.
   */
  constructor(
    private readonly tools: ReadonlySet<string>,
    private holding: boolean,
    private readonly retract: () => void,
  ) {}

  /** Whether text is held back that no tag has shown to be reasoning. */
  get isHolding(): boolean {
    return this.holding && this.visible;
  }

  /** The visible text that is now certain. Throws for a tool call that cannot be read. */
  write(text: string): string {
    this.buffer += text;
    let shown = '';
    while (this.buffer !== '') {
      if (this.mayBeCall()) break;
      const { tag, text: more } = this.span ? this.skip(this.span) : this.showUntilTag();
      shown += more;
      if (!tag) break;
      if (tag.kind === 'end') shown = this.endReasoning(shown);
    }
    this.held += shown;
    return this.holding ? '' : this.release();
  }

  /** The provider separates reasoning from text. Returns what was held back. */
  reasoningIsSeparate(): string {
    this.hasReasoned = true;
    return this.release();
  }

  /**
   * The rest of the visible text, and the calls that were written as text. Where the answer was cut, a span that is still open is dropped, and
   * so is what was held back.
   */
  end(cut: boolean): { readonly text: string; readonly calls: readonly ToolCallDelta[] } {
    const json = this.mayBeCall() && !cut ? parseTextCalls(this.buffer) : undefined;
    if (json?.every(({ name }) => this.tools.has(name ?? ''))) return { text: '', calls: json };
    this.isPlainText = true;
    const rest = this.write('');
    const { span, buffer } = this;
    const held = cut && this.holding ? '' : rest + this.release();
    this.buffer = '';
    if (!span) return { text: cut && this.holding ? '' : held + this.show(buffer), calls: this.calls };
    this.body += buffer;
    if (!cut) this.close(span);
    return { text: held, calls: this.calls };
  }

  private mayBeCall(): boolean {
    const { buffer } = this;
    if (this.isPlainText || this.tools.size === 0 || this.visible || this.span || buffer.length > MAX_CALLS_TEXT)
      return false;
    const head = buffer.trimStart().slice(0, HEAD);
    if (JSON_CALL_PREFIX.test(head) || JSON_CALL.test(head) || PYTHON_CALL_PREFIX.test(head)) return true;
    return this.tools.has(PYTHON_CALL.exec(head)?.[1] ?? '');
  }

  private showUntilTag(): { readonly tag: TextTag | undefined; readonly text: string } {
    const { buffer } = this;
    const found = findOpening(buffer);
    if (!found) {
      const held = partialTag(buffer);
      this.buffer = buffer.slice(buffer.length - held);
      return { tag: undefined, text: this.show(buffer.slice(0, buffer.length - held)) };
    }
    const before = found.at > 0 ? buffer[found.at - 1] : this.lastShown;
    const { tag } = found;
    this.buffer = buffer.slice(found.end);
    const isQuoted = this.isText(tag, before, buffer.slice(0, found.at));
    if (!isQuoted && (tag.kind === 'reasoning' || tag.kind === 'calls')) {
      this.span = tag;
      this.body = /^<\w.*=$/.test(tag.open) ? tag.open : '';
      if (tag.kind === 'reasoning') this.holding = false;
    }
    const text = this.show(buffer.slice(0, isQuoted ? found.end : found.at));
    return { tag: isQuoted ? { ...tag, kind: 'marker' } : tag, text };
  }

  /** Whether a tag is a part of the answer: because it is quoted, or stands where it does not have its meaning. */
  private isText({ kind, open, onlyFirst }: TextTag, before: string | undefined, shown: string): boolean {
    const isFirst = !this.visible && shown.trim() === '';
    if (kind === 'end') return QUOTES.includes(before || ' ');
    if (before === '`' || (onlyFirst && !isFirst)) return true;
    if (kind !== 'wrapper') return false;
    if (!open.startsWith('</')) this.isWrapped ||= isFirst && this.hasReasoned;
    return !this.isWrapped;
  }

  /** A closing tag without an opening one: `text` and all before it was reasoning. A second such tag is only removed. */
  private endReasoning(text: string): string {
    if (this.hasReasoned) return text;
    this.hasReasoned = true;
    this.retract();
    this.holding = false;
    this.held = '';
    this.visible = false;
    this.trimming = true;
    return '';
  }

  private release(): string {
    const { held } = this;
    this.holding = false;
    this.held = '';
    return held;
  }

  /** Reads on in a span; returns its tag where it has ended. */
  private skip(span: TextTag): { readonly tag: TextTag | undefined; readonly text: '' } {
    const { buffer } = this;
    const found = findClosing(span, buffer);
    const end = found?.at ?? buffer.length - partialTag(buffer, span);
    if (span.kind === 'calls') this.body += buffer.slice(0, end);
    if (this.body.length > MAX_CALLS_TEXT) throw new ModelOutputError('a tool call in the text is too long');
    this.buffer = buffer.slice(found?.end ?? end);
    if (found) this.close(span);
    return { tag: found && span, text: '' };
  }

  private close(span: TextTag): void {
    const { body } = this;
    this.span = undefined;
    this.body = '';
    this.trimming = !this.visible;
    this.hasReasoned ||= span.kind === 'reasoning';
    if (span.kind !== 'calls' || this.tools.size === 0) return;
    const calls = parseTextCalls(body);
    if (!calls) throw new ModelOutputError('a tool call in the text cannot be read');
    this.calls.push(...calls);
  }

  /** White space between a span and the beginning of the answer is not part of it. */
  private show(text: string): string {
    const shown = this.trimming ? text.trimStart() : text;
    if (shown === '') return '';
    this.trimming = false;
    this.lastShown = shown.slice(-1);
    this.visible ||= shown.trim() !== '';
    return shown;
  }
}
