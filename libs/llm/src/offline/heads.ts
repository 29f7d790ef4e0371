import type { Thing } from './nouns';
import { pattern } from './pattern';

export type Act =
  'create' | 'update' | 'delete' | 'list' | 'get' | 'today' | 'count' | 'trend' | 'report' | 'draft' | 'summarise';

/** How commands begin, most telling first. `thing` holds whatever nouns follow; `likely` only when none does. */
export interface Head {
  readonly act: Act;
  readonly thing?: Thing;
  readonly likely?: Thing;
  readonly starts: RegExp;
  /** What the beginning itself says about the result. */
  readonly status?: 'todo' | 'in_progress' | 'done' | 'archived' | 'active';
}

const REMIND = pattern(
  '',
  String.raw`^(?:(?:set|create|add|make)(?: me)? a reminder(?: for me)?|remind me|reminder`,
  String.raw`|don'?t (?:let me )?forget(?: about)?|do not forget|remember to|(?:i|we)(?: really`,
  String.raw`| also)? (?:need|have|want|got|ought) to|(?:i|we)(?:'ve| have) got to|i gotta|(?:i|we) (?:must`,
  String.raw`|should|can'?t|cannot) not forget(?: to)?|(?:i|we) (?:must|should)|to-?do|erinner(?:e`,
  String.raw`|n sie)? mich(?: daran)?|ich muss|wir mussen|(?:ich )?darf nicht vergessen|ricordami(?: di)?`,
  String.raw`|ricorda di|devo|dobbiamo|non dimenticare(?: di)?)(?= |:|,|$)`,
);
const NOTE = pattern(
  '',
  String.raw`^(?:note(?: to self| down)?(?: that)?(?= |:|,|-)|memo(?: to self)?(?= |:|,)|(?:take|make|write`,
  String.raw`|leave|add|save|create)(?: me)?(?: a| another| this)?(?: quick| short| new)? (?:note`,
  String.raw`|memo)(?! of)(?= |:|,|$)|take this down|write (?:this |it |that )?down|jot(?: this| it`,
  String.raw`| that)?(?: down)?|remember(?: that)?(?= )|keep in mind|for the record|notier(?:e|en)?`,
  String.raw`|(?:schreib(?:e)?|mach(?:e)?|leg(?:e)?)(?: mir)? eine (?:neue )?notiz(?: an)?|notiz`,
  String.raw`|schreib(?:e)?(?: dir)?(?: bitte)? auf|merk(?:e)? dir|annota|prendi nota|nota(?= |:)|appunta`,
  String.raw`|appunto)`,
);
const COMPLETE = pattern(
  '',
  String.raw`^(?:complete|finish|close|check off|tick off|cross off|resolve|done(?: with)?(?= |:)|(?:i`,
  String.raw`|we)(?:'ve| have|'m| am|'re| are)?(?: just| already| now| finally)* (?:finished|completed|did`,
  String.raw`|done|closed|sent|paid|called|submitted|solved|fixed)(?: with)?|hake .{0,60} ab|erledigt`,
  String.raw`|schliess(?:e)?|completa|termina|chiudi|ho (?:finito|completato|fatto))(?= |:|$)`,
);
const DELETE = pattern(
  '',
  String.raw`^(?:delete|remove|erase|take(?= .{1,80} off\b)|scratch|strike|get rid of|trash|discard|cancel`,
  String.raw`|scrap|drop|throw away|throw out|wipe|purge|destroy|losch(?:e|en)?|entfern(?:e|en)?`,
  String.raw`|streich(?:e)?|sag(?:e)? .{0,60} ab|elimina|cancella|rimuovi|annulla|disdici)(?= |:|$)`,
);
const UPDATE = pattern(
  '',
  String.raw`^(?:(?:add|set|write|put|give)(?= (?:it )?(?:an? |the )?(?:description|deadline|due date`,
  String.raw`|(?:\w+ )?priority|assignee)\b)|approve|disapprove|reject|give(?! me\b)(?= .{1,60} to [a-z]+)`,
  String.raw`|update|change|edit|modify|set(?! an? (?:\w+ )?(?:reminder|check-?point|milestone|task|goal`,
  String.raw`|meeting|event|note|project))|mark|flag|move|postpone|reschedule|push|delay|defer|shift`,
  String.raw`|bring(?= (?:forward|.{1,60} forward))|pull(?= (?:forward|.{1,60} forward))|rename|retitle`,
  String.raw`|relabel|assign|reassign|unassign|delegate|make(?! an? (?!\w+ ?priority)| me | sure|new )`,
  String.raw`|prioriti[sz]e|deprioriti[sz]e|raise|lower|increase|decrease|bump|extend|turn|switch|rewrite`,
  String.raw`|replace|snooze|correct|fix the (?:title|date)|append|give(?! me\b)(?= .{1,60}(?:priority`,
  String.raw`|deadline|due date))|hand|put(?= .{1,60} (?:on hold|off|back|in progress))|ander(?:e|n)?`,
  String.raw`|setz(?:e)?|markier(?:e)?|verschieb(?:e|en)?|benenn(?:e)?|umbenennen|weise?|aktualisier(?:e)?`,
  String.raw`|modifica|cambia|sposta|rinomina|segna|imposta|assegna|aggiorna|rimanda|posticipa|anticipa)(?= `,
  String.raw`|:|$)`,
);
const CREATE = pattern(
  '',
  String.raw`^(?:create|add|make|new|set up|setup|open (?:a|another)|put|record|log|track|register|enter`,
  String.raw`|insert|introduce|define|set an?|start (?:a|an|another|new)|begin (?:a|new)|kick off (?:a|new)`,
  String.raw`|(?:i|we) (?:need|want|would like) (?:a|an|another)|(?:have|get)(?= an? (?:new )?(?:task|to-do`,
  String.raw`|project|note|check-?point|milestone)\b)|give me (?:a|another) new|erstell(?:e|en)?|leg(?:e)?`,
  String.raw`|fug(?:e)?|neue?[rsn]?|trag(?:e)?|crea|aggiungi|nuov[oa]|inserisci|metti)(?= |:|$)`,
);
const SCHEDULE = pattern(
  '',
  String.raw`^(?:schedule|arrange|block(?: out| off)?|invite|meet(?: with)?|book|organi[sz]e|plan|set up`,
  String.raw`|i(?:'ve| have)(?: got)? an? |we(?:'ve| have)(?: got)? an? |plan(?:e|en)|vereinbar(?:e)?|fissa`,
  String.raw`|pianifica|organizza|prenota)(?= |:|$)`,
);
const DRAFT = pattern(
  '',
  String.raw`^(?:draft|compose|reply|respond|answer|e-?mail|mail|write (?:to|back)|write (?:me )?(?:an?`,
  String.raw`|the)(?: \w+){0,2} (?:e-?mail|mail|message|reply)|(?:send|prepare|create|make)(?: \w+)?(?: an?`,
  String.raw`| the)?(?: \w+){0,2} (?:e-?mail|mail|message)|scriv(?:i|ere)(?: \w+){0,2} e?-?mail`,
  String.raw`|prepara(?: \w+){0,2} e?-?mail|rispondi|schreib(?:e)?(?: \w+){0,3} (?:e-?)?mail|antwort(?:e)?`,
  String.raw`|entwirf)(?= |:|$)`,
);
const LIST = pattern(
  '',
  String.raw`^(?:list|compare|show|display|see|view|find|search|look (?:up|for|at)|get|give|fetch|what|what's`,
  String.raw`|whats|which|any|anything|do (?:i|we)|did (?:i|we)|have (?:i|we)|am i|are we|is|are|when|when's`,
  String.raw`|who|who's|where|read|open|tell|check|pull up|let me see|let's see|how|i(?:'d`,
  String.raw`| would) like to see|how's|print|browse|all|my|our|today(?:'?s)?|tomorrow(?:'?s)?`,
  String.raw`|this week(?:'?s)?|overdue|due|upcoming|tasks|to-?dos|notes|projects|check-?points|milestones`,
  String.raw`|events|meetings|calendar|agenda|schedule|inbox|weekly|statistics|stats|zeig(?:e|en)?`,
  String.raw`|list(?:e)? .{0,20}auf|such(?:e)?|finde|welche|was|wann|gibt es|hab(?:e)? ich|bin ich|offne|lies`,
  String.raw`|mostra(?:mi)?|elenca|cerca|trova|quali|cosa|che cosa|quando|ho|c'e|ci sono|apri|leggi`,
  String.raw`|fammi vedere)(?= |:|\?|$)`,
);

