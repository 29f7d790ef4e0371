import type { Command } from './command';
import type { Context } from './context';
import type { Draft } from './draft';
import { shifted, takeMoment, times } from './moments';
import { takeClient, takePeople, takeProject } from './names';
import type { Request } from './request';
import { takePriority, takeStatus } from './slots';
import { knownFor, mentionedIn } from './target';
import { referenceOf, takeContent, takeNewName } from './texts';

const ASSIGNING = /\b(?:re|un)?(?:assign|delegat|hand|giv|weis|assegn)/i;
const APPROVAL = /^(?:(approve)|disapprove|reject)\b/i;

/**
 * What should be otherwise about something that exists; its name is taken first, so that no word of it is read as
 * a wish.
 */
export function readChange(draft: Draft, command: Command, context: Context): Request {
  const target = mentionedIn(draft, knownFor(command, context));
  if (command.act === 'delete') return readRemoval(draft, command, context, target?.name);
  const renamed = takeNewName(draft, target !== undefined);
  const approval = APPROVAL.exec(draft.text);
  const own = ownOf(draft, command, context);
  const people = ASSIGNING.test(draft.text) ? takePeople(draft, /\b(?:to|an|a)\s+/g, true) : [];
  const project = command.thing === 'project' ? undefined : takeProject(draft, context, false);
  const when = shifted(draft, target, context) ?? times(takeMoment(draft, context, 'linked'), undefined, context);
  const reference = target?.name ?? renamed?.reference ?? referenceOf(draft);
  const approved = approval ? approval[1] !== undefined : undefined;
  return { command, target, reference, approved, title: renamed?.name, people, project, ...own, ...when };
}

/** What only some things have. */
function ownOf(draft: Draft, command: Command, context: Context): Partial<Request> {
  const { thing, status } = command;
  if (thing === 'note') return { content: takeContent(draft, 'note', true) };
  if (thing === 'project') return { status: status ?? takeArchived(draft), client: takeClient(draft, context) };
  const description = takeDescription(draft);
  if (thing !== 'task') return { description };
  return { description, priority: takePriority(draft, 'update'), status: status ?? takeStatus(draft, 'update') };
}

function takeArchived(draft: Draft): Request['status'] {
  if (draft.take(/\b(?:as|to|als|come) (?:archived|archiviert|archiviat[oa])\b/d)) return 'archived';
  return draft.take(/\b(?:as|to|als|come) (?:active|aktiv|attiv[oa])\b/d) ? 'active' : undefined;
}

function readRemoval(draft: Draft, command: Command, context: Context, name: string | undefined): Request {
  if (command.thing === 'event') takeMoment(draft, context, 'first');
  const target = name === undefined ? undefined : knownFor(command, context).find((item) => item.name === name);
  return { command, target, reference: name ?? referenceOf(draft) };
}

const DESCRIBED = /\b(?:description|details|beschreibung|descrizione)\b.{0,200}?/;
const AFTER_COLON = new RegExp(`${DESCRIBED.source}:\\s+(.+)$`, 'ds');
const AFTER_TO = new RegExp(`${DESCRIBED.source}\\s(?:to|auf|in)\\s+(.+)$`, 'ds');

function takeDescription(draft: Draft): string | undefined {
  return (draft.take(AFTER_COLON) ?? draft.take(AFTER_TO))?.parts[1];
}
