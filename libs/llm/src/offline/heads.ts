import type { Thing } from './nouns';

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

const REMIND =
  /^(?:(?:set|create|add|make)(?: me)? a reminder(?: for me)?|remind me|reminder|don'?t (?:let me )?forget(?: about)?|do not forget|remember to|(?:i|we)(?: really| also)? (?:need|have|want|got|ought) to|(?:i|we)(?:'ve| have) got to|i gotta|(?:i|we) (?:must|should|can'?t|cannot) not forget(?: to)?|(?:i|we) (?:must|should)|to-?do|erinner(?:e|n sie)? mich(?: daran)?|ich muss|wir mussen|(?:ich )?darf nicht vergessen|ricordami(?: di)?|ricorda di|devo|dobbiamo|non dimenticare(?: di)?)(?= |:|,|$)/;
const NOTE =
  /^(?:note(?: to self| down)?(?: that)?(?= |:|,|-)|memo(?: to self)?(?= |:|,)|(?:take|make|write|leave|add|save|create)(?: me)?(?: a| another| this)?(?: quick| short| new)? (?:note|memo)(?! of)(?= |:|,|$)|take this down|write (?:this |it |that )?down|jot(?: this| it| that)?(?: down)?|remember(?: that)?(?= )|keep in mind|for the record|notier(?:e|en)?|(?:schreib(?:e)?|mach(?:e)?|leg(?:e)?)(?: mir)? eine (?:neue )?notiz(?: an)?|notiz|schreib(?:e)?(?: dir)?(?: bitte)? auf|merk(?:e)? dir|annota|prendi nota|nota(?= |:)|appunta|appunto)/;
const COMPLETE =
  /^(?:complete|finish|close|check off|tick off|cross off|resolve|done(?: with)?(?= |:)|(?:i|we)(?:'ve| have|'m| am|'re| are)?(?: just| already| now| finally)* (?:finished|completed|did|done|closed|sent|paid|called|submitted|solved|fixed)(?: with)?|hake .{0,60} ab|erledigt|schliess(?:e)?|completa|termina|chiudi|ho (?:finito|completato|fatto))(?= |:|$)/;
const DELETE =
  /^(?:delete|remove|erase|take(?= .{1,80} off\b)|scratch|strike|get rid of|trash|discard|cancel|scrap|drop|throw away|throw out|wipe|purge|destroy|losch(?:e|en)?|entfern(?:e|en)?|streich(?:e)?|sag(?:e)? .{0,60} ab|elimina|cancella|rimuovi|annulla|disdici)(?= |:|$)/;
const UPDATE =
  /^(?:(?:add|set|write|put|give)(?= (?:it )?(?:an? |the )?(?:description|deadline|due date|(?:\w+ )?priority|assignee)\b)|approve|disapprove|reject|give(?! me\b)(?= .{1,60} to [a-z]+)|update|change|edit|modify|set(?! an? (?:\w+ )?(?:reminder|check-?point|milestone|task|goal|meeting|event|note|project))|mark|flag|move|postpone|reschedule|push|delay|defer|shift|bring(?= (?:forward|.{1,60} forward))|pull(?= (?:forward|.{1,60} forward))|rename|retitle|relabel|assign|reassign|unassign|delegate|make(?! an? (?!\w+ ?priority)| me | sure|new )|prioriti[sz]e|deprioriti[sz]e|raise|lower|increase|decrease|bump|extend|turn|switch|rewrite|replace|snooze|correct|fix the (?:title|date)|append|give(?! me\b)(?= .{1,60}(?:priority|deadline|due date))|hand|put(?= .{1,60} (?:on hold|off|back|in progress))|ander(?:e|n)?|setz(?:e)?|markier(?:e)?|verschieb(?:e|en)?|benenn(?:e)?|umbenennen|weise?|aktualisier(?:e)?|modifica|cambia|sposta|rinomina|segna|imposta|assegna|aggiorna|rimanda|posticipa|anticipa)(?= |:|$)/;
const CREATE =
  /^(?:create|add|make|new|set up|setup|open (?:a|another)|put|record|log|track|register|enter|insert|introduce|define|set an?|start (?:a|an|another|new)|begin (?:a|new)|kick off (?:a|new)|(?:i|we) (?:need|want|would like) (?:a|an|another)|(?:have|get)(?= an? (?:new )?(?:task|to-do|project|note|check-?point|milestone)\b)|give me (?:a|another) new|erstell(?:e|en)?|leg(?:e)?|fug(?:e)?|neue?[rsn]?|trag(?:e)?|crea|aggiungi|nuov[oa]|inserisci|metti)(?= |:|$)/;
const SCHEDULE =
  /^(?:schedule|arrange|block(?: out| off)?|invite|meet(?: with)?|book|organi[sz]e|plan|set up|i(?:'ve| have)(?: got)? an? |we(?:'ve| have)(?: got)? an? |plan(?:e|en)|vereinbar(?:e)?|fissa|pianifica|organizza|prenota)(?= |:|$)/;
const DRAFT =
  /^(?:draft|compose|reply|respond|answer|e-?mail|mail|write (?:to|back)|write (?:me )?(?:an?|the)(?: \w+){0,2} (?:e-?mail|mail|message|reply)|(?:send|prepare|create|make)(?: \w+)?(?: an?| the)?(?: \w+){0,2} (?:e-?mail|mail|message)|scriv(?:i|ere)(?: \w+){0,2} e?-?mail|prepara(?: \w+){0,2} e?-?mail|rispondi|schreib(?:e)?(?: \w+){0,3} (?:e-?)?mail|antwort(?:e)?|entwirf)(?= |:|$)/;
const LIST =
  /^(?:list|compare|show|display|see|view|find|search|look (?:up|for|at)|get|give|fetch|what|what's|whats|which|any|anything|do (?:i|we)|did (?:i|we)|have (?:i|we)|am i|are we|is|are|when|when's|who|who's|where|read|open|tell|check|pull up|let me see|let's see|how|i(?:'d| would) like to see|how's|print|browse|all|my|our|today(?:'?s)?|tomorrow(?:'?s)?|this week(?:'?s)?|overdue|due|upcoming|tasks|to-?dos|notes|projects|check-?points|milestones|events|meetings|calendar|agenda|schedule|inbox|weekly|statistics|stats|zeig(?:e|en)?|list(?:e)? .{0,20}auf|such(?:e)?|finde|welche|was|wann|gibt es|hab(?:e)? ich|bin ich|offne|lies|mostra(?:mi)?|elenca|cerca|trova|quali|cosa|che cosa|quando|ho|c'e|ci sono|apri|leggi|fammi vedere)(?= |:|\?|$)/;

export const HEADS: readonly Head[] = [
  {
    act: 'create',
    thing: 'comment',
    starts:
      /^(?:comment|(?:leave|add|post|write|put) an? (?:\w+ )?(?:comment|remark)|kommentier(?:e)?|commenta|aggiungi un commento)(?= |:|$)/,
  },
  { act: 'create', thing: 'task', starts: REMIND },
  {
    act: 'count',
    starts:
      /^(?:how many|how much|count|(?:what(?:'s| is) )?the (?:total )?number of|number of|wie ?viele|quant[ie])(?= |$)/,
  },
  {
    act: 'summarise',
    starts:
      /^(?:summari[sz]e|sum up|recap|(?:give|show|send) me an? (?:quick |short |brief )?(?:summary|recap|digest)|summary of|what(?:'s| is) new in|fass(?:e)?|zusammenfassung|riassumi|riepiloga)(?= |$)/,
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
    starts:
      /^(?:(?:start|begin|resume|continue)(?! an? | new| another)(?: working on| work on)?|(?:i|we)(?:'m| am|'re| are)(?: now| currently)? (?:working on|starting|doing|on)|(?:i|we)(?:'ve| have)?(?: just)? (?:started|begun)(?: working on)?|beginn(?:e)?|starte|inizia|comincia)(?= |$)/,
  },
  {
    act: 'update',
    thing: 'project',
    status: 'active',
    starts:
      /^(?:un-?archive|de-?archive|restore|reactivate|bring(?= back| .{1,60} back)|(?:get|take)(?= .{1,60} (?:out of|from) the archive)|ripristina|riattiva|reaktivier(?:e)?)(?= |$)/,
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
export const CHORE =
  /^(?:call|ring|phone|buy|get|pick up|pay|send|submit|order|renew|prepare|review|clean|wash|fix|repair|write|read|finish|check|ask|tell|talk|visit|collect|return|bring|take|water|feed|print|sign|file|contact|follow up|research|test|deploy|publish|finali[sz]e|draft|study|practi[sz]e|learn|cook|bake|register|apply|confirm|reserve|book|pack|ship|deliver|upload|download|install|update|translate|proofread|invoice|refactor|design|build|implement|plan|organi[sz]e|ruf|kauf(?:e)?|bezahl(?:e)?|schick(?:e)?|chiama(?:re)?|compra(?:re)?|paga(?:re)?|invia(?:re)?|manda(?:re)?|prenota(?:re)?)(?= )/;
