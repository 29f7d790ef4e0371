import { contextOf, type AssistantContext } from '../entities/assistant-context';
import { dueInstant } from '../slots/date-resolution';
import { extractDate } from '../slots/date-slots';
import { clean } from '../text/clean';
import { COMPILED, type CompiledLexicon } from '../text/compiled-lexicon';
import { languagesOf } from '../text/language';
import { MaskedText } from '../text/masked-text';
import { timeZoneOf } from '../text/time-zone';
import { capital, shorten, tidy } from '../text/title-text';
import { tokenize } from '../text/tokens';
import { GOAL_TEXTS } from './goal-texts';
import { extractRecurrence } from './recurrence';

export interface GoalStep {
  readonly title: string;
  /** The words that say when; `readTiming` reads them. */
  readonly timing: string;
}

export interface Timing {
  /** An RRULE of RFC 5545. */
  readonly recurrence?: string;
  /** Milliseconds since 1970; for something that recurs the end. */
  readonly due?: number;
  /** The time of day, where the words name one. */
  readonly time?: { readonly hour: number; readonly minute: number };
}

const MAX_TEXT = 4_000;
const MAX_STEPS = 20;
const MAX_TITLE = 120;
/** Of what may stand alone before a joint: it is read again at each. */
const MAX_READ = 500;
const SENTENCE_END = /\n+|(?<=[.;:!?])\s+/;
const BULLET = /^\s*(?:\d{1,2}[.)]|[-*•])\s+/;
/** "and" and commas in the five languages. */
const JOINT = /\s*,\s*(?:and|und|e|et|y)?\s+|\s+(?:and|und|e|et|y|then|dann|poi|puis|luego)\s+/gi;

/** What a goal in words asks to be done, in its order. One that names a single thing once gets steps to begin and to follow it. Pure. */
export function splitGoal(text: string, clock: () => number): { readonly title: string; readonly steps: GoalStep[] } {
  const goal = clean(text).slice(0, MAX_TEXT);
  const [likeliest, ...rest] = lexiconsFor(goal);
  if (!likeliest) throw new Error('a text has a language');
  // A few words may say only by "ogni lunedì" which language they are of.
  const lexicon =
    [likeliest, ...rest].find((candidate) => extractRecurrence(masked(goal, candidate)) !== undefined) ?? likeliest;
  const context = contextOf('', clock);
  const parts = goal
    .split(SENTENCE_END)
    .map((sentence) => sentence.replace(BULLET, '').trim())
    .filter((sentence) => sentence !== '')
    .flatMap((sentence) => clausesOf(sentence, lexicon, context))
    .slice(0, MAX_STEPS);
  const steps = parts.map((timing) => ({ title: titled(timing, lexicon, context), timing }));
  const [first, ...others] = steps;
  const title = first?.title ?? shorten(goal, MAX_TITLE);
  // "Learn the guitar: practise daily": what leads to the steps is the goal.
  if (first?.timing.endsWith(':') === true && others.length > 0) return { title, steps: others };
  const recurs = first !== undefined && extractRecurrence(masked(first.timing, lexicon)) !== undefined;
  if (first === undefined || others.length > 0 || recurs) return { title, steps };
  const texts = GOAL_TEXTS[lexicon.data.language];
  const step = (template: string, timing: string): GoalStep => ({
    title: capital(
      shorten(
        template.replace('{goal}', () => lower(title, lexicon)),
        MAX_TITLE,
      ),
    ),
    timing,
  });
  return { title, steps: [step(texts.define, ''), step(texts.begin, ''), step(texts.review, texts.weekly), first] };
}

/** When something is to be done, in the user's zone; `about` is the whole goal, whose language comes first. Pure. */
export function readTiming(
  words: string,
  { now, zone, about }: { readonly now: number; readonly zone: string; readonly about: string },
): Timing {
  const text = clean(words).slice(0, MAX_TEXT);
  const context = { ...contextOf('', () => now), zone: timeZoneOf(zone) };
  for (const lexicon of lexiconsFor(`${about.slice(0, 500)} ${text}`)) {
    const timing = timingIn(masked(text, lexicon), context);
    if (Object.keys(timing).length > 0) return timing;
  }
  return {};
}

