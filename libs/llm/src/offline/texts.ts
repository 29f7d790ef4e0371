import type { Command } from './command';
import type { Draft } from './draft';
import type { Thing } from './nouns';
import { shorten, titleFrom } from './wording';
import { pattern } from './pattern';

const NOUN =
  '(?:tasks?|to-?dos?|reminders?|action items?|check-?points?|milestones?|projects?|notes?|memos?' +
  '|meetings?|events?|appointments?|calendar(?: event| entry)?|e-?mails?|mails?|messages?|drafts?' +
  '|comments?|aufgaben?|erinnerung|notiz|projekt|termin|besprechung|meilenstein|attivita|compito' +
  '|promemoria|nota|appunto|progetto|riunione|evento|appuntamento|traguardo)';
const ADJECTIVES =
  '(?:(?:new|quick|short|another|a|an|the|my|this|me|us|up|one|down|neue[srn]?|eine[nr]?|ein|un|una' +
  "|uno|nuov[oa]|la|il|das|den|die|der)\\s+|un')*";
const OPENING = new RegExp(`^[\\s\\ue000]*${ADJECTIVES}${NOUN}\\b(?! rooms?\\b)`, 'd');
const CALLED = pattern(
  'd',
  String.raw`[\s,]*\b(?:call it|name it|title it|called|named|titled|with (?:the )?(?:title|name)|title[d]?:?`,
  String.raw`|entitled|namens|mit dem (?:titel|namen)|dal titolo|chiamat[oa]|intitolat[oa])\s*:?\s+`,
);
const DESCRIPTION = pattern(
  'ds',
  String.raw`[\s,;.]*\b(?:with (?:the |a )?)?(?:description|desc|details?|beschreibung|descrizione`,
  String.raw`|dettagli)\b\s*(?:[:=-]|is|of)?\s*(["']\ue001+["']|.+$)`,
);
const CONTENT = pattern(
  'ds',
  String.raw`[\s,;.]*\b(?:with (?:the |a )?(?:content|text|body|message)|(?:and )?(?:say|says|saying`,
  String.raw`|which says|that says|it says|write|with the words|mit (?:dem )?inhalt|con (?:il )?(?:testo`,
  String.raw`|contenuto))|content|text|body|inhalt|contenuto|testo|telling (?:him|her|them)(?: that)?`,
  String.raw`|(?:to )?(?:tell|let) (?:him|her|them)(?: know)?(?: that)?)\b\s*(?:[:=-]|that)?\s*(.+)$`,
);
const COLON = /:\s*(\S.*)$/ds;
const THAT = /^[\s\ue000]*(?:that|dass|che)\s+(.+)$/ds;
const QUOTE = /["'](\ue001+)["']/d;
const TO_IT = /^[\s\ue000]*(?:to|into|in) (?:it|that|this)\s*[:,]?\s*(?:that\s+)?(.+)$/ds;
const REPLACED = /\b(?:content|contents|text|body|inhalt|testo)\b.{0,120}?\s(?:with|to|by|durch|con)\s+(.+)$/ds;
const ARTICLE = /^(?:to\s+)?(?:an?|the|eine?n?|una?|il|la)\s+/i;
const INTO_NOTE = pattern(
  'd',
  String.raw`^[\s\ue000]*([^\s\ue000].*?)\s+(?:to|in|into|onto|on|zur|alla)\s+(?:the |my `,
  String.raw`|our )?(?=["']?\ue000|(?:[^\s:,]+\s+){0,4}(?:notes?|memo|notiz|nota)\b)`,
);
const NOISE = new RegExp(
  `\\b(?:${NOUN}|mark|set|the|my|our|this|please|status|priority|prio|due date|deadline|title|name|date|as|to|of|for|from|by|on|at|is|are|be|it|up|out|back|forward|about|called|named|titled|with|and|me|all|any|list|show|detail|details|content|contents|der|die|das|dem|den|every|each|archive|meine?n?|auf|vom|von|mir|il|la|lo|le|i|gli|mio|mia|mie|miei|di|del|della|su|a|come)\\b`,
  'g',
);

/** What is written into a note, a comment, an e-mail or a description, word for word. */
export function takeContent(draft: Draft, thing: Thing, changing = false): string | undefined {
  if (thing === 'event' || thing === 'checkpoint' || thing === 'project' || thing === 'figure') return undefined;
  if (thing === 'task') return draft.take(DESCRIPTION)?.parts[1];
  const replaced = changing ? draft.take(REPLACED) : undefined;
  if (replaced) return replaced.parts[1];
  const into = thing === 'note' ? draft.take(INTO_NOTE) : undefined;
  const taken =
    into ?? (changing ? draft.take(TO_IT) : undefined) ?? draft.take(CONTENT) ?? draft.take(COLON) ?? draft.take(THAT);
  if (taken) return taken.parts[1];
  if (thing !== 'comment') return undefined;
  return (draft.take(QUOTE) ?? draft.take(/\bthat\s+(.+)$/ds))?.parts[1];
}

/** The name of something new: what is quoted, else what is left of the sentence. */
export function takeTitle(draft: Draft, command: Command, content: string | undefined): string | undefined {
  const opening = draft.take(OPENING);
  const called = draft.take(CALLED);
  const quoted = draft.quotes.find((quote) => content === undefined || !content.includes(quote));
  if (quoted) return titleFrom(quoted);
  if (called) draft.cut(0, called.end);
  if (command.thing === 'email') return subjectOf(draft, content);
  if (command.thing === 'event' && opening) return eventTitle(draft, opening.parts[0] ?? '');
  const left = titleFrom(command.thing === 'event' ? draft.rest().replace(ARTICLE, '') : draft.rest());
  if (left !== '') return left;
  const firstLine = (content ?? '').split('\n', 1).join('').trim();
  return firstLine === '' ? undefined : titleFrom(shorten(firstLine, 60));
}

/** "a meeting with Anna" is called "Meeting with Anna"; "an event called Launch" is called "Launch". */
function eventTitle(draft: Draft, opening: string): string | undefined {
  const rest = draft.rest();
  const noun = /\S+$/.exec(opening.trim())?.[0] ?? '';
  const kind = /^(?:calendar|event|evento|entry)$/i.test(noun) ? '' : noun;
  const title = titleFrom(/^(?:with|about|for|on|mit|con|zu|uber|su)\b/i.test(rest) ? `${kind} ${rest}` : rest);
  return title === '' ? titleFrom(kind === '' ? 'Event' : kind) : title;
}

function subjectOf(draft: Draft, content: string | undefined): string | undefined {
  const subject = draft.take(
    /\b(?:about|regarding|re:|concerning|on the subject of|(?:with )?(?:the )?subject(?: line)?:?|wegen|uber|zum thema|riguardo|sul|sulla|su|to (?=(?:thank|ask|tell|invite|confirm|say|remind|apologi[sz]e|inform)))\s*(.+)$/ds,
  );
  const named = titleFrom(subject?.parts[1] || (subject?.parts[0] ?? '') || draft.rest());
  if (named !== '') return named;
  return content ? titleFrom(shorten(content, 60)) : undefined;
}

const SEARCHING = /^(?:search|find|look (?:for|up)|look|such|finde|cerca|trova)/;
const SEARCHED = pattern(
  'ds',
  String.raw`\b(?:about|regarding|concerning|contain(?:ing|s)?|mention(?:ing|s)?|with|called|named|matching`,
  String.raw`|related to|for|from|zu|uber|wegen|su|sul|sulla|riguardo)\s+(.+)$`,
);

/** What a list is searched for: after "find", or behind a word like "about". */
export function takeSearch(draft: Draft): string | undefined {
  if (draft.quotes.length > 0 && draft.live.includes('\ue001')) return draft.quotes[0];
  const text = SEARCHING.test(draft.text.toLowerCase()) ? draft.rest() : (draft.take(SEARCHED)?.parts[1] ?? '');
  return cleanReference(text.replace(/\ue000/g, ' ')) || undefined;
}

/**
 * The new name in a change ("rename X to Y", "change the title of X to Y"), and the old one where it was not known
 * before.
 */
export function takeNewName(draft: Draft, known: boolean): { name: string; reference?: string } | undefined {
  const renaming =
    /^\S*(?:rename|retitle|relabel|rinomina|benenn\w*|umbenennen)\b/.test(draft.text.toLowerCase()) ||
    draft.has(/\b(?:title|name|titel|titolo|nome)\s+(?:of\b|from\b|to\b|von\b|di\b)/);
  if (!renaming) return undefined;
  const found = known
    ? draft.take(/\s(?:to|as|into|in|auf)\s+(.+)$/ds)
    : draft.take(/^[\s\ue000]*(?:the )?([^\s\ue000].*?)["']?\s+(?:to|as|into|auf)\s+(.+)$/ds);
  const name = found?.parts.at(-1);
  if (!found || !name) return undefined;
  const reference = known ? undefined : cleanReference(found.parts[1] ?? '');
  return { name: titleFrom(name), ...(reference ? { reference } : {}) };
}

/** What is left of a clause about something that exists: its name, as far as the words tell. */
export function referenceOf(draft: Draft): string {
  const [quoted] = draft.quotes;
  return quoted !== undefined && draft.live.includes('\ue001') ? quoted : cleanReference(draft.rest());
}

function cleanReference(text: string): string {
  const short = text.slice(0, 300).replace(/["'?!.,;:()]+(?=\s|$)|(?<=^|\s)["'(]+/g, ' ');
  return short.replace(new RegExp(NOISE, 'gi'), ' ').replace(/\s+/g, ' ').trim();
}
