import { z } from 'zod';
import { id, longText, time, title } from './tool-arguments';
import { ToolArgumentsError, withoutUnchanged, writeTool } from './tool';

const at = time('When, in milliseconds since 1970; immediately unless given').optional();

/** Tools whose actions the user's app carries out itself, apart from its tables. */
export const SEND_NOTIFICATION = writeTool(
  'send_notification',
  'Has the app show the user a notification at a time, such as a reminder that is no task.',
  z.object({ title: title('Short title'), text: longText('The text').optional(), time: at }),
  (notification) => ({
    type: 'send_notification',
    table: null,
    data: withoutUnchanged(notification),
    agent: null,
  }),
);

export const SCHEDULE_AGENT = writeTool(
  'schedule_agent',
  'Has the app give a message to an agent later, such as a report that the user wants on Friday. Not for what can be done now.',
  z.object({
    agent: z.string().min(1).max(64).describe('The name of the agent'),
    message: longText('The whole request, understandable without this conversation').min(1),
    time: at,
  }),
  ({ agent, ...request }, { agents }) => {
    if (!agents.includes(agent)) throw new ToolArgumentsError('There is no such agent');
    return { type: 'call_agent', table: null, data: withoutUnchanged(request), agent };
  },
);

export const INDEX_NOTE = writeTool(
  'index_document',
  'Has the app add a note to its search index again, after its text has changed or when a search does not find it.',
  z.object({ note_id: id('The id of the note, as the context, list_notes or create_note gives it') }),
  ({ note_id }) => ({ type: 'index_document', table: 'notes', data: { id: note_id }, agent: null }),
);
