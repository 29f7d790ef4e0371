import type { Item } from '../entities/assistant-context';
import type { Action } from '../entities/entity-definitions';
import type { EntityType } from '../lexicon/lexicon';
import type { CompiledLexicon } from '../text/compiled-lexicon';
import type { TimeRange } from './date-slots';
import type { Priority, Status } from './field-slots';
import type { Named } from './project-slots';

/** All that a clause says, in plain values; which of it a tool takes is the tool's schema's business. */
export interface Request {
  readonly action: Action;
  readonly type: EntityType;
  readonly lexicon: CompiledLexicon;
  readonly title?: string | undefined;
  readonly content?: string | undefined;
  /** The content replaces what was there; otherwise it is added. */
  readonly replaces?: boolean;
  readonly description?: string | undefined;
  readonly priority?: Priority | undefined;
  readonly status?: Status | 'archived' | 'active' | undefined;
  readonly people?: readonly string[] | undefined;
  readonly due?: number | undefined;
  readonly start?: number | undefined;
  readonly end?: number | undefined;
  /** A date was said that does not exist. */
  readonly invalidDate?: true;
  /** Only a time of day was said: the day of what is changed stays. */
  readonly timeOnly?: { readonly hour: number; readonly minute: number };
  readonly location?: string | undefined;
  readonly project?: Named | undefined;
  /** "in it", "in the same project": the project that was spoken of. */
  readonly inSamePlace?: boolean;
  readonly client?: Named | undefined;
  readonly order?: string | undefined;
  readonly approved?: boolean | undefined;
  readonly range?: TimeRange | undefined;
  readonly archivedToo?: boolean | undefined;
  readonly search?: string | undefined;
  /** What an existing thing is called, where the clause is about one. */
  readonly reference?: string | undefined;
  /** A known thing, or an explicit id that is taken as it is. */
  readonly target?: Item | undefined;
  /** Several known things have the name that was said. */
  readonly twins?: readonly Item[] | undefined;
  /** "all", "everything": no single thing is meant. */
  readonly bulk?: boolean;
  /** Only what is known by name may be meant. */
  readonly statement?: boolean;
}
