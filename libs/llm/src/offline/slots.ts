import type { Act } from './heads';
import type { Draft } from './draft';
import { pattern } from './pattern';

/** What a clause says besides its verb and its name. */
export type Priority = 'high' | 'medium' | 'low';
export type Status = 'todo' | 'in_progress' | 'done';

const LEVEL =
  '(highest|high|top|urgent|critical|medium|normal|mid|middle|moderate|lowest|low|minor|hohe[rnms]?' +
  '|hoch|mittlere[rnms]?|mittel|niedrige[rnms]?|niedrig|alta|media|bassa)';
const NOUN = '(?:priority|prio|importance|urgency|prioritat|priorita)';
const LEVEL_FIRST = new RegExp(
  `\\b(?:(?:with|at|as|of|in|to|is|mit|con|a|ad)\\s+)?(?:(?:an?|the|very|it'?s|einer?)\\s+)*${LEVEL}[ -]${NOUN}\\b`,
  'd',
);
const NOUN_FIRST = new RegExp(
  `\\b(?:(?:with|and|con|mit)\\s+)?(?:(?:the|its|a|la)\\s+)?${NOUN}\\s*(?:level\\s*)?(?:(?:is|to|as|of|should be|auf|von|from \\w+ to|=|:|-)\\s*)?${LEVEL}\\b`,
  'd',
);
const NOUN_THEN_LEVEL = new RegExp(`\\b${NOUN}\\b(?=.{1,160}\\b(?:to|as|auf|a|ad|su)\\s+${LEVEL}\\b)`, 'd');
const TO_LEVEL = new RegExp(`\\b(?:to|as|auf|a|ad|su)\\s+${LEVEL}\\b`, 'd');
const SHORT = /(?<![\p{L}\d])p([123])\b/du;
const URGENT_ASIDE = pattern(
  'd',
  String.raw`(?:(?:^|[,;.(!-]\s*|\b(?:it'?s|it is|this is|make it|das ist|ist)\s+)(?:very |really |super `,
  String.raw`|quite |e |sehr )?(?:urgent|critical|important|dringend|wichtig|urgente|importante)(?=\s*(?:$`,
  String.raw`|[,;.!):\ue000]))|\b(?:asap|as soon as possible|urgently|with urgency|il prima possibile`,
  String.raw`|so schnell wie moglich)\b|!{2,})`,
);
const URGENT_ADJECTIVE = pattern(
  'd',
  String.raw`\b(?:an? |the |eine? |un )?(?:very )?(urgent|critical|important|dringende|wichtige`,
  String.raw`|urgente)(?= (?:task|to-?do|reminder|aufgabe|promemoria|attivita))|(?<=\b(?:attivita|compito`,
  String.raw`|promemoria) )(?:molto )?(?:urgente|importante)\b`,
);
const URGENT_AT_END =
  /\b(?:more |very |really )?(urgent|critical|important|top)(?=(?: now| again| already| today)?\s*[.!]*$)/d;
const RELAXED = pattern(
  'd',
  String.raw`[,;.(\s-]*\b(?:(?:there'?s |there is )?no (?:rush|hurry)|not (?:that |so |very )?(?:urgent`,
  String.raw`|important)|when(?:ever)? (?:i|you) (?:have|get|find) (?:some |the )?time|nicht dringend`,
  String.raw`|kein(?:e)? eile|senza fretta|non urgente)\b`,
);

const STATES =
  '(to-? ?do|not started|not done|not finished|open|pending|in[- _]progress|ongoing|underway' +
  '|started|being worked on|wip|done|finished|completed?|closed|erledigte?n?|fertige?n?|offene?n?' +
  '|in arbeit|in bearbeitung|fatt[oa]|completat[oa]|finit[oa]|in corso|da fare)';
const STATUS_NAMED = new RegExp(
  `\\b(?:(?:with|and|in|mit|con)\\s+)?(?:(?:the|its|a|lo)\\s+)?(?:status|state|stato)\\s*(?:(?:is|to|as|of|auf|su|=|:)\\s*)?${STATES}(?![\\p{L}])`,
  'du',
);
const STATUS_AS = new RegExp(
  `\\b(?:(?:as|to|is|are|back to|als|auf|come|a|su|already|directly|now)\\s+)+(?:being\\s+|the\\s+)?${STATES}(?=\\s*(?:$|[,;.!\\ue000]|and\\b|status\\b))`,
  'd',
);
const STATUS_AT_END = new RegExp(`\\b${STATES}(?=[\\s\\ue000]*[.!]*[\\s\\ue000]*$)`, 'd');
const STATUS_ANYWHERE = new RegExp(`\\b${STATES}(?![\\p{L}])`, 'du');
const UNFINISHED = pattern(
  'd',
  String.raw`\b(?:unfinished|outstanding|remaining|incomplete|active|current|(?:i|we)(?:'m| am|'re`,
  String.raw`| are) (?:currently )?working on)\b`,
);

