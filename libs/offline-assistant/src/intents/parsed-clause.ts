import type { Item } from '../entities/assistant-context';
import type { Antecedent } from '../entities/coreference';
import type { LinkedItem } from '../entities/item-linking';
import type { CompiledLexicon } from '../text/compiled-lexicon';
import type { Token } from '../text/tokens';
import type { Candidate } from './command';

/** A clause with its best reading. */
export interface ParsedClause {
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly lexicon: CompiledLexicon;
  readonly command: Candidate | undefined;
  readonly dated: boolean;
  /** It has a date, a priority, a status or people. */
  readonly fielded: boolean;
  /** It says what not to do, or asks how something is done. */
  readonly negated: boolean;
  /** The one known thing that its words point at. */
  readonly about: () => LinkedItem | undefined;
}

/** One thing that a message asks for. */
export interface Clause extends ParsedClause {
  readonly antecedent: Antecedent | undefined;
  /** The project that an earlier clause spoke of. */
  readonly place?: Item | undefined;
  /** The part of a list's first line that holds for every item ("add these tasks to Atlas: …"). */
  readonly shared?: ParsedClause;
}
