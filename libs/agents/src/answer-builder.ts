import { addUsage, NO_USAGE } from '@adiuva/llm';
import type { Usage } from './journal';
import type { TokenSink } from './turn-context';

/** What the user hears of an agent: the text of all rounds, with an empty line between two that both speak. */
export class AnswerBuilder {
  usage: Usage = NO_USAGE;
  private readonly pieces: string[] = [];
  private pendingBreak = false;

  constructor(private readonly say: TokenSink) {}

  get text(): string {
    return this.pieces.join('');
  }

  startRound(): void {
    this.pendingBreak = this.pieces.length > 0;
  }

  add(piece: string): ReturnType<TokenSink> {
    const spoken = this.pendingBreak ? `\n\n${piece}` : piece;
    this.pendingBreak = false;
    this.pieces.push(spoken);
    return this.say(spoken);
  }

  spend(used: Usage): void {
    this.usage = addUsage(this.usage, used);
  }
}
