import { FIXTURES, NOW } from './fixtures';

export interface SentenceContext {
  readonly user_profile?: Readonly<Record<string, unknown>>;
  readonly relevant_documents?: readonly string[];
  readonly recent_tasks?: readonly Readonly<Record<string, unknown>>[];
  readonly conversation_history?: readonly { readonly role: 'user' | 'assistant'; readonly content: string }[];
}

/**
 * What a user says, and the tool that answers it.
 * A read on the way is fine (a note is read before it is changed): `tool` is the one that does what was asked.
 * `tool: null` means that no tool should be called; any agent may then answer, and `agent` is `ANY_AGENT`.
 * `args` is a subset of the call's arguments. Text is compared without case; a time at 00:00:00.000 UTC means that
 * only the day was said, so only the day is compared. Where no timezone is in the profile it is UTC.
 * `destructive` marks what the model may ask back about before it does it.
 */
export interface Sentence {
  readonly say: string;
  readonly agent: string;
  readonly tool: string | null;
  readonly args?: Readonly<Record<string, unknown>>;
  readonly context?: SentenceContext;
  readonly now?: string;
  readonly destructive?: boolean;
}

type Row = Omit<Sentence, 'agent' | 'tool' | 'destructive'>;

export const ANY_AGENT = 'any';

/** The rows of one tool; each is said at the situation of `situation.ts` unless it brings its own context. */
export function sentencesFor(agent: string, tool: string | null, rows: readonly Row[]): Sentence[] {
  const destructive = tool?.startsWith('delete_') === true ? { destructive: true } : {};
  return rows.map((row) => ({ context: FIXTURES, now: NOW, ...row, agent, tool, ...destructive }));
}

export function ms(iso: string): number {
  return Date.parse(iso);
}
