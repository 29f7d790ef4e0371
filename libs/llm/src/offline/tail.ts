import { fold } from './draft';
import { pattern } from './pattern';

/** Verbs that may stand at the end with "it" for what was said before ("The invoice is sent, tick it off"). */
const TAIL = pattern(
  '',
  String.raw`^(.{3,300}?)(?:\s*[,;.!-]\s*|\s+(?:so|and)\s+)(?:(?:so|please|pls|and|now|just|can you|could you`,
  String.raw`|you can|would you)\s+)*(tick|check|cross|mark|delete|remove|cancel|archive|close|complete|drop`,
  String.raw`|scrap|note|write|jot|add|make|create|turn|save)\s+(it|that|this|me`,
  String.raw`|them)\b([^,;.!?]{0,60})[\s.!?]*$`,
);
/** German puts the infinitive last ("Projekt Atlas archivieren"). */
const VERB_LAST = /^([^,;:]{3,200}?)\s+(archivieren|loschen|erstellen|zeigen|verschieben)[\s.!]*$/;
const VERB_AFTER = /^ (?:off|down|done|as done|as (?:complete|completed|finished))?$/;
const NEW_THING = /\b(task|to-?do|project|note|reminder|milestone|checkpoint)\b/;

/**
 * The same wish with the verb in front: "tick off the invoice …", "create a task: …"; undefined when there is no
 * such tail.
 */
export function verbFirst(text: string): string | undefined {
  const german = VERB_LAST.exec(fold(text.slice(0, 400)));
  if (german?.[1] && german[2]) return `${german[2]} ${text.slice(0, german[1].length)}`;
  const match = TAIL.exec(fold(text.slice(0, 400)));
  if (!match || text.length > 400) return undefined;
  const [, front = '', verb = '', , after = ''] = match;
  const said = text.slice(0, front.length).trim();
  const made = NEW_THING.exec(after)?.[1];
  if (made && /^(?:note|write|jot|add|make|create|turn|save)$/.test(verb)) return `create a ${made}: ${said}`;
  if (/^(?:note|write|jot|save)$/.test(verb)) return `note: ${said}`;
  if (/^(?:add|make|create|turn)$/.test(verb)) return undefined;
  const particle = VERB_AFTER.test(` ${after.trim()}`) ? after.trim() : '';
  if (verb === 'mark') return `complete ${said}`;
  return `${verb}${particle === 'off' ? ' off' : ''} ${said}`;
}
