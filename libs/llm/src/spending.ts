import type { BaseMessage } from '@langchain/core/messages';
import type { Piece } from './piece';

const BYTES_A_TOKEN = 4;
/** A token of what people write is seldom shorter than three bytes, so a reservation is seldom too small. */
const FEWEST_BYTES_A_TOKEN = 3;

interface Asked {
  readonly messages: readonly BaseMessage[];
  readonly tools?: readonly object[];
}

/** The most tokens that a call should need: what is sent, and the longest answer. */
export function mostTokens(call: Asked, longestAnswer: number): number {
  return Math.ceil(bytesOf(call) / FEWEST_BYTES_A_TOKEN) + longestAnswer;
}

/** Counts what an answer costs while it passes. */
export class Spending {
  input = 0;
  output = 0;
  private bytesSaid = 0;
  private reported = false;

  add({ text, usage }: Piece): void {
    this.bytesSaid += text.length;
    if (!usage) return;
    this.reported = true;
    this.input += usage.inputTokens;
    this.output += usage.outputTokens;
  }

  /** What the provider has reported; an estimate where it has said something but was cut off before the report. */
  total(call: Asked): number {
    if (this.reported) return this.input + this.output;
    if (this.bytesSaid === 0) return 0;
    return Math.ceil((bytesOf(call) + this.bytesSaid) / BYTES_A_TOKEN);
  }
}

function bytesOf({ messages, tools = [] }: Asked): number {
  const said = messages.reduce((sum, message) => sum + Buffer.byteLength(message.text), 0);
  return said + tools.reduce((sum, tool) => sum + bytesOfTool(tool), 0);
}

/** An agent's tools are the same objects for every message, and the longest part of a question. */
const KNOWN_TOOLS = new WeakMap<object, number>();

function bytesOfTool(tool: object): number {
  const known = KNOWN_TOOLS.get(tool) ?? Buffer.byteLength(JSON.stringify(tool));
  KNOWN_TOOLS.set(tool, known);
  return known;
}
