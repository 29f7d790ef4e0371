import type { AssistantContext } from '../entities/assistant-context';
import type { Mention } from '../entities/entity-linking';
import type { MaskedText } from '../text/masked-text';
import { capital, titleOf } from '../text/title-text';
import { extractAsides } from './asides';
import { extractDate, timesOf } from './date-slots';
import { extractMinutes } from './field-slots';
import { isDeterminer, isPreposition } from './name-tokens';
import { extractNamesBehind, peopleAt } from './people-slots';
import { extractLocation } from './place-slots';
import { extractProject } from './project-slots';
import { extractNoun, type Instruction } from './reference-slots';
import type { Request } from './request';
import { dropFillers, extractAll, labelledText } from './text-slots';

/** Something new in the calendar: times, place and people first, then the title out of the rest. */
export function fillEvent(
  masked: MaskedText,
  instruction: Instruction,
  mentions: readonly Mention[],
  context: AssistantContext,
): Partial<Request> {
  const { data } = masked.lexicon;
  const inQuotes = quoted(masked);
  extractAll(masked, data.calendars);
  const guests = extractGuests(masked, instruction.verb?.end ?? 0);
  const minutes = extractMinutes(masked);
  const date = extractDate(masked, context);
  const project = extractProject(masked, mentions, context, false);
  dropFillers(masked);
  const location = extractLocation(masked, date?.end);
  const nounAt = masked.lexicon.nouns
    .all(masked.tokens)
    .find(({ value, start, end }) => value.type === 'event' && masked.areFree(start, end));
  const invited = /^(?:invite|einlad|invita|inviter)/.test(masked.word(instruction.verb?.start ?? 0))
    ? peopleAt(masked, instruction.verb?.end ?? 0, true)
    : undefined;
  if (invited) masked.extract(masked.firstFree(0), invited.end);
  const labelled = masked.lexicon.set(data.labels.title).all(masked.tokens).length > 0;
  const people =
    invited?.names ??
    guests ??
    extractNamesBehind(masked, data.with.split('|')[0] ?? '', false, inQuotes === undefined && !labelled);
  extractAsides(masked);
  const titled = inQuotes ?? labelledText(masked, 'title');
  const title = titled ?? eventTitle(masked, instruction, nounAt);
  return { title, location, project, people, ...timesOf(date, minutes, context) };
}

const INVITES = /^(?:invite|invites|inviting|invitez|inviter|invita|invitare|invitar|invitando|einladen|lade?)$/;

/** "…, and invite Tom and Priya", "… und lade Tom und Priya ein" */
function extractGuests(masked: MaskedText, from: number): readonly string[] | undefined {
  const { tokens, lexicon } = masked;
  for (let at = Math.max(1, from); at < tokens.length - 1; at += 1) {
    const joint = masked.isFree(at) && INVITES.test(masked.word(at));
    const people = joint ? peopleAt(masked, at + (masked.word(at + 1) === 'a' ? 2 : 1), false) : undefined;
    if (!people) continue;
    const and = lexicon.set(lexicon.data.and).at(tokens, at - 1) ? 1 : 0;
    masked.extract(at - and, /^(?:ein|dazu)$/.test(masked.word(people.end)) ? people.end + 1 : people.end);
    return people.names;
  }
  return undefined;
}

function quoted(masked: MaskedText): string | undefined {
  const at = masked.quote();
  if (at === undefined) return undefined;
  masked.extract(at, at + 1);
  return masked.tokens[at]?.text;
}

/** "a meeting with Anna" is called "Meeting with Anna"; "an event called Launch" is called "Launch". */
function eventTitle(
  masked: MaskedText,
  instruction: Instruction,
  noun: { start: number; end: number } | undefined,
): string | undefined {
  const plain =
    noun && /^(?:calendar|event|evento|termin|entry|evenement|cita|appointment|rendez)/.test(masked.word(noun.start));
  if (noun && plain === true && !isPreposition(masked, noun.end)) {
    extractNoun(masked, 'event', 0);
    return titleOf(masked) ?? capital(masked.slice(noun.start, noun.end));
  }
  let start = instruction.final === true ? 0 : Math.max(instruction.verb?.end ?? 0, 0);
  if (noun && noun.start >= start) {
    let from = noun.start;
    while (
      from > 0 &&
      masked.isFree(from - 1) &&
      !masked.lexicon.set(masked.lexicon.data.determiners).at(masked.tokens, from - 1) &&
      from > start
    )
      from -= 1;
    masked.extract(start, from);
    if (isDeterminer(masked, masked.firstFree(0)) && masked.firstFree(0) < noun.start)
      masked.extract(masked.firstFree(0), noun.start);
  } else {
    start = masked.firstFree(start);
    if (masked.lexicon.set(masked.lexicon.data.determiners).at(masked.tokens, start)) masked.extract(start, start + 1);
  }
  return titleOf(masked);
}
