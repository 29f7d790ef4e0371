import type { AssistantContext } from '../entities/assistant-context';
import type { Antecedent } from '../entities/coreference';
import { mentionsIn } from '../entities/entity-linking';
import { dueInstant } from '../slots/date-resolution';
import { extractDate } from '../slots/date-slots';
import { extractPriority, extractStatus } from '../slots/field-slots';
import { extractPeople } from '../slots/people-slots';
import { extractProject } from '../slots/project-slots';
import type { CompiledLexicon } from '../text/compiled-lexicon';
import { languagesOf } from '../text/language';
import { MaskedText } from '../text/masked-text';
import { tokenize, type Token } from '../text/tokens';
import { correctTypos } from '../text/typo-correction';
import { withoutDenied } from './contrast';
import { featuresOf } from './clause-features';
import type { Candidate } from './command';
import type { ParsedClause } from './parsed-clause';
import { scoreIntents } from './intent-scorer';
import { parseBareRequest } from './request-behind';

/** What a correction must bring to be believed. */
const MIN_GAIN = 0.8;

/** Reads a clause in the likeliest language; another one, or a spelling correction, only where that reads better. */
export function parseClause(
  text: string,
  languages: readonly CompiledLexicon[],
  context: AssistantContext,
  antecedent: Antecedent | undefined,
): ParsedClause {
  const tokens = tokenize(text);
  const first = languages[0] ?? languagesOf(tokens, context.language)[0];
  const plain = (part: string): ParsedClause => parsePlain(part, languages, context, antecedent);
  return (first && parseBareRequest(text, tokens, first, context, plain)) ?? plain(text);
}

function parsePlain(
  text: string,
  languages: readonly CompiledLexicon[],
  context: AssistantContext,
  antecedent: Antecedent | undefined,
): ParsedClause {
  const all = tokenize(text);
  const first = languages[0] ?? languagesOf(all, context.language)[0];
  const tokens = first ? withoutDenied(text, all, first, context) : all;
  let best = read(text, first ? correctTypos(tokens, first, 'fields') : tokens, first, context, antecedent);
  if (isSure(best.command) || best.negated) return best;
  for (const lexicon of languages.slice(0, 2)) {
    for (const variant of [tokens, correctTypos(tokens, lexicon)]) {
      const other = read(text, variant, lexicon, context, antecedent);
      const gain = best.command === undefined ? 0 : best.lexicon === lexicon ? 0.3 : MIN_GAIN;
      if ((other.command?.score ?? 0) > (best.command?.score ?? 0) + gain) best = other;
    }
  }
  return best;
}

function isSure(command: Candidate | undefined): boolean {
  return command !== undefined && command.guessed !== true && command.score >= 3.8;
}

function read(
  text: string,
  tokens: readonly Token[],
  lexicon: CompiledLexicon | undefined,
  context: AssistantContext,
  antecedent: Antecedent | undefined,
): ParsedClause {
  if (!lexicon) throw new Error('a text has a language');
  const scratch = new MaskedText(text, tokens, lexicon);
  const mentions = mentionsIn(tokens, context);
  for (const { start, end, type } of mentions) if (type !== 'project') scratch.extract(start, end);
  const priority = extractPriority(scratch, true);
  const people = findPeople(scratch);
  const date = extractDate(scratch, context);
  const status = extractStatus(scratch.copy(), 'update');
  for (const { start, end, type } of mentions) if (type !== 'project') scratch.release(start, end);
  if (isProjectAside(scratch)) extractProject(scratch, mentions, context, false);
  const evidence = {
    priority: priority !== undefined,
    status: status !== undefined,
    date: date !== undefined,
    timed: date?.timed === true || date?.invalid === true,
    people: people !== undefined,
    ranged: date?.until !== undefined,
    past: date?.dated === true && !date.invalid && dueInstant(date, context.zone) < context.now,
  };
  const features = featuresOf(scratch, context, antecedent);
  const [command] = scoreIntents(features, evidence);
  const fielded = evidence.priority || evidence.status || evidence.date || evidence.people;
  return {
    text,
    tokens,
    lexicon,
    command,
    dated: date !== undefined,
    fielded,
    negated: features.negated,
    about: features.linked,
  };
}

/** Extracts the people of a clause, but for those behind its own verb ("assign it to Ann"). */
function findPeople(masked: MaskedText): readonly string[] | undefined {
  const probe = masked.copy();
  const people = extractPeople(probe, true);
  const at = masked.tokens.findIndex((_, index) => masked.isFree(index) && !probe.isFree(index));
  return at >= 0 && masked.lexicon.verbs.at(masked.tokens, at)?.value === 'assign'
    ? people
    : extractPeople(masked, true);
}

/** Another noun than the project is what the clause is about, or the project stands first. */
function isProjectAside(masked: MaskedText): boolean {
  const nouns = masked.lexicon.nouns.all(masked.tokens);
  return (
    nouns.some(({ value }) => value.type !== 'project') ||
    nouns.length === 0 ||
    /^(?:for|in|fur|im|per|nel|pour|dans|para|en)$/.test(masked.word(0))
  );
}
