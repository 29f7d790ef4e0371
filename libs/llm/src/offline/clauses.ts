import type { Command } from './command';
import type { Exchange } from './confirmation';
import type { Context } from './context';
import { courtesyOf } from './courtesy';
import { Draft, WINDOW } from './draft';
import { readCommand } from './grammar';
import { knowledgeOf, toldIn, type Told } from './knowledge';
import { corrected } from './spelling';
import { verbFirst } from './tail';
import { pattern } from './pattern';

/** One thing that a message asks for. `text` begins with the verb. */
export interface Clause {
  readonly text: string;
  readonly command: Command | undefined;
}

const MOST_CLAUSES = 6;
const THINGS =
  '(?:tasks?|to-?dos?|reminder|check-?points?|milestones?|projects?|notes?|memo|meetings?|events?' +
  '|appointments?|calendar|e-?mails?|mail|report|comment|aufgaben?|notiz|projekt|termin|meilenstein' +
  '|attivita|compito|promemoria|nota|progetto|riunione|evento|appuntamento)';
const VERBS =
  '(?:create|add|make|set up|start|open|schedule|book|plan|arrange|delete|remove|cancel|archive' +
  '|rename|move|mark|show|list|draft|write|compose|send|take|give|tell|update|change|erstelle' +
  '|loschen?|archiviere|zeige?|plane|verschiebe|schreibe?|crea|aggiungi|elimina|cancella|archivia' +
  '|mostra(?:mi)?|sposta|scrivi|pianifica|fissa)';
const NEXT = `(?:(?:please|also|then|can you|bitte|anche|auch|afterwards|after that|finally)[, ]+)*`;
/** "and" alone joins what belongs together; it parts only before a whole new command. */
const PLAIN = `(?=${NEXT}(?:${VERBS} (?:me )?(?:(?:a|an|the|my|another|new|quick|all|eine?n?|die|das|den|un|una|la|il|lo|up) )*(?:[^\\s,.;]+ ){0,2}${THINGS}\\b|remind me\\b|ricordami\\b|erinnere? mich\\b|note that\\b|note:|e-?mail [^\\s]+ |what |how many |show me ))`;
const STRONG = `(?=${NEXT}[^\\s,;]+ )`;
const PARTING = new RegExp(
  `(?:[,;.]?\\s+(?:and then|then also|und dann|danach|e poi|poi|after that|afterwards|then|and after that|followed by)\\s+|;\\s+|\\.\\s+then\\s+|\\n+)${STRONG}|(?:[,;.!?]\\s+|,?\\s+(?:and|und|e|plus)\\s+(?:also\\s+|auch\\s+|anche\\s+)?)${PLAIN}`,
  'g',
);
const DICTATED = pattern(
  '',
  String.raw`^(?:note\b|memo\b|take a note|write (?:this |it )?down|jot|remember|comment|kommentiere?`,
  String.raw`|notiere?|notiz|nota|appunto|annota)|\b(?:note|comment|e-?mail|mail|notiz|nota|description`,
  String.raw`|content|saying|says)\b[^.!?]{0,80}:`,
);

/** The commands of a message in their order. What does not begin a new command belongs to the one before. */
export function clausesOf(message: string, context: Context, history: readonly Exchange[]): Clause[] {
  const told = toldIn(history, context);
  const whole = verbFirst(trim(message));
  if (whole !== undefined) return [clauseOf(whole, context, told)];
  const window = message.slice(0, WINDOW);
  const clauses: Clause[] = [];
  let start = 0;
  for (const end of [...partings(window), { at: message.length, next: message.length }]) {
    const clause = clauseOf(message.slice(start, end.at), context, told);
    const rest = end.next < window.length ? clauseOf(window.slice(end.next), context, told).command : undefined;
    const ends =
      end.at === message.length || (clause.command !== undefined && rest !== undefined && rest.guessed !== true);
    if (!ends || clauses.length >= MOST_CLAUSES) continue;
    clauses.push(clause);
    start = end.next;
  }
  return clauses;
}

export function draftOf(clause: Clause): Draft {
  return new Draft(clause.text.slice(0, WINDOW));
}

function partings(window: string): { at: number; next: number }[] {
  const live = new Draft(window).live;
  const found = [...live.matchAll(PARTING)].map((match) => ({ at: match.index, next: match.index + match[0].length }));
  return found
    .filter(
      ({ at }) =>
        !DICTATED.test(live.slice(courtesyOf(live.slice(0, 200)), at)) ||
        /\bthen\b|\bpoi\b|\bdann\b/.test(live.slice(at, at + 12)),
    )
    .slice(0, 12);
}

function clauseOf(text: string, context: Context, told: Told | undefined): Clause {
  const trimmed = trim(text);
  const plain = verbFirst(trimmed) ?? trimmed;
  const command = commandIn(plain, context, told);
  if (command) return { text: plain, command };
  const spelled = corrected(plain);
  return { text: spelled, command: spelled === plain ? undefined : commandIn(spelled, context, told) };
}

function commandIn(text: string, context: Context, told: Told | undefined): Command | undefined {
  const live = new Draft(text.slice(0, WINDOW)).live;
  return readCommand(live, knowledgeOf(text, context, told));
}

const FAREWELL = /(?:[\s,;]{0,8}\b(?:please|pls|thanks|thank you|thx|bitte|danke|grazie|per favore))?[\s!.]{0,40}$/i;

/** Without courtesy at either end; only the last characters are looked at, so that a long text costs nothing. */
function trim(text: string): string {
  const command = text.slice(courtesyOf(text.slice(0, 200))).trim();
  const end = Math.max(0, command.length - 80);
  return command.slice(0, end) + command.slice(end).replace(FAREWELL, '');
}
