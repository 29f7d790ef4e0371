import { fold } from './draft';
import type { Thing } from './nouns';
import { pattern } from './pattern';

export interface Exchange {
  readonly role: 'user' | 'assistant';
  readonly text: string;
}

/** What the user has just agreed to delete. */
export interface Confirmed {
  readonly thing: Thing;
  readonly name: string;
}

const ASKED = /Shall I delete the (task|comment|checkpoint|project|note|event|email) '([^\n]{1,210})'\? [^\n]{0,120}$/;
const YES = pattern(
  '',
  String.raw`^(?:yes|yep|yeah|yup|y|sure|ok|okay|confirm(?:ed)?|i confirm|go ahead|do it|please do|delete it`,
  String.raw`|correct|right|of course|absolutely|definitely|ja|jawohl|klar|mach das|si|certo|conferma`,
  String.raw`|confermo|procedi|va bene)\b`,
);
const NO = /^(?:no|nope|nah|don'?t|do not|stop|cancel|never ?mind|keep it|nein|nicht|lass|annulla|non)\b/;
const THINGS = ['task', 'comment', 'checkpoint', 'project', 'note', 'event', 'email'] as const;

/** The question before a delete; `confirmedIn` and `refusedIn` recognise it in the history by these very words. */
export function askToDelete(thing: Thing, name: string): string {
  const hint =
    thing === 'project' ? 'Archiving would keep it: say "archive it" for that, or yes to delete.' : 'Say yes.';
  return `Shall I delete the ${thing} '${name.replace(/\s+/g, ' ')}'? ${hint}`;
}

/** Set only when the assistant's last words were that question and the user's whole answer is a short yes. */
export function confirmedIn(message: string, history: readonly Exchange[]): Confirmed | undefined {
  return short(message, YES) && !NO.test(fold(message.trim())) ? askedIn(history) : undefined;
}

export function refusedIn(message: string, history: readonly Exchange[]): Confirmed | undefined {
  return short(message, NO) ? askedIn(history) : undefined;
}

function askedIn(history: readonly Exchange[]): Confirmed | undefined {
  const last = history.at(-1);
  if (last?.role !== 'assistant') return undefined;
  const asked = ASKED.exec(last.text.slice(-600));
  const thing = THINGS.find((name) => name === asked?.[1]);
  return thing && asked?.[2] ? { thing, name: asked[2] } : undefined;
}

function short(message: string, pattern: RegExp): boolean {
  const words = fold(message.trim().slice(0, 80));
  return message.trim().length <= 60 && pattern.test(words) && !/\b(?:but|instead|create|add|not)\b/.test(words);
}
