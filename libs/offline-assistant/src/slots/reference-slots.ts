import type { Item } from '../entities/assistant-context';
import type { Mention } from '../entities/entity-linking';
import type { EntityType } from '../lexicon/lexicon';
import type { MaskedText } from '../text/masked-text';
import { isDeterminer, isEdge, isPreposition, linkStart } from './name-tokens';
import type { Request } from './request';
import { extractAll } from './text-slots';

/** What slot filling needs to know about a command; positions count tokens. */
export interface Instruction {
  readonly action: Request['action'];
  readonly type: EntityType;
  readonly status?: Request['status'];
  readonly approved?: boolean;
  readonly meaning?: string;
  readonly verb?: { readonly start: number; readonly end: number };
  readonly particle?: { readonly start: number; readonly end: number };
  readonly atEnd?: boolean;
  readonly final?: boolean;
  readonly statement?: boolean;
  readonly item?: Item;
  readonly title?: string;
  readonly people?: readonly string[];
}

/** An explicit id, else the known item that the clause names in full; an id that the user gives is an id. */
export function extractTarget(
  masked: MaskedText,
  type: EntityType,
  mentions: readonly Mention[],
): { item: Item; twins: readonly Item[] | undefined } | undefined {
  const id = idFor(masked, type);
  if (id !== undefined) {
    const token = masked.tokens[id];
    const text = token?.text ?? '';
    const known = mentions.find(({ item }) => item.id.toLowerCase() === text.toLowerCase());
    masked.extract(id, id + 1);
    return { item: known?.item ?? { id: text, name: text, folded: text.toLowerCase(), row: {} }, twins: undefined };
  }
  const fitting = mentions.filter((one) => one.type === type && masked.areFree(one.start, one.end));
  const [mention] = [...fitting].sort(
    (one, other) => other.end - other.start - (one.end - one.start) || one.start - other.start,
  );
  if (!mention) return undefined;
  masked.extract(mention.start, mention.end);
  return { item: mention.item, twins: mention.twins.length > 1 ? mention.twins : undefined };
}

/** The id with the right label before it; ids of another kind ("in project <id>") were extracted before. */
function idFor(masked: MaskedText, type: EntityType): number | undefined {
  const ids = masked.tokens.flatMap(({ kind }, at) => (kind === 'id' && masked.isFree(at) ? [at] : []));
  const labelled = ids.find((at) =>
    masked.lexicon.nouns.all(masked.tokens, Math.max(0, at - 6), at).some(({ value }) => value.type === type),
  );
  return labelled ?? (ids.length === 1 || type !== 'project' ? ids[0] : undefined);
}

/** What is left of a clause about something that exists: its name, as far as the words tell. */
export function referenceOf(masked: MaskedText, type: EntityType): string {
  const quote = masked.quote();
  if (quote !== undefined) {
    masked.extract(quote, quote + 1);
    return masked.tokens[quote]?.text ?? '';
  }
  const { data } = masked.lexicon;
  for (const noun of masked.lexicon.nouns.all(masked.tokens)) {
    const named = noun.value.type === type || noun.value.type === 'task';
    if (named && masked.areFree(noun.start, noun.end)) masked.extract(noun.start, noun.end);
  }
  extractAll(masked, data.fillers);
  extractAll(masked, data.pronouns);
  extractAll(masked, data.all);
  return masked
    .remaining()
    .replace(/["'?!.,;:()]+(?=\s|$)|(?<=^|\s)["'(]+/g, ' ; ')
    .replace(/(?:\s*;\s*)+/g, ' ; ')
    .replace(/^[\s;]+|[\s;]+$/g, '')
    .trim();
}

const MAX_DISTANCE = 24;

/** Extracts the noun of what the clause is about with its articles and adjectives. */
export function extractNoun(masked: MaskedText, type: EntityType, from: number): number {
  const adjectives = masked.lexicon.set(masked.lexicon.data.adjectives);
  for (const noun of masked.lexicon.nouns.all(masked.tokens, from)) {
    if (noun.value.type !== type || !masked.areFree(noun.start, noun.end) || noun.start > from + MAX_DISTANCE) continue;
    let start = noun.start;
    for (let round = 0; round < 5; round += 1) {
      const at = start - 1;
      const small =
        isDeterminer(masked, at) ||
        adjectives.at(masked.tokens, at)?.end === start ||
        /^\d{1,2}$/.test(masked.word(at));
      if (at < 0 || !masked.isFree(at) || !small) break;
      start = at;
    }
    const link = isPreposition(masked, start - 1) && masked.isFree(start - 1) ? linkStart(masked, start) : start;
    const behind =
      masked.lexicon.wordsOf(masked.lexicon.data.adjectives).has(masked.word(noun.end)) &&
      isEdge(masked, noun.end + 1) &&
      /^(?:it|fr|es)$/.test(masked.lexicon.data.language)
        ? 1
        : 0;
    masked.extract(link, noun.end + behind);
    return noun.end + behind;
  }
  return from;
}