/** All of them, the likeliest first. */
function lexiconsFor(text: string): CompiledLexicon[] {
  return [...new Set([...languagesOf(tokenize(text), 'en'), ...COMPILED])];
}

function timingIn(rest: MaskedText, context: AssistantContext): Timing {
  const recurrence = extractRecurrence(rest);
  const date = extractDate(rest, context);
  const valid = date?.invalid === true ? undefined : date;
  const time =
    valid?.timed === true
      ? { hour: valid.at.hour, minute: valid.at.minute }
      : recurrence?.hour === undefined
        ? undefined
        : { hour: recurrence.hour, minute: 0 };
  const due = valid && (valid.dated || recurrence === undefined) ? dueInstant(valid, context.zone) : undefined;
  return {
    ...(recurrence ? { recurrence: recurrence.rule } : {}),
    ...(due === undefined ? {} : { due }),
    ...(time ? { time } : {}),
  };
}

/** A part behind "and" or a comma is a step of its own where it says how often, and what. */
function clausesOf(sentence: string, lexicon: CompiledLexicon, context: AssistantContext): string[] {
  const joints = [...sentence.matchAll(JOINT)].map(({ index, 0: { length } }) => ({ from: index, to: index + length }));
  const parts: string[] = [];
  let from = 0;
  for (const [index, joint] of joints.entries()) {
    const next = sentence.slice(joint.to, joints[index + 1]?.from).trim();
    if (!isStep(next, lexicon, context)) continue;
    const before = sentence.slice(from, joint.from).trim();
    if (!standsAlone(before.slice(0, MAX_READ), lexicon, context)) continue;
    parts.push(before);
    from = joint.to;
  }
  return [...parts, sentence.slice(from).trim()];
}

/** `text` is what lies between two joints. */
function isStep(text: string, lexicon: CompiledLexicon, context: AssistantContext): boolean {
  // "Anna and Bob every Monday": a name is no step.
  const isName =
    lexicon.data.language !== 'de' && /^\p{Lu}\p{Ll}+$/u.test(bare(text, lexicon, context)) && /^\p{Lu}/u.test(text);
  return !isName && extractRecurrence(masked(text, lexicon)) !== undefined && standsAlone(text, lexicon, context);
}

function standsAlone(text: string, lexicon: CompiledLexicon, context: AssistantContext): boolean {
  const rest = bare(text, lexicon, context);
  return /\p{L}/u.test(rest) && tokenize(text).length > 1;
}

function titled(text: string, lexicon: CompiledLexicon, context: AssistantContext): string {
  const title = bare(text, lexicon, context);
  return capital(shorten(title === '' ? tidy(text) : title, MAX_TITLE));
}

/** Without opening words and those that say when. */
function bare(text: string, lexicon: CompiledLexicon, context: AssistantContext): string {
  const { opening } = GOAL_TEXTS[lexicon.data.language];
  let wanted = text;
  while (opening.test(wanted)) wanted = wanted.replace(opening, '');
  const rest = masked(wanted, lexicon);
  extractRecurrence(rest);
  extractDate(rest, context);
  return tidy(rest.remaining()).replace(
    /\s+(?:by|until|on|at|bis|am|um|entro|il|alle|avant|le|à|para|antes de|el|a las)$/i,
    '',
  );
}

function masked(text: string, lexicon: CompiledLexicon): MaskedText {
  return new MaskedText(text, tokenize(text), lexicon);
}

/** German nouns keep their capitals. */
function lower(title: string, lexicon: CompiledLexicon): string {
  if (lexicon.data.language === 'de' || /^\p{Lu}{2}/u.test(title)) return title;
  return title.charAt(0).toLowerCase() + title.slice(1);
}
