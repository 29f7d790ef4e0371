import type { Readable } from 'node:stream';
import { ChatOpenAI, type ChatOpenAIFields, convertMessagesToCompletionsMessageParams } from '@langchain/openai';
import { z } from 'zod';
import { EventReader } from './event-reader';
import type { Inlet } from './inlet';
import { LangchainSource } from './langchain-source.adapter';
import { functionTools, type ModelCall, type ModelSource } from './model-source.port';
import { says, type CallPiece, type PieceUsage } from './piece';
import type { ProviderPost } from './provider-post.adapter';

/** What we read of a chunk; the rest of it is the provider's own. */
const Chunk = z.object({
  error: z.unknown().optional(),
  choices: z
    .array(
      z.object({
        delta: z
          .object({
            content: z.string().nullish(),
            tool_calls: z
              .array(
                z.object({
                  index: z.number().nullish(),
                  id: z.string().nullish(),
                  function: z.object({ name: z.string().nullish(), arguments: z.string().nullish() }).nullish(),
                }),
              )
              .nullish(),
          })
          .nullish(),
      }),
    )
    .nullish(),
  usage: z.object({ prompt_tokens: z.number(), completion_tokens: z.number() }).nullish().catch(null),
});
type Delta = NonNullable<NonNullable<z.infer<typeof Chunk>['choices']>[number]['delta']>;

/**
 * The chat completions of OpenAI and of all that speak its protocol. LangChain's model says what to send; it is sent and the answer read
 * here, because a token that goes through LangChain's stream costs more than all the rest of its way.
 */
export class OpenAiSource extends ChatOpenAI implements ModelSource {
  constructor(
    fields: ChatOpenAIFields,
    private readonly post: ProviderPost,
  ) {
    super(fields);
  }

  async ask(call: ModelCall, inlet: Inlet, signal: AbortSignal): Promise<void> {
    // A few models are served by OpenAI's other protocol only.
    if (this._useResponsesApi(undefined)) return new LangchainSource(this).ask(call, inlet, signal);
    const { tools = [], mustCall, mayCall } = call;
    const options = {
      ...(tools.length > 0 && mayCall !== false ? { tools: functionTools(tools) } : {}),
      ...(mustCall === undefined ? {} : { tool_choice: mustCall }),
    };
    const messages = convertMessagesToCompletionsMessageParams({ messages: [...call.messages], model: this.model });
    const request = {
      ...this.completions.invocationParams(options, { streaming: true }),
      messages,
      stream: true,
    };
    flow(await this.post(request, signal), inlet);
  }
}

/** After the last word the connection gets so long to end by itself, so that it can be used again. */
const ENDS_WITHIN_MS = 1_000;

function flow(source: Readable, inlet: Inlet): void {
  const completion = new Completion(inlet);
  const reader = new EventReader((data) => completion.read(data));
  const guarded = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      inlet.fail(error);
      source.destroy();
    }
    if (completion.done && !late) late = setTimeout(() => source.destroy(), ENDS_WITHIN_MS).unref();
  };
  let late: NodeJS.Timeout | undefined;
  inlet.connect({ pause: () => source.pause(), resume: () => source.resume() });
  source.on('data', (bytes: Buffer) => guarded(() => reader.feed(bytes)));
  source.once('end', () => {
    guarded(() => reader.end());
    completion.end();
  });
  source.on('error', (error) => inlet.fail(error));
  source.once('close', () => {
    clearTimeout(late);
    inlet.fail(new Error('the connection was closed'));
  });
}

/** Reads the chunks of one answer. */
class Completion {
  done = false;
  private answered = false;
  private usage: PieceUsage | undefined;

  constructor(private readonly inlet: Inlet) {}

  read(data: string): void {
    if (data.startsWith('[DONE]')) return this.end();
    const { error, choices, usage } = Chunk.parse(JSON.parse(data));
    if (error !== undefined && error !== null) throw new Error('the provider reports a failure in its stream');
    if (usage) this.usage = { inputTokens: usage.prompt_tokens, outputTokens: usage.completion_tokens };
    if (choices?.length) this.answered = true;
    const delta = choices?.[0]?.delta;
    const piece = { text: delta?.content ?? '', calls: callsOf(delta) };
    if (says(piece)) this.inlet.push(piece);
  }

  /** Some servers report with every chunk what has been used so far, so that only the last report counts. */
  end(): void {
    if (this.done) return;
    this.done = true;
    if (!this.answered) return this.inlet.fail(new Error('the provider gave no answer'));
    if (this.usage) this.inlet.push({ text: '', calls: [], usage: this.usage });
    this.inlet.end();
  }
}

function callsOf(delta: Delta | null | undefined): readonly CallPiece[] {
  if (!delta?.tool_calls) return NO_CALLS;
  return delta.tool_calls.map((part, at) => ({
    index: part.index ?? at,
    id: part.id ?? undefined,
    name: part.function?.name ?? undefined,
    args: part.function?.arguments ?? '',
  }));
}

const NO_CALLS: readonly CallPiece[] = [];
