import type { ClientToolResult, ClientToolCall } from '@adiuva/agents';
import type { LeakScrubber, UserTexts, TextScrubber } from '@adiuva/prompts';
import type { ChatResult } from './chat-request';

/** Takes clean text; a promise asks the producer to wait. */
export interface OutputSink {
  readonly text: string;
  push(text: string): Promise<void> | undefined;
}

/** The only path from a model to the client: removes prompts from tokens, tool calls and the result. */
export class GuardedOutput {
  private readonly scrubber: TextScrubber;

  /** `userTexts` are the texts of this request: the message, the context and, as they arrive, results of the client's tools. */
  constructor(
    private readonly sink: OutputSink,
    private readonly leaks: LeakScrubber,
    private readonly userTexts: UserTexts,
  ) {
    this.scrubber = leaks.stream(userTexts);
  }

  /** `false` where the model must stop: after a leak the rest is dropped. */
  write(text: string): Promise<void> | undefined | false {
    const wait = this.sink.push(this.scrubber.push(text));
    return this.scrubber.leaked ? false : wait;
  }

  /** The tool call without leaks. */
  toolCall({ name, arguments: args }: ClientToolCall): ClientToolCall {
    return { name, arguments: this.leaks.value(args, this.userTexts).value };
  }

  /** Texts that the client has sent are exempt. */
  addUserText(answers: readonly ClientToolResult[]): void {
    this.userTexts.add(answers);
  }

  /** Sends what was held back, and returns the result without leaks; its `response` equals the tokens that were sent. */
  async finish(result: ChatResult): Promise<ChatResult> {
    // The continuation is encrypted, and its tool calls are clean.
    if (result.kind === 'requires_action') return result;
    await this.sink.push(this.scrubber.end());
    if (result.kind === 'plan') return (await this.leaks.valueAsync(result, this.userTexts)).value;
    const { value } = await this.leaks.valueAsync({ ...result, response: '' }, this.userTexts);
    return { ...value, response: this.sink.text };
  }
}