export const HEADS: readonly Head[] = [
  {
    act: 'create',
    thing: 'comment',
    starts: pattern(
      '',
      String.raw`^(?:comment|(?:leave|add|post|write|put) an? (?:\w+ )?(?:comment|remark)|kommentier(?:e)?`,
      String.raw`|commenta|aggiungi un commento)(?= |:|$)`,
    ),
  },
  { act: 'create', thing: 'task', starts: REMIND },
  {
    act: 'count',
    starts:
      /^(?:how many|how much|count|(?:what(?:'s| is) )?the (?:total )?number of|number of|wie ?viele|quant[ie])(?= |$)/,
  },
  {
    act: 'summarise',
    starts: pattern(
      '',
      String.raw`^(?:summari[sz]e|sum up|recap|(?:give|show|send) me an? (?:quick |short |brief )?(?:summary`,
      String.raw`|recap|digest)|summary of|what(?:'s| is) new in|fass(?:e)?|zusammenfassung|riassumi`,
      String.raw`|riepiloga)(?= |$)`,
    ),
  },
  { act: 'create', thing: 'note', starts: NOTE },
  { act: 'update', thing: 'task', status: 'done', starts: COMPLETE },
  {
    act: 'update',
    thing: 'task',
    status: 'todo',
    starts: /^(?:re-?open|un-?check|riapri|offne .{0,60} wieder)(?= |$)/,
  },
  {
    act: 'update',
    thing: 'task',
    status: 'in_progress',
    starts: pattern(
      '',
      String.raw`^(?:(?:start|begin|resume|continue)(?! an? | new| another)(?: working on| work on)?|(?:i`,
      String.raw`|we)(?:'m| am|'re| are)(?: now| currently)? (?:working on|starting|doing|on)|(?:i|we)(?:'ve`,
      String.raw`| have)?(?: just)? (?:started|begun)(?: working on)?|beginn(?:e)?|starte|inizia|comincia)(?= |$)`,
    ),
  },
  {
    act: 'update',
    thing: 'project',
    status: 'active',
    starts: pattern(
      '',
      String.raw`^(?:un-?archive|de-?archive|restore|reactivate|bring(?= back| .{1,60} back)|(?:get`,
      String.raw`|take)(?= .{1,60} (?:out of|from) the archive)|ripristina|riattiva|reaktivier(?:e)?)(?= |$)`,
    ),
  },
  {
    act: 'update',
    thing: 'project',
    status: 'archived',
    starts:
      /^(?:archive|(?:put|move)(?= .{1,60} (?:in|into|to) the archive)|shelve|archivier(?:e|en)?|archivia)(?= |$)/,
  },
  { act: 'draft', thing: 'email', starts: DRAFT },
  { act: 'delete', starts: DELETE },
  { act: 'create', likely: 'event', starts: SCHEDULE },
  {
    act: 'create',
    thing: 'task',
    starts: /^(?:give|hand|assign)(?= (?:[^\s]+ )?an? (?:new )?(?:\w+ )?(?:task|to-?do)\b)/,
  },
  { act: 'update', starts: UPDATE },
  { act: 'create', starts: CREATE },
  { act: 'list', starts: LIST },
];

/** Verbs of everyday chores: an unexplained sentence that begins with one is something to do. */
export const CHORE = pattern(
  '',
  String.raw`^(?:call|ring|phone|buy|get|pick up|pay|send|submit|order|renew|prepare|review|clean|wash|fix`,
  String.raw`|repair|write|read|finish|check|ask|tell|talk|visit|collect|return|bring|take|water|feed|print`,
  String.raw`|sign|file|contact|follow up|research|test|deploy|publish|finali[sz]e|draft|study|practi[sz]e`,
  String.raw`|learn|cook|bake|register|apply|confirm|reserve|book|pack|ship|deliver|upload|download|install`,
  String.raw`|update|translate|proofread|invoice|refactor|design|build|implement|plan|organi[sz]e|ruf`,
  String.raw`|kauf(?:e)?|bezahl(?:e)?|schick(?:e)?|chiama(?:re)?|compra(?:re)?|paga(?:re)?|invia(?:re)?`,
  String.raw`|manda(?:re)?|prenota(?:re)?)(?= )`,
);
