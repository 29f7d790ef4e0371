import type { LeakScrubber, Said, TextScrubber } from '@adiuva/prompts';

/** Where clean text goes. */
export interface Speaker {
  readonly text: string;
  push(text: string): void;
}

/** The one way from a model to the client: no prompt gets past it, neither in tokens nor in what is handed over at the end. */
export class GuardedSpeech {
  private readonly scrubber: TextScrubber;

  /** `said` is what the user sent in this request: the message, the context and, as they come, results of the client's tools. */
  constructor(
    private readonly speaker: Speaker,
    private readonly leaks: LeakScrubber,
    readonly said: Said,
  ) {
    this.scrubber = leaks.stream(said);
  }

  /** Whether the model may go on. After a leak it may not: everything that it would say is dropped. */
  say(text: string): boolean {
    this.speaker.push(this.scrubber.push(text));
    return !this.scrubber.leaked;
  }

  /** Says what was held back, and returns the result without leaks; its `response` is what the client has heard. */
  async finish<R extends { readonly response: string }>(result: R): Promise<R> {
    this.speaker.push(this.scrubber.end());
    const { value } = await this.leaks.valueAsync({ ...result, response: '' }, this.said);
    return { ...value, response: this.speaker.text };
  }
}
