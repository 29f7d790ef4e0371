import { pattern } from './pattern';

/** What a command is about; each has its tools. `figure` is what analytics counts. */
export type Thing = 'task' | 'comment' | 'checkpoint' | 'project' | 'note' | 'event' | 'email' | 'figure';

interface Mention {
  readonly thing: Thing;
  readonly start: number;
  readonly end: number;
  /** Behind a preposition ("for the project …"): says where, not what. */
  readonly aside: boolean;
}

const NOUNS = pattern(
  'g',
  String.raw`\b(?:(?<task>tasks?|to-?dos?|to do list|reminders?|action items?|chores?|aufgaben?`,
  String.raw`|erinnerung(?:en)?|attivita|compit[oi]|promemoria)|(?<comment>comments?|remarks?|feedback`,
  String.raw`|(?:did )?(?:people|they|anyone|everyone|[a-z]{2,20}) (?:say|said|comment(?:ed)?)(?= (?:on`,
  String.raw`|about))|kommentare?|comment[oi])|(?<checkpoint>check-?points?|milestones?|meilensteine?`,
  String.raw`|traguard[oi]|pietr[ae] miliar[ei]|tapp[ae])|(?<project>projects?|projekte?|progett[oi])`,
  String.raw`|(?<note>notes?|memos?|notiz(?:en)?|appunt[oi]|not[ae])|(?<event>calendar|calendars`,
  String.raw`|meetings?(?! rooms?\b)|events?|appointments?|agenda|diary|schedule|kalender|termine?`,
  String.raw`|besprechung(?:en)?|riunion[ei]|appuntament[oi]|event[oi]|calendario)|(?<email>e-?mails?|mails?`,
  String.raw`|inbox|mailbox|correspondence|posta)|(?<figure>weekly (?:report|review|summary|overview|stats`,
  String.raw`|statistics)|week in review|(?:overview|summary|review|recap) of (?:the|my|this|our`,
  String.raw`|last) (?:past |last )?week|(?:status|progress|productivity|activity) (?:report|overview|stats`,
  String.raw`|statistics)|report (?:for|of|on) (?:the |this |my |last )?(?:past )?week|reports?|statistics`,
  String.raw`|stats|analytics|metrics|trends?|completion rate|productivity|velocity|throughput|wochenbericht`,
  String.raw`|statistiken?|statistich[ea]|resoconto|rapporto))\b`,
);
const BEHIND = pattern(
  'u',
  String.raw`\b(?:in|for|of|to|on|onto|from|into|under|within|about|with|by|at|inside|im|in den|in dem|fur|zu`,
  String.raw`|zum|zur|aus|von|vom|auf|nel|nella|al|alla|alle|ai|per|del|della|dei|dal|dalla|sul`,
  String.raw`|sulla)\s+(?:(?:the|my|our|a|an|this|that|your|das|dem|den|der|die|mein|meine|meinem|meinen|il`,
  String.raw`|la|mio|mia|mie|miei)\s+)?(?:[\p{L}\p{N}.&\ue001"'-]+\s+){0,2}$`,
);
const LOOSE_EVENTS = pattern(
  '',
  String.raw`\b(?:(?:the|my|our|a|an|phone|video|conference|\w+'s) calls?|calls? with|lunch|dinner|breakfast`,
  String.raw`|brunch|coffee|stand-?up|kick-?off|1:1|one-on-one|interview|dentist|doctor|workshop|demo|sync`,
  String.raw`|webinar|conference|retro|retrospective|catch-?up|visit|party|birthday|slot|pranzo|cena`,
  String.raw`|mittagessen|abendessen|zahnarzt|dentista)\b`,
);

/**
 * The thing a clause speaks of: its first noun that no preposition hides, the last of two in a row ("meeting
 * notes").
 */
export function thingOf(live: string, creating: boolean): Thing | undefined {
  const found = mentions(live);
  const main = found.find((mention) => !mention.aside);
  if (!main) return undefined;
  if (creating && (main.thing === 'task' || main.thing === 'note')) return main.thing;
  const next = found.find((mention) => mention.start > main.end - 1 && mention.start - main.end <= 1);
  return next && live.charAt(main.end) === ' ' ? next.thing : main.thing;
}

/** The first noun behind a preposition ("add dentist to my calendar"). */
export function placeOf(live: string): Thing | undefined {
  return mentions(live).find((mention) => mention.aside)?.thing;
}

/** Words that mean an event only together with a verb like "schedule" or "cancel". */
export function soundsLikeEvent(live: string): boolean {
  return LOOSE_EVENTS.test(live);
}

function mentions(live: string): Mention[] {
  const found: Mention[] = [];
  for (const match of live.matchAll(NOUNS)) {
    const thing = THINGS.find((name) => match.groups?.[name] !== undefined);
    const before = live.slice(Math.max(0, match.index - 60), match.index);
    if (thing)
      found.push({ thing, start: match.index, end: match.index + match[0].length, aside: BEHIND.test(before) });
    if (found.length === 8) break;
  }
  return found;
}

const THINGS: readonly Thing[] = ['task', 'comment', 'checkpoint', 'project', 'note', 'event', 'email', 'figure'];
