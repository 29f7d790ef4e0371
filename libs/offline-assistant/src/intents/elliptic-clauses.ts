import { fillSlots } from '../slots/slot-filling';
import type { AssistantContext } from '../entities/assistant-context';
import { isCapital, isDeterminer } from '../slots/name-tokens';
import { MaskedText } from '../text/masked-text';
import { tokenize } from '../text/tokens';
import type { Clause, ParsedClause } from './parsed-clause';

const MAX_HEAD = 6;

/**
 * "…, and another one called B", "then add one: B": the noun that is left out is the one of the command before. The clause is written with it;
 * undefined where nothing is left out.
 */
export function withNoun(text: string, before: ParsedClause): string | undefined {
  const { lexicon, command } = before;
  if (!command || command.type === 'email' || command.type === 'figure') return undefined;
  const tokens = tokenize(text);
  const others = lexicon.set(lexicon.data.anotherOne);
  for (let at = 0; at < Math.min(MAX_HEAD, tokens.length - 1); at += 1) {
    const found = others.at(tokens, at);
    const [first, last] = [tokens[at], tokens[(found?.end ?? 0) - 1]];
    if (!found || !first || !last) continue;
    const verb = lexicon.verbs
      .all(tokens, 0, at)
      .some(({ value }) => value === 'create' || value === 'put' || value === 'comment');
    const colon = tokens[found.end]?.text === ':';
    const named =
      tokens[found.end]?.kind === 'quote' || lexicon.set(lexicon.data.labels.title).at(tokens, found.end) !== undefined;
    const long = found.end - at > 1;
    if (lexicon.nouns.at(tokens, found.end) || !(colon || named || (verb && long) || (long && at <= 1)))
      return undefined;
    const noun = lexicon.data.entities[command.type].one.split('|')[0] ?? '';
    const rest = text.slice(last.end).replace(/^\s*:/, ':');
    const lead = verb ? text.slice(0, first.start) : `${text.slice(0, first.start)}${lexicon.data.creates} `;
    return `${lead}${noun}${colon || named ? '' : ':'}${rest}`;
  }
  return undefined;
}

/** "mark A and B as done": what is said of the last thing holds for those before it that nothing is said of. */
export function withLaterFields(clauses: readonly Clause[], context: AssistantContext): Clause[] {
  return clauses.map((clause, index) => {
    const next = clauses[index + 1];
    if (clause.shared || !next?.command || clause.command?.action !== 'update' || clause.command.status !== undefined)
      return clause;
    if (next.command.action !== 'update' || next.command.type !== clause.command.type) return clause;
    const { lexicon, text, tokens, command } = clause;
    const { priority, status, people, due, start, title, content, description, project, location } = fillSlots(
      new MaskedText(text, tokens, lexicon),
      command,
      context,
    );
    const says = [priority, status, people, due, start, title, content, description, project, location].some(
      (value) => value !== undefined,
    );
    return says ? clause : { ...clause, shared: next };
  });
}

/** A clause about another known thing without a command of its own: a change of that thing. */
export function withCommand(clause: Clause, before: Clause | undefined): Clause {
  if (clause.command || !clause.fielded || before?.command?.action !== 'update') return clause;
  const about = clause.about();
  if (!about) return clause;
  return { ...clause, command: { action: 'update', type: about.type, item: about.item, score: 3 } };
}

/** "assign A to Ann and B to Ben": the clause about another known thing with the verb of the one before. */
export function withVerb(text: string, right: ParsedClause, before: ParsedClause): string | undefined {
  const { command } = before;
  const taken = withPerson(text, right, before);
  if (taken !== undefined) return taken;
  const [one, other] = [before.about(), right.about()];
  const writes = command?.action === 'update' || command?.action === 'delete';
  if (!writes || !command.verb || command.particle || !one || !other || one.item.id === other.item.id) return undefined;
  if (other.type !== one.type || right.fielded || (right.command && right.command.guessed !== true)) return undefined;
  if (Math.min(...other.at) > MAX_HEAD) return undefined;
  const [first, last] = [before.tokens[command.verb.start], before.tokens[command.verb.end - 1]];
  return first && last ? `${before.text.slice(first.start, last.end)} ${text}` : undefined;
}

/** "Lisa takes A, Paul B": a name and another known thing with what was said of the first. */
function withPerson(text: string, right: ParsedClause, before: ParsedClause): string | undefined {
  const [one, other] = [before.about(), right.about()];
  const { lexicon, tokens } = right;
  const takes = lexicon.set(lexicon.data.takesOver).all(before.tokens)[0];
  if (before.command?.action !== 'update' || !takes || !one || !other || one.item.id === other.item.id)
    return undefined;
  const first = Math.min(...other.at);
  const masked = new MaskedText(text, tokens, lexicon);
  let end = 0;
  while (end < first && isCapital(masked, end) && !isDeterminer(masked, end)) end += 1;
  const [from, to, thing] = [before.tokens[takes.start], before.tokens[takes.end - 1], tokens[end]];
  const small = tokens.slice(end, first).every((_, at) => isDeterminer(masked, end + at));
  if (end === 0 || !small || !from || !to || !thing) return undefined;
  return `${text.slice(0, thing.start)}${before.text.slice(from.start, to.end)} ${text.slice(thing.start)}`;
}

/** What follows with the verb that it shares: all of it, or only up to the next mark ("A to Ann, B to Ben, and C is done"). */
export function carriedVerb(
  parts: readonly string[],
  left: ParsedClause,
  parse: (text: string) => ParsedClause,
): string | undefined {
  if (left.command?.action !== 'update' && left.command?.action !== 'delete') return undefined;
  for (const part of new Set(parts)) {
    const text = withVerb(part, parse(part), left);
    if (text !== undefined) return text;
  }
  return undefined;
}
