import { itemsFor, itemsOf, type Item } from '../entities/assistant-context';
import type { Antecedent } from '../entities/coreference';
import { keywords, linkEntity, type Match } from '../entities/entity-linking';
import { fill, repliesIn } from '../lexicon/replies/reply-texts';
import type { EntityType } from '../lexicon/lexicon';
import type { Request } from '../slots/request';
import { toolFor } from './tool-mapping';
import type { Outcome, Step, Turn } from './turn';

export type Row = Readonly<Record<string, unknown>>;

const MAX_NAMED = 5;

/** Finds the thing that a request is about: in the context, in what list tools brought, or by calling one. */
export function resolve(
  request: Request,
  turn: Turn,
  outcomes: readonly Outcome[],
  antecedent: Antecedent | undefined,
): { readonly item: Item } | Step {
  const { type } = request;
  const replies = repliesIn(request.lexicon.data.language);
  if (request.twins && request.twins.length > 1) return { text: whichOne(request, type, request.twins) };
  if (request.target) return { item: request.target };
  const told = keywords(request.reference ?? '').length === 0 ? antecedent : undefined;
  if (told?.item && (told.type === type || type === 'comment')) return { item: told.item };
  const reference = told?.name ?? request.reference ?? '';
  const direct = type === 'comment' ? idIn(reference) : undefined;
  if (direct) return { item: { id: direct, name: direct, folded: direct, row: {} } };
  const lister = toolFor({ action: 'list', type }, turn.tools);
  const listed = outcomes.filter((outcome) => outcome.name === lister?.name);
  const brought = listed.flatMap((outcome) => itemsOf(rowsIn(outcome.result)));
  const items = distinct([...itemsFor(turn.context, type), ...brought]);
  const match = matchOf(reference, items, request.action === 'delete');
  if (match.kind === 'one') return { item: match.item };
  if (match.kind === 'many') return { text: whichOne(request, type, match.items) };
  const only = keywords(reference).length === 0 && brought.length === 1 ? brought[0] : undefined;
  if (only) return { item: only };
  const one = replies.one[type];
  if (keywords(reference).length === 0 && (type === 'task' || type === 'project' || listed.length > 0 || !lister))
    return { text: fill(replies.which, { one }) };
  const search =
    lister && listed.length < 2 && request.statement !== true
      ? lookup(lister.name, 'search' in lister.properties, request, reference, listed.length)
      : undefined;
  return search ?? { text: fill(replies.noMatch, { one, name: spoken(reference) }) };
}

/** The whole reference, else its parts between marks: the rest may be an explanation. */
function matchOf(reference: string, items: readonly Item[], confirms: boolean): Match {
  const whole = linkEntity(reference, items);
  const parts = reference.split(/\s*[;,]\s*/).filter((part) => keywords(part).length > 0);
  // What is confirmed before it is done may be named by one telling word among others.
  const words = confirms ? keywords(reference).filter((word) => word.length > 3) : [];
  if (whole.kind !== 'none') return whole;
  for (const part of [...(parts.length < 2 ? [] : parts), ...words]) {
    const match = linkEntity(part, items);
    if (match.kind !== 'none') return match;
  }
  return whole;
}

function spoken(reference: string): string {
  return reference.replace(/\s*;\s*/g, ', ').slice(0, 120);
}

/** The rows of a tool's result: an array, an object's array, or the object itself. */
export function rowsIn(result: unknown): Row[] {
  if (Array.isArray(result)) return result.filter(isRow);
  if (!isRow(result)) return [];
  const inner = Object.values(result).find((value) => Array.isArray(value) && value.some(isRow));
  return Array.isArray(inner) ? inner.filter(isRow) : [result];
}

/** First with the words to look for, where the tool can search; then, should that bring nothing, everything. */
function lookup(name: string, searches: boolean, request: Request, reference: string, asked: number): Step | undefined {
  const taskId = request.type === 'comment' ? request.target?.id : undefined;
  const args = taskId === undefined ? {} : { task_id: taskId };
  if (asked === 0)
    return {
      calls: [{ name, args: searches ? { ...args, search: keywords(reference).join(' ').slice(0, 200) } : args }],
    };
  return searches ? { calls: [{ name, args }] } : undefined;
}

function distinct(items: readonly Item[]): Item[] {
  return [...new Map(items.map((item) => [item.id, item])).values()];
}

function idIn(reference: string): string | undefined {
  return /^[\w-]*\d[\w-]*$/.test(reference) ? reference : undefined;
}

function whichOne(request: Request, type: EntityType, items: readonly Item[]): string {
  const replies = repliesIn(request.lexicon.data.language);
  const names = items.slice(0, MAX_NAMED).map((item) => `'${item.name}' (${item.id.slice(0, 40)})`);
  return fill(replies.whichOf, { one: replies.one[type], names: names.join(` ${replies.or} `) });
}

export function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
