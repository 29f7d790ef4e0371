import type { Act, Head } from './heads';
import type { Thing } from './nouns';

/** What a clause asks for: do this to such a thing. */
export interface Command {
  readonly act: Act;
  readonly thing: Thing;
  readonly status?: NonNullable<Head['status']>;
  /** Where the command's verb ends in the clause. */
  readonly verbEnd: number;
  /** Nothing but the tone of the sentence speaks for it: a chore without a command. */
  readonly guessed?: boolean;
}
