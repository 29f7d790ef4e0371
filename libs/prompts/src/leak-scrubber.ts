import type { PromptRegistry } from './prompt-registry';
import { REMOVED, type TextScrubber } from './text-scrubber';

/** What may be logged of a leak: never the text. `length` counts letters that matched. */
export interface LeakHit {
  readonly rule: string;
  readonly promptId: string;
  readonly length: number;
}

export interface ScrubberOptions {
  readonly onHit?: (hit: LeakHit) => void;
}

export interface Scrubbed<T> {
  readonly value: T;
  readonly leaked: boolean;
}

const WINDOW = 30;

/** Takes prompts out of whatever is about to leave. `said` is what the user sent in this request: that is no secret. */
export class LeakScrubber {
  constructor(
    private readonly registry: PromptRegistry,
    private readonly options: ScrubberOptions = {},
  ) {}

  text(text: string, said: readonly string[] = []): { text: string; leaked: boolean } {
    const scrubber = this.stream(said);
    const clean = scrubber.push(text) + scrubber.end();
    return { text: clean, leaked: scrubber.leaked };
  }

  async textAsync(text: string, said: readonly string[] = []): Promise<{ text: string; leaked: boolean }> {
    return this.text(text, said);
  }

  value<T>(json: T, said: readonly string[] = []): Scrubbed<T> {
    const whole = JSON.stringify(json) ?? '';
    if (!this.text(whole, said).leaked) return { value: json, leaked: false };
    const value: T = JSON.parse(JSON.stringify(json), (_, leaf: unknown) =>
      typeof leaf === 'string' ? this.text(leaf, said).text : leaf,
    );
    return { value, leaked: true };
  }

  async valueAsync<T>(json: T, said: readonly string[] = []): Promise<Scrubbed<T>> {
    return this.value(json, said);
  }

  stream(said: readonly string[] = []): TextScrubber {
    const allowed = [...said, ...this.registry.allowed].map(letters).join(' ');
    return new SimpleScrubber(
      (window) => {
        if (allowed.includes(window)) return undefined;
        return this.registry.secrets.find((secret) => letters(secret.text).includes(window))?.promptId;
      },
      (promptId) => this.options.onHit?.({ rule: 'plain', promptId, length: WINDOW }),
    );
  }
}

class SimpleScrubber implements TextScrubber {
  leaked = false;
  private text = '';
  private sent = 0;

  constructor(
    private readonly owner: (window: string) => string | undefined,
    private readonly report: (promptId: string) => void,
  ) {}

  push(chunk: string): string {
    if (this.leaked) return '';
    this.text += chunk;
    const folded = letters(this.text.slice(Math.max(0, this.sent - WINDOW)));
    for (let i = 0; i + WINDOW <= folded.length; i += 1) {
      const promptId = this.owner(folded.slice(i, i + WINDOW));
      if (promptId === undefined) continue;
      this.leaked = true;
      this.report(promptId);
      return REMOVED;
    }
    return this.release(this.text.length - 2 * WINDOW);
  }

  end(): string {
    return this.leaked ? '' : this.release(this.text.length);
  }

  private release(until: number): string {
    const from = this.sent;
    this.sent = Math.max(from, until);
    return this.text.slice(from, this.sent);
  }
}

function letters(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z]/g, '');
}
