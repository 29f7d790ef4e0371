import type { AssistantContext } from '../entities/assistant-context';
import { mentionsIn } from '../entities/entity-linking';
import { linkedItem } from '../entities/item-linking';
import { extractDate } from '../slots/date-slots';
import { extractPriority } from '../slots/field-slots';
import { extractPeople } from '../slots/people-slots';
import { extractProject } from '../slots/project-slots';
import type { CompiledLexicon } from '../text/compiled-lexicon';
import { MaskedText } from '../text/masked-text';
import type { Token } from '../text/tokens';
import { correctTypos } from '../text/typo-correction';
import { findBareRequest, type BareRequest } from './bare-requests';
import type { Candidate } from './command';
import type { ParsedClause } from './parsed-clause';

/**
 * "X, put that on my list", "X – als Checkpoint im Projekt Y bitte": the request is taken out, and says what is to be done about X. Its fields
 * (a date, a priority, people, a project) are fields of X.
 */
export function parseBareRequest(
  text: string,
  tokens: readonly Token[],
  lexicon: CompiledLexicon,
  context: AssistantContext,
  parsePlain: (text: string) => ParsedClause,
): ParsedClause | undefined {
  const corrected = correctTypos(tokens, lexicon);
  const fields = fieldTokens(text, corrected, lexicon, context);
  const found = findBareRequest(corrected, lexicon, fields);
  const end = found && tokens[found.start - 1]?.end;
  if (!found || end === undefined) return undefined;
  const { request, start } = found;
  const behind = tokens[request.end];
  const rest = behind && tokens[request.end + 1] ? text.slice(behind.start) : '';
  const own = runs(text, tokens, fields, start, request.end);
  if (request.type === 'comment') return commentOn(text.slice(0, end), own, request, parsePlain);
  const head = parsePlain(text.slice(0, end) + own.map((run) => `, ${run}`).join('') + rest);
  const command = requestedCommand(head, request);
  return command ? { ...head, command } : undefined;
}

/** What slots take, so that it does not hide the request. */
function fieldTokens(
  text: string,
  tokens: readonly Token[],
  lexicon: CompiledLexicon,
  context: AssistantContext,
): ReadonlySet<number> {
  const masked = new MaskedText(text, tokens, lexicon);
  const mentions = mentionsIn(tokens, context);
  extractProject(masked, mentions, context, false);
  for (const { start, end, type } of mentions) if (type !== 'project') masked.extract(start, end);
  const about = linkedItem(masked, context, mentions, ['task']);
  extractPriority(masked, false);
  extractPeople(masked, true);
  extractDate(masked, context);
  return new Set(
    tokens.flatMap(({ kind }, at) =>
      kind === 'quote' || (masked.isFree(at) && about?.at.has(at) !== true) ? [] : [at],
    ),
  );
}

function runs(
  text: string,
  tokens: readonly Token[],
  fields: ReadonlySet<number>,
  from: number,
  to: number,
): readonly string[] {
  const found: string[] = [];
  for (let at = from; at < to; at += 1) {
    if (!fields.has(at)) continue;
    const start = tokens[at]?.start;
    while (at + 1 < to && fields.has(at + 1)) at += 1;
    if (start !== undefined) found.push(text.slice(start, tokens[at]?.end));
  }
  return found;
}

/** "X – that as a comment on Y": rewritten with its text behind a colon. */
function commentOn(
  content: string,
  own: readonly string[],
  request: BareRequest,
  parsePlain: (text: string) => ParsedClause,
): ParsedClause | undefined {
  if (request.kind !== 'create' || own.length === 0) return undefined;
  const clause = parsePlain(`${own.join(' ')}: ${content.replace(/[\s,:;–—-]+$/, '')}`);
  return { ...clause, command: { action: 'create', type: 'comment', score: 4.2 } };
}

const WRITES: ReadonlySet<Candidate['action']> = new Set(['create', 'draft', 'update', 'delete']);

function requestedCommand(head: ParsedClause, { kind, type, jots, listed }: BareRequest): Candidate | undefined {
  const { command } = head;
  const about = kind === 'create' ? undefined : head.about();
  const given = command && command.guessed !== true && command.statement !== true ? command : undefined;
  if (head.negated) return undefined;
  if (kind === 'create') {
    // "X, leave it as pending" is about the X that there is.
    if (listed && head.about() !== undefined && head.command === undefined) return undefined;
    const chore = given?.action === 'update' && head.about() === undefined;
    if (
      given &&
      !chore &&
      WRITES.has(given.action) &&
      (given.action !== 'create' || type === undefined || given.type === type || given.score >= 4)
    )
      return given;
    const todo = head.dated || command?.action === 'create' || !jots;
    const made = type ?? (command?.action === 'create' ? command.type : todo ? 'task' : 'note');
    return { action: 'create', type: made, score: 3.4 };
  }
  if (!about) return undefined;
  const base = { type: about.type, item: about.item, score: 3.4 };
  if (kind === 'delete') return { ...base, action: 'delete' };
  if (kind === 'archive')
    return about.type === 'project' ? { ...base, action: 'update', status: 'archived' } : undefined;
  if (kind === 'complete') return about.type === 'task' ? { ...base, action: 'update', status: 'done' } : undefined;
  return given ?? (command?.action === 'update' ? command : { ...base, action: 'update' });
}
