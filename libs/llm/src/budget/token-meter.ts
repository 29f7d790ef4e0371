import type { ModelCall } from '../streaming/chat-model.port';
import type { ModelChunk } from '../streaming/model-chunk';
import { addUsage, boundUsage, NO_USAGE, type TokenUsage } from '../usage';

const BYTES_PER_TOKEN = 4;
/** A token of what people write is seldom shorter than three bytes, so a reservation is seldom too small. */
const MIN_BYTES_PER_TOKEN = 3;

type Sent = Pick<ModelCall, 'messages' | 'tools'>;

/** The most tokens that a call should need: the request, and the longest answer. */
export function estimateMaxTokens(call: Sent, maxOutputTokens: number): number {
  return Math.ceil(bytesOf(call) / MIN_BYTES_PER_TOKEN) + maxOutputTokens;
}

/** Counts the tokens of one answer, and of the attempts that failed before it. */
export class TokenMeter {
  private usage: TokenUsage | undefined;
  private failed = NO_USAGE;
  private answered = 0;

  /** `limit`: the tokens that are reserved; what a provider reports beyond them is not believed. */
  constructor(
    private readonly call: Sent,
    readonly limit: number,
  ) {}

  /** What a provider reports of an answer that cannot be used is paid too. */
  addFailed(usage: TokenUsage): void {
    this.failed = boundUsage(addUsage(this.failed, boundUsage(usage, this.limit)), this.limit);
  }

  /** The chunk with the usage of all attempts, bounded to what was reserved. */
  add(chunk: ModelChunk): ModelChunk {
    this.answered += chunk.text.length;
    if (!chunk.usage) return chunk;
    this.usage = boundUsage(chunk.usage, this.limit);
    return { ...chunk, usage: boundUsage(addUsage(this.failed, this.usage), this.limit) };
  }

  get reported(): TokenUsage {
    return this.usage ?? NO_USAGE;
  }

  get failedTotal(): number {
    return this.failed.inputTokens + this.failed.outputTokens;
  }

  /** As reported; an estimate where the model has answered something but no report arrived. */
  get total(): number {
    const { inputTokens, outputTokens } = this.reported;
    const isEstimated = !this.usage && this.answered > 0;
    const answer = isEstimated ? (bytesOf(this.call) + this.answered) / BYTES_PER_TOKEN : inputTokens + outputTokens;
    return Math.min(this.limit, this.failedTotal + Math.ceil(answer));
  }
}

function bytesOf({ messages, tools = [] }: Sent): number {
  const sent = messages.reduce((sum, message) => sum + Buffer.byteLength(message.text), 0);
  return sent + tools.reduce((sum, tool) => sum + bytesOfTool(tool), 0);
}

/** An agent's tools are the same objects for every message, and the longest part of a request. */
const KNOWN_TOOLS = new WeakMap<object, number>();

function bytesOfTool(tool: object): number {
  const known = KNOWN_TOOLS.get(tool) ?? Buffer.byteLength(JSON.stringify(tool));
  KNOWN_TOOLS.set(tool, known);
  return known;
}
