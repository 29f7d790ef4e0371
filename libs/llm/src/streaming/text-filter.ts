import { findClosing, findOpening, partialTag, type TextTag } from './text-tags';
import { parseTextCalls } from './text-tool-calls';
import type { ToolCallDelta } from './tool-call-assembler';

/** A call that is the whole answer, as plain JSON, and what may become one. Both are tried on the first characters only. */
const JSON_CALL = /^(?:```(?:json)?\s{0,4})?\[?\s{0,4}\{\s{0,4}"(?:name|function|type)"\s{0,2}:/;
const JSON_CALL_PREFIX =
  /^(?:`{1,3}|```(?:j|js|jso|json)?\s{0,4})?\[?\s{0,4}(?:\{\s{0,4}(?:"[a-z]{0,8}(?:"\s{0,2})?)?)?$/;
const HEAD = 48;
const MAX_CALLS_TEXT = 262_144;

/**
 * Separates the visible text of one answer from reasoning and from tool calls that are written as text, over any chunking. Holds back only
 * what may still be the beginning of a tag or of a call.
 */
export class TextFilter {
  private buffer = '';
  private span: TextTag | undefined;
  private body = '';
  private lastShown = '';
  private visible = false;
  private trimming = false;
  private readonly calls: ToolCallDelta[] = [];

  /** `tools`: the names of those that may be called. */
  constructor(private readonly tools: ReadonlySet<string>) {}

  /** The visible text that is now certain. Throws for a tool call that cannot be read. */
  write(text: string): string {
    this.buffer += text;
    let shown = '';
    while (this.buffer !== '') {
      if (this.mayBeJsonCall()) break;
      const { tag, text: more } = this.span ? { tag: this.skip(this.span), text: '' } : this.showUntilTag();
      shown += more;
      if (!tag) break;
    }
    return shown;
  }

  /** The rest of the visible text, and the calls that were written as text. A span that is still open is dropped where the answer was cut. */
  end(cut: boolean): { readonly text: string; readonly calls: readonly ToolCallDelta[] } {
    const { span, buffer } = this;
    const json = this.mayBeJsonCall() && !cut ? parseTextCalls(buffer) : undefined;
    this.buffer = '';
    if (json?.every(({ name }) => this.tools.has(name ?? ''))) return { text: '', calls: json };
    if (!span) return { text: this.show(buffer), calls: this.calls };
    this.body += buffer;
    if (!cut) this.close(span);
    return { text: '', calls: this.calls };
  }

  private mayBeJsonCall(): boolean {
    const { buffer } = this;
    if (this.tools.size === 0 || this.visible || this.span || buffer.length > MAX_CALLS_TEXT) return false;
    const head = buffer.trimStart().slice(0, HEAD);
    return JSON_CALL_PREFIX.test(head) || JSON_CALL.test(head);
  }

  private showUntilTag(): { readonly tag: boolean; readonly text: string } {
    const { buffer } = this;
    const found = findOpening(buffer);
    if (!found) {
      const held = partialTag(buffer);
      this.buffer = buffer.slice(buffer.length - held);
      return { tag: false, text: this.show(buffer.slice(0, buffer.length - held)) };
    }
    const before = found.at > 0 ? buffer[found.at - 1] : this.lastShown;
    // In backticks, the tag is what the answer is about.
    const isQuoted = before === '`';
    this.buffer = buffer.slice(found.end);
    if (!isQuoted && found.tag.kind !== 'marker') {
      this.span = found.tag;
      this.body = found.tag.open === '<function=' ? found.tag.open : '';
    }
    return { tag: true, text: this.show(buffer.slice(0, isQuoted ? found.end : found.at)) };
  }

  /** Reads on in a span; returns whether it has ended. */
  private skip(span: TextTag): boolean {
    const { buffer } = this;
    const found = findClosing(span, buffer);
    const end = found?.at ?? buffer.length - partialTag(buffer, span);
    if (span.kind === 'calls') this.body += buffer.slice(0, end);
    if (this.body.length > MAX_CALLS_TEXT) throw new Error('a tool call in the text is too long');
    this.buffer = buffer.slice(found?.end ?? end);
    if (found) this.close(span);
    return found !== undefined;
  }

  private close(span: TextTag): void {
    const { body } = this;
    this.span = undefined;
    this.body = '';
    this.trimming = !this.visible;
    if (span.kind !== 'calls' || this.tools.size === 0) return;
    const calls = parseTextCalls(body);
    if (!calls) throw new Error('a tool call in the text cannot be read');
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
