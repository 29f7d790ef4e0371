import type { ClientToolCall, ClientToolResult, PlanAction } from '@adiuva/agents';
import type { LeakScrubber, OutputScrubber, UserTexts } from '@adiuva/prompts';
import type { ChatResult } from './chat-request';

/** Takes clean text; a promise asks the producer to wait. */
export interface OutputSink {
  readonly text: string;
  push(text: string): Promise<void> | undefined;
}

/** The only path from a model to the client: removes prompts from tokens, tool calls and the result. */
export class GuardedOutput {
  /** Arguments of tool calls that the client has been sent in the whole chat. */
  readonly toolArguments: ClientToolCall['arguments'][] = [];
  private readonly scrubber: OutputScrubber;

  /**
   * `userTexts` are the texts of this request: the message, the context and, as they arrive, results of the client's tools; `earlier` are
   * the assistant's answers of the conversation, and `toolArguments` those of this chat before it was resumed.
   */
  constructor(
    private readonly sink: OutputSink,
    leaks: LeakScrubber,
    private readonly userTexts: UserTexts,
    earlier: readonly string[],
    toolArguments: readonly ClientToolCall['arguments'][] = [],
  ) {
    this.scrubber = leaks.output(userTexts);
    this.scrubber.addEarlier(earlier);
    for (const args of toolArguments) this.scrubber.replayToolCall(args);
    this.toolArguments.push(...toolArguments);
  }

  /** `false` where the model must stop: after a leak the rest is dropped. */
  write(text: string): Promise<void> | undefined | false {
    if (this.scrubber.leaked) return false;
    const wait = this.sink.push(this.scrubber.text.push(text));
    return this.scrubber.leaked ? false : wait;
  }

  /** The tool call without leaks. */
  toolCall({ name, arguments: args }: ClientToolCall): ClientToolCall {
    const clean = this.scrubber.toolCall(args);
    this.toolArguments.push(clean);
    return { name, arguments: clean };
  }

  /** Texts of the user's own are exempt: results of client tools, instructions of custom agents. */
  addUserText(texts: readonly (ClientToolResult | string)[]): void {
    this.userTexts.add(texts);
  }

  /** Sends what was held back, and returns the result without leaks; its `response` equals the tokens that were sent. */
  async finish(result: ChatResult): Promise<ChatResult> {
    // The continuation is encrypted, and its tool calls are clean.
    if (result.kind === 'requires_action') return result;
    await this.sink.push(this.scrubber.text.end());
    if (result.kind === 'plan') return this.scrubber.value(result);
    const data = await this.scrubber.actions(result.actions.map(scannedData));
    const actions = result.actions.map((action, i) => ({
      ...action,
      data: action.data && { ...action.data, ...data[i] },
    }));
    return { ...result, actions, response: this.sink.text };
  }
}

/** The fields that a model has written: the server makes the id of a created record. */
function scannedData({ type, data }: PlanAction): Readonly<Record<string, unknown>> {
  if (type !== 'create_record') return { ...data };
  const { id: _, ...fields } = data ?? {};
  return fields;
}
