type Detail = Readonly<Record<string, unknown>>;

const MAX_REASONING = 1_048_576;
const APPENDED = ['text', 'summary', 'data'];

/**
 * The reasoning of an answer that called tools, as its provider wants it back with their results: DeepSeek's `reasoning_content`, OpenRouter's
 * `reasoning_details`. It is never shown.
 */
export class ReasoningState {
  private content = '';
  private details: Detail[] = [];
  private size = 0;

  add(content: string | null | undefined, details: readonly Detail[] | null | undefined): void {
    this.size += content?.length ?? 0;
    this.content += content ?? '';
    for (const detail of details ?? []) this.addDetail(detail);
    if (this.size > MAX_REASONING) throw new Error('the reasoning of an answer is too long');
  }

  /** The members of the assistant's message that hold it. */
  get value(): object | undefined {
    const members = {
      ...(this.content === '' ? {} : { reasoning_content: this.content }),
      ...(this.details.length === 0 ? {} : { reasoning_details: this.details }),
    };
    return Object.keys(members).length > 0 ? members : undefined;
  }

  /** Parts of one block, which have its index and type, become one again. */
  private addDetail(detail: Detail): void {
    this.size += JSON.stringify(detail).length;
    const last = this.details.at(-1);
    const same = last && last['type'] === detail['type'] && (last['index'] ?? 0) === (detail['index'] ?? 0);
    if (!last || !same) return void this.details.push(detail);
    const merged: Record<string, unknown> = { ...last };
    for (const [name, value] of Object.entries(detail)) {
      const before = last[name];
      const appends = APPENDED.includes(name) && typeof before === 'string' && typeof value === 'string';
      if (appends) merged[name] = before + value;
      else if (value !== null) merged[name] = value;
    }
    this.details[this.details.length - 1] = merged;
  }
}
