import type { ClientToolResult, ClientToolCall } from '@adiuva/agents';
import type { LeakScrubber, UserTexts, TextScrubber } from '@adiuva/prompts';
import type { ChatResult } from './chat-request';

/** Where clean text goes; a promise asks the speaker to wait. */
export interface OutputSink {
  readonly text: string;
  push(text: string): Promise<void> | undefined;
}

/** The one way from a model to the client: no prompt gets past it, neither in tokens nor in questions nor in what is handed over at the end. */
export class GuardedOutput {
  private readonly scrubber: TextScrubber;

  /** `said` is what the user sent in this request: the message, the context and, as they come, results of the client's tools. */
  constructor(
    private readonly speaker: OutputSink,
    private readonly leaks: LeakScrubber,
    private readonly userTexts: UserTexts,
  ) {
    this.scrubber = leaks.stream(userTexts);
  }

  /** `false` where the model may not go on: after a leak everything that it would say is dropped. */
  write(text: string): Promise<void> | undefined | false {
    const wait = this.speaker.push(this.scrubber.push(text));
    return this.scrubber.leaked ? false : wait;
  }

  /** The question as it may reach the client. */
  toolCall({ name, arguments: args }: ClientToolCall): ClientToolCall {
    return { name, arguments: this.leaks.value(args, this.userTexts).value };
  }

  /** What the client has answered is no secret to him. */
  addUserText(answers: readonly ClientToolResult[]): void {
    this.userTexts.add(answers);
  }

  /** Says what was held back, and returns the result without leaks; its `response` is what the client has heard. */
  async finish(result: ChatResult): Promise<ChatResult> {
    // Sealed: nobody but us can read the continuation, and its questions are clean.
    if (result.kind === 'requires_action') return result;
    await this.speaker.push(this.scrubber.end());
    if (result.kind === 'plan') return (await this.leaks.valueAsync(result, this.userTexts)).value;
    const { value } = await this.leaks.valueAsync({ ...result, response: '' }, this.userTexts);
    return { ...value, response: this.speaker.text };
  }
}
