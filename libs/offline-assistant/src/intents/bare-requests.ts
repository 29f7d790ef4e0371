import type { EntityType, Verb } from '../lexicon/lexicon';
import type { CompiledLexicon } from '../text/compiled-lexicon';
import { hasEnclitic, verbsAt } from '../text/enclitics';
import type { Token } from '../text/tokens';
import { pronounsIn } from './clause-verbs';

/**
 * A request without an object of its own ("…, put that on my list", "…, nimm es raus", "… as a task please"): what it is
 * about comes before it.
 */
export interface BareRequest {
  readonly kind: 'create' | 'update' | 'delete' | 'complete' | 'archive';
  readonly type: EntityType | undefined;
  /** "note that down": a note, or something to do where the words say so. */
  readonly jots: boolean;
  /** Nothing but the list says that something is new. */
  readonly listed: boolean;
  /** It has a pronoun for what it is about. */
  readonly points: boolean;
  /** Behind its last token. */
  readonly end: number;
}

const MAX_LENGTH = 14;
const KINDS: Partial<Record<Verb, BareRequest['kind']>> = {
  create: 'create',
  remind: 'create',
  jot: 'create',
  schedule: 'create',
  put: 'create',
  update: 'update',
  move: 'update',
  delete: 'delete',
  complete: 'complete',
  archive: 'archive',
};
const SMALL =
  /^(?:down|up|off|over|out|now|both|as|so|too|all|one|down|get|got|have|that's|als|an|ein|auf|raus|rein|damit|daraus|davon|beides|mit|rauf|hin|drauf|come|comme|como|moi|toi|y|en|les|deux|entrambe|entrambi|due|ambas|ambos|dos|zwei)$/;

const NONE: ReadonlySet<number> = new Set();

/** The request that fills the tokens from `from` to the end of its sentence. */
export function bareRequestAt(
  tokens: readonly Token[],
  lexicon: CompiledLexicon,
  from: number,
  fields: ReadonlySet<number> = NONE,
): BareRequest | undefined {
  const { data } = lexicon;
  const small = [data.fillers, data.asides, data.determiners, data.prepositions, data.into, data.adjectives].map(
    (phrases) => lexicon.set(phrases),
  );
  const lists = lexicon.set(data.taskLists);
  const calendars = lexicon.set(data.calendars);
  const kinds = new Set<BareRequest['kind']>();
  const meanings = new Set<Verb>();
  let type: EntityType | undefined;
  let points = false;
  let listed = false;
  let asNoun = false;
  let at = from;
  for (; at < tokens.length && at < from + MAX_LENGTH && !endsSentence(tokens, at);) {
    const token = tokens[at];
    if (at > from && fields.has(at)) {
      at += 1;
      continue;
    }
    if (!token || token.kind === 'quote' || token.kind === 'id' || token.kind === 'number' || token.text === ':')
      return undefined;
    if (token.kind === 'mark') {
      if (token.text === ',' && at > from && kindOf(kinds, meanings, points, listed, type)) break;
      at += 1;
      continue;
    }
    const list = lists.at(tokens, at);
    const calendar = calendars.at(tokens, at);
    const noun = lexicon.nouns.at(tokens, at);
    const verbs = verbsAt(lexicon, tokens, at).filter(
      ({ value, end }) => KINDS[value] !== undefined && end !== noun?.end && (kinds.size === 0 || value === 'put'),
    );
    const plain = small.map((index) => index.at(tokens, at)).filter((match) => match !== undefined);
    const end = Math.max(
      list?.end ?? 0,
      calendar?.end ?? 0,
      verbs[0]?.end ?? 0,
      noun?.end ?? 0,
      ...plain.map((match) => match.end),
    );
    const pointing = hasEnclitic(lexicon, token.word) || pronounsIn(lexicon, tokens, at, at + 3)[0]?.start === at;
    points = points || pointing;
    if (end === 0 && !SMALL.test(token.word) && !lexicon.frequent.has(token.word) && !pointing) return undefined;
    if (list?.end === end) listed = true;
    else if (calendar?.end === end) [listed, type] = [true, 'event'];
    else if (noun && noun.end === end && noun.value.type !== 'figure') {
      if (!asNoun) type = noun.value.type;
      asNoun = asNoun || isAs(tokens, at, lexicon);
    }
    for (const { value } of end > 0 && verbs[0]?.end === end ? verbs : []) {
      const kind = KINDS[value];
      if (kind) kinds.add(kind);
      meanings.add(value);
    }
    at = Math.max(end, at + 1);
  }
  if (at === from || !(endsSentence(tokens, at) || tokens[at]?.text === ',')) return undefined;
  const kind = kindOf(kinds, meanings, points, listed, type) ?? (asNoun && kinds.size === 0 ? 'create' : undefined);
  if (!kind || type === 'email' || (type === 'comment' && !asNoun)) return undefined;
  return {
    kind,
    type: type ?? (listed ? 'task' : undefined),
    listed: listed && !kinds.has('create'),
    jots: meanings.has('jot') && type === undefined,
    points,
    end: at,
  };
}

/** "as a milestone": the last word of grammar before the noun. */
function isAs(tokens: readonly Token[], noun: number, lexicon: CompiledLexicon): boolean {
  const small = [lexicon.data.determiners, lexicon.data.adjectives].map((phrases) => lexicon.wordsOf(phrases));
  let at = noun - 1;
  while (at > 0 && at > noun - 4 && small.some((set) => set.has(tokens[at]?.word ?? ''))) at -= 1;
  return /^(?:as|als|come|comme|como)$/.test(tokens[at]?.word ?? '');
}

function kindOf(
  kinds: ReadonlySet<BareRequest['kind']>,
  meanings: ReadonlySet<Verb>,
  points: boolean,
  listed: boolean,
  type: EntityType | undefined,
): BareRequest['kind'] | undefined {
  if (kinds.size === 0) return listed ? 'create' : undefined;
  if (listed && (kinds.has('create') || kinds.has('update'))) return 'create';
  const places = meanings.has('put') || meanings.has('update');
  if (meanings.has('remind')) return 'create';
  if (kinds.has('create') && (type !== undefined ? points : points && !places)) return 'create';
  if (kinds.has('create') && !places && kinds.size === 1 && !points && type === undefined) return 'create';
  for (const kind of ['delete', 'complete', 'archive'] as const) if (kinds.has(kind) && points) return kind;
  return kinds.has('update') && type === undefined && (points || !meanings.has('put')) ? 'update' : undefined;
}

function endsSentence(tokens: readonly Token[], at: number): boolean {
  const token = tokens[at];
  return token === undefined || token.kind === 'break' || (token.kind === 'mark' && /^[.!?;]$/.test(token.text));
}

const MAX_TOKENS = 80;

/** The first such request behind a mark, "and" or courtesy; what comes before it is what it is about. */
export function findBareRequest(
  tokens: readonly Token[],
  lexicon: CompiledLexicon,
  fields: ReadonlySet<number>,
): { readonly start: number; readonly request: BareRequest } | undefined {
  const last = Math.min(tokens.length, MAX_TOKENS);
  const and = lexicon.set(lexicon.data.and);
  const fillers = lexicon.set(lexicon.data.fillers);
  for (let at = 1; at < last; at += 1) {
    const before = tokens[at - 1];
    const parts = before?.kind === 'mark' || before?.kind === 'break';
    const begins = parts ? true : (and.at(tokens, at) ?? fillers.at(tokens, at)) !== undefined;
    const request = begins ? bareRequestAt(tokens, lexicon, at, fields) : undefined;
    const dictated = tokens.slice(0, at).some(({ text }) => text === ':');
    if (!request || (dictated && (request.kind !== 'create' || (before?.text === ':' && !request.points)))) continue;
    let start = at;
    while (start > 0 && tokens[start - 1]?.kind !== 'quote' && isMark(tokens[start - 1])) start -= 1;
    return start > 0 ? { start, request } : undefined;
  }
  return undefined;
}

function isMark(token: Token | undefined): boolean {
  return token?.kind === 'mark' || token?.kind === 'break';
}
