import { contextOf, type AssistantContext } from '../entities/assistant-context';
import { ENTITY_DEFINITIONS } from '../entities/entity-definitions';
import { pronounsIn } from '../intents/clause-verbs';
import { splitClauses, WINDOW } from '../intents/clause-splitter';
import type { Clause } from '../intents/parsed-clause';
import { hasEnclitic } from '../text/enclitics';
import { tokenize } from '../text/tokens';

/** One thing that a text asks for, as a message of its own. */
export interface SeparateClause {
  readonly text: string;
  /** The agent whose area it touches; undefined where it fits none. */
  readonly agent: string | undefined;
  /** Positions of earlier clauses whose results it needs. */
  readonly needs: readonly number[];
}

interface Part {
  readonly text: string;
  readonly clause: Clause;
}

const PARAGRAPH = /\n\s*\n/;

/**
 * The clauses of a text in their order. One depends on the clause before it where it follows by "then" or points back with a pronoun, and
 * on every earlier one that creates a project. What lies behind the part of a paragraph that is read belongs to its last clause.
 */
export function separateClauses(text: string, clock: () => number = Date.now): SeparateClause[] {
  const context = contextOf('', clock);
  const made: SeparateClause[] = [];
  const projects: number[] = [];
  for (const paragraph of text.split(PARAGRAPH).filter((part) => part.trim() !== '')) {
    let end = 0;
    for (const [index, { text: own, clause }] of partsOf(paragraph, context).entries()) {
      const position = made.length;
      const start = Math.max(end, paragraph.indexOf(clause.text, end));
      const follows = index > 0 && (isThen(clause, paragraph.slice(end, start)) || pointsBack(clause));
      const needs = [...new Set([...projects, ...(follows ? [position - 1] : [])])];
      made.push({ text: own, agent: clause.command && ENTITY_DEFINITIONS[clause.command.type].agent, needs });
      if (clause.command?.action === 'create' && clause.command.type === 'project') projects.push(position);
      end = start + clause.text.length;
    }
  }
  return made;
}

/** The items of a list are one part with what holds for all of them. */
function partsOf(paragraph: string, context: AssistantContext): Part[] {
  const parts: Part[] = [];
  for (const clause of splitClauses(paragraph, context, [])) {
    const last = parts.at(-1);
    if (last && clause.shared !== undefined && last.clause.shared === clause.shared)
      parts[parts.length - 1] = { clause, text: `${last.text}, ${clause.text.trim()}` };
    else parts.push({ clause, text: headerOf(clause) + clause.text.trim() });
  }
  const last = parts.at(-1);
  const rest = paragraph.slice(WINDOW);
  return last && rest !== '' ? [...parts.slice(0, -1), { ...last, text: last.text + rest }] : parts;
}

function headerOf({ shared }: Clause): string {
  return shared ? `${shared.text.trim().replace(/:$/, '')}: ` : '';
}

function isThen({ lexicon }: Clause, between: string): boolean {
  return lexicon.set(lexicon.data.then).all(tokenize(between)).length > 0;
}

function pointsBack({ lexicon, tokens, command }: Clause): boolean {
  const verb = tokens[command?.verb?.start ?? 0]?.word ?? '';
  return pronounsIn(lexicon, tokens, 0, tokens.length).length > 0 || hasEnclitic(lexicon, verb);
}
