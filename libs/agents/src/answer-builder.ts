import { addUsage, NO_USAGE } from '@adiuva/llm';
import type { Usage } from './journal';
import type { TokenSink } from './turn-context';

/** Builds the text that the user receives of an agent: all rounds, separated by an empty line. */
export class AnswerBuilder {
  usage: Usage = NO_USAGE;
  private readonly pieces: string[] = [];
  private pendingBreak = false;

  constructor(private readonly emit: TokenSink) {}

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
    return this.emit(spoken);
  }

  spend(used: Usage): void {
    this.usage = addUsage(this.usage, used);
  }
}
