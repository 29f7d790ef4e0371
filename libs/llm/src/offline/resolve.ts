import { toolFor } from './capabilities';
import { itemsFor, itemsOf, type Item } from './context';
import { toldIn } from './knowledge';
import type { Thing } from './nouns';
import type { Request } from './request';
import { matchItem, tellingWords } from './target';
import type { Outcome, Step, Turn } from './turn';

type Row = Readonly<Record<string, unknown>>;

/** Finds the thing that a request is about: in the context, in what list tools brought, or by calling one. */
export function resolve(request: Request, turn: Turn, outcomes: readonly Outcome[]): { readonly item: Item } | Step {
  const { thing } = request.command;
  if (request.target && thing !== 'comment') return { item: request.target };
  const told = tellingWords(request.reference ?? '') === '' ? toldIn(turn.history, turn.context) : undefined;
  if (told?.item && told.thing === thing) return { item: told.item };
  const reference = told?.name ?? request.reference ?? '';
  const direct = thing === 'comment' ? idIn(reference) : undefined;
  if (direct) return { item: { id: direct, name: direct, folded: direct, row: {} } };
  const lister = toolFor({ act: 'list', thing }, turn.tools);
  const listed = outcomes.filter((outcome) => outcome.name === lister?.name);
  const brought = listed.flatMap((outcome) => itemsOf(rowsIn(outcome.result)));
  const items = distinct([...itemsFor(turn.context, thing), ...brought]);
  const match = matchItem(reference, items);
  if (match.kind === 'one') return { item: match.item };
  if (match.kind === 'many') return { text: whichOne(thing, match.items) };
  const only = tellingWords(reference) === '' && brought.length === 1 ? brought[0] : undefined;
  if (only) return { item: only };
  if (tellingWords(reference) === '' && (thing === 'task' || thing === 'project' || listed.length > 0))
    return { text: `Which ${thing} do you mean?` };
  const search =
    lister && listed.length < 2
      ? lookup(lister.name, 'search' in lister.properties, request, reference, listed.length)
      : undefined;
  return search ?? { text: `I found no ${thing} that matches '${reference.slice(0, 120)}'.` };
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
  const taskId = request.command.thing === 'comment' ? request.target?.id : undefined;
  const args = taskId === undefined ? {} : { task_id: taskId };
  if (asked === 0) return { calls: [{ name, args: searches ? { ...args, search: reference.slice(0, 200) } : args }] };
  return searches ? { calls: [{ name, args }] } : undefined;
}

function distinct(items: readonly Item[]): Item[] {
  return [...new Map(items.map((item) => [item.id, item])).values()];
}

function idIn(reference: string): string | undefined {
  return /^[\w-]*\d[\w-]*$/.test(reference) ? reference : undefined;
}

function whichOne(thing: Thing, items: readonly Item[]): string {
  const names = items.slice(0, 5).map((item) => `'${item.name}' (${item.id.slice(0, 40)})`);
  return `Which ${thing} do you mean: ${names.join(' or ')}?`;
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
