import type { Command } from './command';
import type { Context } from './context';
import type { Draft } from './draft';
import { momentsOf } from './moments';
import { takeClient, takePeople, takeProject } from './names';
import { periodOf, TIME_WORDS } from './period';
import type { Request } from './request';
import { takeOrder, takePriority, takeStatus } from './slots';
import { knownFor, mentionedIn } from './target';
import { referenceOf, takeSearch } from './texts';

const ARCHIVED = /\b(?:archived|archivierte?n?|archiviat[io])\b/;
const ONLY_ARCHIVED = /\b(?:archived projects?|are archived|only archived)\b/;
const ASSIGNED = /\b(?:assigned to|of|by|zugewiesen an|assegnat[ei] a)\s+/g;

/** What a question is about, and what narrows it down. */
export function readEnquiry(draft: Draft, command: Command, context: Context): Request {
  const { act, thing } = command;
  const asked = draft.live;
  const order = takeOrder(draft);
  const one = act === 'get' || thing === 'comment' || thing === 'checkpoint' || thing === 'event';
  const target = one ? mentionedIn(draft, knownFor(command, context)) : undefined;
  const project = target && thing === 'project' ? undefined : takeProject(draft, context, true);
  const client = takeClient(draft, context);
  const archived = thing === 'project' && ONLY_ARCHIVED.test(asked) && !/\binclud/.test(asked);
  const status: Request['status'] = archived ? 'archived' : takeStatus(draft, act === 'count' ? 'count' : 'list');
  const priority = takePriority(draft, 'list');
  const period = takePeriod(draft, asked, context);
  const people = thing === 'task' ? takePeople(draft, ASSIGNED, false) : [];
  const search = act === 'list' ? takeSearch(draft) : undefined;
  const reference = target?.name ?? (thing === 'figure' ? asked : referenceOf(draft));
  const narrowed = { project, client, order, status, priority, period, people, search };
  return { command, target, reference, archivedToo: ARCHIVED.test(asked), ...narrowed };
}

function takePeriod(draft: Draft, asked: string, context: Context): Request['period'] {
  const moments = momentsOf(draft, context);
  for (const moment of moments) draft.cut(moment.start, moment.end);
  for (let word = 0; word < 4 && draft.take(TIME_WORDS); word += 1);
  return periodOf(asked, moments, context);
}
