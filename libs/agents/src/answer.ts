import type { Usage } from './journal';
import type { Hear } from './turn';

/** What the user hears of an agent: the text of all rounds, with an empty line between two that both speak. */
export class Answer {
  usage: Usage = { inputTokens: 0, outputTokens: 0 };
  private readonly pieces: string[] = [];
  private pendingBreak = false;

  constructor(private readonly say: Hear) {}

  get text(): string {
    return this.pieces.join('');
  }

  startRound(): void {
    this.pendingBreak = this.pieces.length > 0;
  }

  add(piece: string): ReturnType<Hear> {
    const spoken = this.pendingBreak ? `\n\n${piece}` : piece;
    this.pendingBreak = false;
    this.pieces.push(spoken);
    return this.say(spoken);
  }

  spend(used: Usage): void {
    this.usage = added(this.usage, used);
  }
}

export function added(one: Usage, other: Usage): Usage {
  return { inputTokens: one.inputTokens + other.inputTokens, outputTokens: one.outputTokens + other.outputTokens };
}
