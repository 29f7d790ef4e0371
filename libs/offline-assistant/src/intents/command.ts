import type { Item } from '../entities/assistant-context';
import type { Action } from '../entities/entity-definitions';
import type { EntityType } from '../lexicon/lexicon';

/** What a clause asks for: do this to such a thing. */
export interface Command {
  readonly action: Action;
  readonly type: EntityType;
  /** What the verb itself says about the result. */
  readonly status?: 'todo' | 'in_progress' | 'done' | 'archived' | 'active';
  readonly approved?: boolean;
  /** The tokens of the verb, and of a particle that stands apart from it. */
  readonly verb?: { readonly start: number; readonly end: number };
  readonly particle?: { readonly start: number; readonly end: number };
  readonly meaning?: string;
  /** The wish stands behind what it is about ("…, add it to my tasks"). */
  readonly atEnd?: boolean;
  /** The verb is an infinitive at the end of the sentence. */
  readonly final?: boolean;
  /** Nothing but the tone of the sentence speaks for it: a chore, or a statement about something. */
  readonly guessed?: boolean;
  /** The known thing that the words point at, its new name, and who does it, where the scorer has found them. */
  readonly item?: Item;
  readonly title?: string;
  readonly people?: readonly string[];
  /** A statement ("X is done") counts only where it names something that exists. */
  readonly statement?: boolean;
}

export interface Candidate extends Command {
  readonly score: number;
}
