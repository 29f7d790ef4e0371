import type { Command } from './command';
import type { Context } from './context';
import { fold, type Draft } from './draft';
import { languageOf } from './language';
import { takeMoment, times } from './moments';
import { takeClient, takePeople, takeProject, takeSimilarProject } from './names';
import type { Request } from './request';
import { takeMinutes, takePriority, takeStatus } from './slots';
import { mentionedIn } from './target';
import { referenceOf, takeContent, takeTitle } from './texts';
import { pattern } from './pattern';

const RECIPIENT = { en: /\bto\s+(?:the )?/g, de: /\ban\s+/g, it: /\bad?\s+/g } as const;
const ASSIGNEE = pattern(
  'g',
  String.raw`[,\s]*(?:\band\s+)?\b(?:assign(?:ed)?(?: it| this)? to|assignees?:?|delegate(?:d)? to`,
  String.raw`|zugewiesen an|assegnat[oa] a)\s+`,
);
const HANDED = /^(?:give|hand|assign)\b/i;
const ATTENDEE = /\b(?:with|mit|con|invite)\s+/g;
const CALENDAR = pattern(
  'd',
  String.raw`\b(?:in|to|on|into|onto|im|in den|nel|al)\s+(?:my |the |our |meinen |mio )?(?:calendar|diary`,
  String.raw`|agenda|schedule|kalender|calendario)\b`,
);
const TASK_LIST = pattern(
  'd',
  String.raw`[,\s]*\b(?:to|on|onto|in|into|auf|zu|alla|nella)\s+(?:(?:my|the|our|meine[rn]?|die`,
  String.raw`|mia)\s+)*(?:(?:to-?do|task|to do|things to do)[ -]?)?(?:tasks|to-?dos|list|liste|lista`,
  String.raw`|aufgaben)\b`,
);
const PLACE = pattern(
  'd',
  String.raw`\b(?:at|in|on|via|over|bei|im|al|nel|presso)\s+((?:the\s+)?(?:[^\s,;\ue000]+\s){0,3}?(?:room`,
  String.raw`|office|cafe|restaurant|hotel|station|headquarters|hq|bar|school|clinic|hospital|zoom|teams`,
  String.raw`|skype|google meet|buro|ufficio|ristorante)(?:\s[a-z]?\d{1,4}\b|\s[a-z]\b)?)`,
);
const AT = /\b(?:at|in|presso|bei)\s+/g;

/** Something new: first what stands in words of its own, then the title out of the rest. */
export function readCreation(draft: Draft, command: Command, context: Context): Request {
  switch (command.thing) {
    case 'comment':
      return newComment(draft, command, context);
    case 'task':
      return newTask(draft, command, context);
    case 'event':
      return newEvent(draft, command, context);
    case 'email':
      return newEmail(draft, command, context);
    case 'project':
      return newProject(draft, command, context);
    case 'checkpoint':
      return newCheckpoint(draft, command, context);
    case 'note':
    case 'figure':
      return newNote(draft, command, context);
  }
}

function newTask(draft: Draft, command: Command, context: Context): Request {
  const project = takeProject(draft, context, false);
  const description = takeContent(draft, 'task');
  const priority = takePriority(draft, 'create');
  const status = takeStatus(draft, 'create');
  const handed = HANDED.test(draft.text) ? takePeople(draft, /^[\s\ue000]+|\bto\s+/g, false) : [];
  const people = handed.length > 0 ? handed : takePeople(draft, ASSIGNEE, true);
  const when = times(takeMoment(draft, context, 'linked'), undefined, context);
  draft.take(TASK_LIST);
  const title = takeTitle(draft, command, description);
  return { command, title, description, priority, status, people, project, ...when };
}

function newEvent(draft: Draft, command: Command, context: Context): Request {
  const project = takeProject(draft, context, false);
  const minutes = takeMinutes(draft);
  const when = times(takeMoment(draft, context, 'first'), minutes, context);
  const location = draft.take(PLACE)?.parts[1] ?? takePeople(draft, AT, false)[0];
  draft.take(CALENDAR);
  const invited = /^invite\b/i.test(draft.text) ? takePeople(draft, /^[\s\ue000]+/g, true) : [];
  const title = takeTitle(draft, command, undefined);
  const people = invited.length > 0 ? invited : takePeople(draft, ATTENDEE, false);
  return { command, title, location, project, people, ...when };
}

function newCheckpoint(draft: Draft, command: Command, context: Context): Request {
  const project = takeProject(draft, context, false) ?? takeSimilarProject(draft, context);
  const when = times(takeMoment(draft, context, 'linked'), undefined, context);
  return { command, title: takeTitle(draft, command, undefined), project, ...when };
}

function newProject(draft: Draft, command: Command, context: Context): Request {
  const client = takeClient(draft, context);
  return { command, title: takeTitle(draft, command, undefined), client };
}

function newNote(draft: Draft, command: Command, context: Context): Request {
  const project = takeProject(draft, context, false);
  const content = takeContent(draft, 'note');
  const title = takeTitle(draft, command, content);
  return { command, title, content: content ?? (draft.quotes.length > 0 ? undefined : title), project };
}

function newEmail(draft: Draft, command: Command, context: Context): Request {
  const named = takePeople(draft, RECIPIENT[languageOf(fold(draft.text))], true);
  const people = named.length > 0 ? named : takePeople(draft, /^[\s\ue000]+/g, true);
  const project = takeProject(draft, context, false);
  const content = takeContent(draft, 'email');
  return { command, title: takeTitle(draft, command, content), content, people, project };
}

function newComment(draft: Draft, command: Command, context: Context): Request {
  const target = mentionedIn(draft, context.tasks);
  const content = takeContent(draft, 'comment');
  return { command, content, target, reference: target?.name ?? referenceOf(draft) };
}
