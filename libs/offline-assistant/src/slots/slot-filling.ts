import type { AssistantContext } from '../entities/assistant-context';
import { keywords, mentionsIn, type Mention } from '../entities/entity-linking';
import type { MaskedText } from '../text/masked-text';
import { fillCreation } from './create-slots';
import { extractRange } from './date-slots';
import { extractOrder, extractPriority, extractStatus } from './field-slots';
import { extractNamesBehind, extractPeople } from './people-slots';
import { extractClient, extractProject } from './project-slots';
import { extractTarget, referenceOf, type Instruction } from './reference-slots';
import type { Request } from './request';
import { labelledText } from './text-slots';
import { fillUpdate } from './update-slots';

/** Takes a clause apart; what each step extracts, the later ones do not see, so their order matters. */
export function fillSlots(masked: MaskedText, instruction: Instruction, context: AssistantContext): Request {
  const mentions = mentionsIn(masked.tokens, context);
  const { action, verb, particle } = instruction;
  if (verb) masked.extract(verb.start, verb.end);
  if (particle) masked.extract(particle.start, particle.end);
  if (action === 'create' || action === 'draft') return fillCreation(masked, instruction, mentions, context);
  if (action === 'update' || action === 'delete') return fillUpdate(masked, instruction, mentions, context);
  return fillQuery(masked, instruction, mentions, context);
}

/** What a question is about, and what narrows it down. */
function fillQuery(
  masked: MaskedText,
  { action, type, verb }: Instruction,
  mentions: readonly Mention[],
  context: AssistantContext,
): Request {
  const { data } = masked.lexicon;
  const order = extractOrder(masked);
  const one = action === 'get' || type === 'comment';
  const target = one ? extractTarget(masked, type === 'comment' ? 'task' : type, mentions) : undefined;
  const project = target && type === 'project' ? undefined : extractProject(masked, mentions, context, true);
  const client = type === 'project' ? extractClient(masked, context) : undefined;
  const only = masked.lexicon.set(data.archived).all(masked.tokens).length > 0;
  const status =
    type === 'project'
      ? only && action === 'list' && !masked.lexicon.set(data.all).all(masked.tokens).length
        ? 'archived'
        : undefined
      : extractStatus(masked, 'list');
  const priority = extractPriority(masked, true);
  const range = extractRange(masked, context);
  const people = type === 'task' ? extractPeople(masked, false) : undefined;
  const search = action === 'list' && type !== 'comment' ? searchOf(masked, verb) : undefined;
  const reference = target?.item.name ?? referenceOf(masked, type);
  return {
    action,
    type,
    lexicon: masked.lexicon,
    order,
    status,
    priority,
    range,
    people,
    search,
    reference,
    project: project ?? undefined,
    client,
    archivedToo: only,
    ...(target ? { target: target.item, twins: target.twins } : {}),
  };
}

/** What a list is searched for: quoted, or behind a word like "about". */
function searchOf(masked: MaskedText, verb: Instruction['verb']): string | undefined {
  const quote = masked.quote();
  if (quote !== undefined) {
    masked.extract(quote, quote + 1);
    return masked.tokens[quote]?.text;
  }
  const about = labelledText(masked, 'about', ['content']);
  if (about !== undefined) return keywords(about).join(' ') || undefined;
  const searching = /^(?:search|look|such|cerca|cherch|busca|find)/.test(masked.word(verb?.start ?? -1));
  const behind = searching
    ? masked.tokens.findIndex(
        (_, at) => at > 0 && masked.isFree(at) && /^(?:for|nach|per|pour|con)$/.test(masked.word(at)),
      )
    : -1;
  if (behind > 0) return keywords(masked.remaining(behind)).join(' ') || undefined;
  const sender = extractNamesBehind(masked, 'from|von|da|de|dal|dalla', false);
  return sender?.join(' ');
}
