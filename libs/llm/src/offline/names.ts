import type { Context, Item } from './context';
import type { Draft } from './draft';
import { matchItem } from './target';
import { pattern } from './pattern';

/** A place that a clause names: one that is known, or only its name. */
export type Named = { readonly item: Item } | { readonly name: string };

const CAPITAL = String.raw`\p{Lu}[\p{L}\p{N}.'’&-]*`;
const ADDRESS = String.raw`[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}`;
const PERSON = String.raw`(?:${ADDRESS}|@[\w-]{1,40}|${CAPITAL}(?:\s+${CAPITAL}){0,2})`;
const PEOPLE = new RegExp(
  String.raw`(?:the |our |my )?${PERSON}(?:(?:\s*,\s*(?:and\s+)?|\s+(?:and|und|e|&)\s+)${PERSON}){0,9}`,
  'uy',
);
const LOWERCASE = /[\p{L}][\p{L}'’-]{0,40}/uy;
const SIMILAR = /\b(?:for|in|to|on|of|fur|per)\s+(?:the |our |my )?([\p{L}\d-]{3,30})(?=\s|[,.;]|$)/gu;
const HIDDEN = /[\ue000\ue001]/;
const NOT_A_NAME = pattern(
  'i',
  String.raw`^(?:the|a|an|me|my|about|to|say|that|it|him|her|them|everyone|monday|tuesday|wednesday|thursday`,
  String.raw`|friday|saturday|sunday)$`,
);
const LINK = String.raw`(?:(?:in|for|to|under|on|of|within|into|from|at|fur|in|im|zum|zu|von|nel|per|al|del)\s+)?`;
const DET = String.raw`(?:(?:the|my|our|das|dem|den|il|progetto|projekt)\s+)*`;
const WORDS = String.raw`[^\s,;:!?\ue000]+(?:\s[^\s,;:!?\ue000]+){0,4}?`;
const ENDS = String.raw`(?=\s*(?:$|[,;:!?\ue000]|[.](?:\s|$)|\b(?:by|due|with|on|at|before|until|and|that|to|called|named|titled|for|from|bis|mit|am|entro|con|called|says?|saying|sorted|ordered|tomorrow|today|is|are|assigned|priority|high|low)\b))`;

/**
 * The project of a clause. In commands it must be linked ("for Atlas", "project Atlas"); with `anywhere` any
 * mention of a known one counts.
 */
export function takeProject(draft: Draft, context: Context, anywhere: boolean): Named | undefined {
  return takeNamed(draft, context.projects, 'project|projekt|progetto', anywhere);
}

/** A known project that a linked word or two point at ("for the kitchen"). */
export function takeSimilarProject(draft: Draft, context: Context): Named | undefined {
  for (const found of [...draft.live.matchAll(SIMILAR)].slice(0, 6)) {
    const match = matchItem(found[1] ?? '', context.projects);
    if (match.kind !== 'one') continue;
    draft.cut(found.index, found.index + found[0].length);
    return { item: match.item };
  }
  return undefined;
}

export function takeClient(draft: Draft, context: Context): Named | undefined {
  return takeNamed(draft, context.clients, 'client|customer|account|kunden?|cliente', true);
}

/** People behind a marker such as "with" (a global pattern), as they were written. */
export function takePeople(draft: Draft, marker: RegExp, lowercase: boolean): string[] {
  for (const found of [...draft.live.matchAll(marker)].slice(0, 8)) {
    const start = found.index + found[0].length;
    PEOPLE.lastIndex = start;
    const people = PEOPLE.exec(draft.text)?.[0] ?? (lowercase ? lowercaseName(draft, start) : undefined);
    if (!people || HIDDEN.test(draft.live.slice(start, start + people.length)) || NOT_A_NAME.test(people)) continue;
    draft.cut(found.index, start + people.length);
    return people.split(/\s*,\s*(?:and\s+)?|\s+(?:and|und|e|&)\s+/).map((name) => name.replace(/^@|[.]$|['’]s$/g, ''));
  }
  return [];
}

function lowercaseName(draft: Draft, start: number): string | undefined {
  LOWERCASE.lastIndex = start;
  const word = LOWERCASE.exec(draft.text)?.[0];
  return word && !NOT_A_NAME.test(word) ? word : undefined;
}

function takeNamed(draft: Draft, items: readonly Item[], noun: string, anywhere: boolean): Named | undefined {
  const longestFirst = items.filter((item) => item.folded !== '').sort((a, b) => b.folded.length - a.folded.length);
  for (const item of longestFirst) {
    const span = draft.find(item.folded);
    if (!span) continue;
    const lead = new RegExp(`${LINK}${DET}(?:(?:${noun})\\s+)?["']?$`).exec(draft.live.slice(0, span.start))?.[0] ?? '';
    const tail = new RegExp(`^["']?(?:\\s+(?:${noun})\\b)?`).exec(draft.live.slice(span.end))?.[0] ?? '';
    const linked = new RegExp(`^${LINK.slice(0, -1)}`).test(lead) || new RegExp(noun).test(lead + tail);
    const apart =
      /^\s*(?:[,.;:)]|$|\ue000)/.test(draft.live.slice(span.end)) && /[,:(-]\s*$/.test(draft.live.slice(0, span.start));
    if (!linked && !anywhere && !apart) continue;
    draft.cut(span.start - lead.length, span.end + tail.length);
    return { item };
  }
  return takeUnknown(draft, noun);
}

function takeUnknown(draft: Draft, noun: string): Named | undefined {
  const before = new RegExp(
    `\\b(?:in|for|to|under|on|of|within|into|from|fur|im|zum|von|nel|per|al|del)\\s+(?:(?:the|my|our|das|dem|il)\\s+)?(?:${noun})\\s+(${WORDS})${ENDS}`,
    'd',
  );
  const after = new RegExp(
    `\\b(?:in|for|to|under|on|of|within|into|from)\\s+(?:the|my|our)\\s+(["']?[^\\s,;:!?\\ue000]+["']?(?:\\s[^\\s,;:!?\\ue000]+){0,2}?)\\s+(?:${noun})\\b`,
    'd',
  );
  const found = draft.take(before) ?? draft.take(after);
  const name = found?.parts[1];
  return name ? { name } : undefined;
}
