import { itemsFor, type AssistantContext, type Item } from '../entities/assistant-context';
import { linkEntity, type Mention } from '../entities/entity-linking';
import type { MaskedText } from '../text/masked-text';
import { isDeterminer, isEdge, isPreposition, linkStart, nameEnd, nameStart } from './name-tokens';

/** A project or a client that a clause names: one that is known, its explicit id, or only its name. */
export type Named = { readonly item: Item } | { readonly id: string } | { readonly name: string };

/**
 * The project of a clause. In commands it must be linked ("for Atlas", "project Atlas"); with `anywhere` any mention
 * of a known one counts.
 */
export function extractProject(
  masked: MaskedText,
  mentions: readonly Mention[],
  context: AssistantContext,
  anywhere: boolean,
): Named | undefined {
  return (
    byId(masked, 'project') ??
    (anywhere ? undefined : byPronoun(masked, context)) ??
    known(masked, mentions, anywhere) ??
    byNoun(masked, context) ??
    (anywhere ? undefined : similar(masked, context))
  );
}

/** "project 9b2d8f14-…" where the clause is about something in it. */
function byId(masked: MaskedText, type: 'project'): Named | undefined {
  for (const [at, token] of masked.tokens.entries()) {
    if (token.kind !== 'id' || !masked.isFree(at)) continue;
    const start = nounStart(masked, at, type);
    if (start === undefined || !isPreposition(masked, start - 1)) continue;
    masked.extract(linkStart(masked, start), at + 1);
    return { id: token.text };
  }
  return undefined;
}

/** "in it": the project that an earlier step of this message created. */
function byPronoun(masked: MaskedText, context: AssistantContext): Named | undefined {
  if (!context.created) return undefined;
  const pronouns = masked.lexicon.set(masked.lexicon.data.pronouns);
  for (let at = 1; at < masked.tokens.length; at += 1) {
    const pronoun = masked.isFree(at) && isPreposition(masked, at - 1) ? pronouns.at(masked.tokens, at) : undefined;
    if (!pronoun || !isEdge(masked, pronoun.end)) continue;
    masked.extract(at - 1, pronoun.end);
    return { item: context.created };
  }
  return undefined;
}

function known(masked: MaskedText, mentions: readonly Mention[], anywhere: boolean): Named | undefined {
  for (const { item, start, end } of mentions.filter(({ type }) => type === 'project')) {
    if (!masked.areFree(start, end)) continue;
    const noun = nounStart(masked, start, 'project');
    const behind = masked.lexicon.nouns.at(masked.tokens, end);
    const nounBehind = behind?.value.type === 'project' ? behind.end : undefined;
    const from = linkStart(masked, noun ?? start);
    const linked = from < (noun ?? start) && isPreposition(masked, from);
    const apart =
      masked.tokens[start - 1]?.kind === 'mark' &&
      (masked.tokens[end] === undefined || masked.tokens[end]?.kind !== 'word');
    if (!linked && !anywhere && !apart && noun === undefined && nounBehind === undefined) continue;
    masked.extract(from, nounBehind ?? end);
    return { item };
  }
  return undefined;
}

/** "in the project Summer Fair", "under the Summer Fair project": the name is a quote, capitals, or one word. */
function byNoun(masked: MaskedText, context: AssistantContext): Named | undefined {
  for (const noun of masked.lexicon.nouns.all(masked.tokens)) {
    if (noun.value.type !== 'project' || noun.value.many || !masked.areFree(noun.start, noun.end)) continue;
    const from = linkStart(masked, noun.start);
    const linked = from < noun.start && isPreposition(masked, from);
    const end = nameEnd(masked, noun.end);
    if (end > noun.end && linked) {
      const name = masked.slice(noun.end, end).replace(/^["'“„«]|["'”“»]$/g, '');
      masked.extract(from, end);
      return resolved(name, context);
    }
    const start = nameStart(masked, noun.start);
    const before = linkStart(masked, start);
    if (start < noun.start && before < start && isPreposition(masked, before)) {
      masked.extract(before, noun.end);
      return resolved(masked.slice(start, noun.start), context);
    }
  }
  return undefined;
}

function resolved(name: string, context: AssistantContext): Named {
  const match = linkEntity(name, itemsFor(context, 'project'));
  return match.kind === 'one' && match.score > 1 ? { item: match.item } : { name };
}

/** A known project that a linked word points at ("for the kitchen"). */
function similar(masked: MaskedText, context: AssistantContext): Named | undefined {
  const projects = itemsFor(context, 'project');
  if (projects.length === 0) return undefined;
  for (let at = 0; at < masked.tokens.length; at += 1) {
    if (!masked.isFree(at) || !isPreposition(masked, at)) continue;
    let start = at + 1;
    while (isDeterminer(masked, start)) start += 1;
    const word = masked.tokens[start];
    if (!word || word.kind !== 'word' || word.word.length < 4 || !masked.isFree(start)) continue;
    const match = linkEntity(word.text, projects);
    if (match.kind !== 'one' || match.score < 1.1 || !isEdge(masked, start + 1)) continue;
    masked.extract(at, start + 1);
    return { item: match.item };
  }
  return undefined;
}

export function extractClient(masked: MaskedText, context: AssistantContext): Named | undefined {
  const nouns = masked.lexicon.set(masked.lexicon.data.client);
  for (const client of context.clients) {
    const words = client.folded.split(/\s+/);
    const at = masked.tokens.findIndex(
      (_, index) => masked.isFree(index) && words.every((word, offset) => masked.word(index + offset) === word),
    );
    if (at < 0) continue;
    const noun = nouns.at(masked.tokens, at - 1) ? at - 1 : at;
    masked.extract(linkStart(masked, noun), at + words.length);
    return { item: client };
  }
  const [noun] = nouns.all(masked.tokens);
  const end = noun ? nameEnd(masked, noun.end) : 0;
  if (!noun || end <= noun.end || !masked.areFree(noun.start, noun.end)) return undefined;
  const name = masked.slice(noun.end, end);
  masked.extract(linkStart(masked, noun.start), end);
  return { name };
}

/** Where a noun of the type begins directly in front of `at`. */
function nounStart(masked: MaskedText, at: number, type: string): number | undefined {
  for (let length = 1; length <= 2; length += 1) {
    const from = at - length - (masked.word(at - 1) === ':' ? 1 : 0);
    const noun = from >= 0 ? masked.lexicon.nouns.at(masked.tokens, from) : undefined;
    if (noun?.value.type === type && noun.end >= at - 1) return from;
  }
  return undefined;
}