export function takePriority(draft: Draft, act: Act): Priority | undefined {
  if (draft.take(RELAXED)) return 'low';
  const level = draft.take(LEVEL_FIRST) ?? draft.take(NOUN_FIRST);
  if (level) return levelOf(level.parts[1] ?? '');
  if (act === 'update' && draft.take(NOUN_THEN_LEVEL)) return levelOf(draft.take(TO_LEVEL)?.parts[1] ?? '');
  const direction =
    act === 'update' ? /^(raise|increase|bump|lower|decrease|reduce)\b.{1,200}\bpriority\b/i.exec(draft.text) : null;
  if (direction) return /^(?:l|d|red)/i.test(direction[1] ?? '') ? 'low' : 'high';
  const short = draft.take(SHORT);
  if (short) return (['high', 'medium', 'low'] as const)[Number(short.parts[1]) - 1];
  if (draft.take(URGENT_ASIDE) || draft.take(URGENT_ADJECTIVE)) return 'high';
  if (act === 'update' && draft.take(URGENT_AT_END)) return 'high';
  const wanted =
    act === 'list' ? draft.take(/\b(?:most )?(?:urgent|important|critical|dringend\w*|urgenti?)\b/d) : undefined;
  return wanted ? 'high' : undefined;
}

export function takeStatus(draft: Draft, act: Act): Status | undefined {
  const named = draft.take(STATUS_NAMED) ?? (act === 'list' ? undefined : draft.take(STATUS_AS));
  if (named) return stateOf(named.parts[1] ?? '');
  if (act === 'update') {
    const last = draft.take(STATUS_AT_END);
    return last ? stateOf(last.parts[1] ?? '') : undefined;
  }
  if (act !== 'list' && act !== 'count') return undefined;
  const progress = draft.take(
    /\b(?:in[- _]progress|ongoing|underway|(?:i|we)(?:'m| am|'re| are) (?:currently |now )?working on|am i (?:currently )?working on|in corso|in arbeit)\b/d,
  );
  if (progress) return 'in_progress';
  if (draft.has(/\bdid (?:i|we) (?:finish|complete|do|achieve|get done|close)\b/)) return 'done';
  const found = draft.take(STATUS_ANYWHERE) ?? draft.take(UNFINISHED);
  return found ? stateOf(found.parts[1] ?? 'open') : undefined;
}

export function takeOrder(draft: Draft): string | undefined {
  const found = draft.take(
    /[,\s]*\b(?:(?:sort|order|rank|arrange)(?:ed)?(?: them)? by|by order of|nach|ordinat[ei] per)\s+(?:the )?(due(?: date)?|deadline|date|priority|importance|title|name|status|creation(?: date)?|newest|falligkeit|prioritat|scadenza|priorita|titolo)\b/d,
  );
  const word = found?.parts[1]?.toLowerCase() ?? '';
  if (word === '') return undefined;
  if (/^(?:prio|import)/.test(word)) return 'priority';
  if (/^(?:title|name|titolo)/.test(word)) return 'title';
  if (/^(?:creat|newest)/.test(word)) return 'created_at';
  return word === 'status' ? 'status' : 'due_date';
}

/** "for 30 minutes", "90 min", "two hours long". */
export function takeMinutes(draft: Draft): number | undefined {
  const found =
    draft.take(
      /(?:\b(?:for|lasting|fur|per|of)\s+|^[\s\ue000]+)(?:about )?(\d{1,3}|an?|one|two|three|four|half an|eine?|un'?)\s*-?(hours?|hrs?|h|minutes?|mins?|min|stunden?|minuten|or[ae]|minuti)(?: and a half)?(?: long)?\b/d,
    ) ??
    draft.take(
      /\b(\d{1,3})[ -](hour|minute|min)s?(?: long)?(?= (?:meeting|call|slot|block|session|appointment)|\s*$)/d,
    );
  if (!found) return undefined;
  const amount = AMOUNTS[(found.parts[1] ?? '').toLowerCase()] ?? Number(found.parts[1]);
  const hours = /^(?:h|stund|or)/i.test(found.parts[2] ?? '');
  const half = /half$/.test(found.parts[0] ?? '') ? 30 : 0;
  return Math.round(amount * (hours ? 60 : 1)) + half;
}

const AMOUNTS: Readonly<Record<string, number>> = {
  a: 1,
  an: 1,
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  'half an': 0.5,
  ein: 1,
  eine: 1,
  un: 1,
  "un'": 1,
};

function levelOf(word: string): Priority {
  if (/^(?:h|top|urgent|critical|alta)/i.test(word)) return 'high';
  return /^(?:low|minor|niedrig|bassa)/i.test(word) ? 'low' : 'medium';
}

function stateOf(word: string): Status {
  if (/^(?:done|finished|complete|closed|erledigt|fertig|fatt|completat|finit)/i.test(word)) return 'done';
  return /progress|ongoing|underway|^started|worked|wip|arbeit|in corso/i.test(word) ? 'in_progress' : 'todo';
}
