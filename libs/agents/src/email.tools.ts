import { z } from 'zod';
import { rowsOf, type ClientRow } from './chat-context';
import { flag, id, longText, title } from './tool-arguments';
import { searchText } from './row-filters';
import { createIn, aggregateTool, readTool, writeTool } from './tool';

const SEARCHED = ['subject', 'from', 'to', 'body', 'snippet'];
const SHOWN = ['id', 'subject', 'from', 'to', 'date', 'received_at', 'unread'];
const MAX_EXCERPT = 600;
const search = z.string().max(500).describe('Words that the e-mail must have').optional();

function unread(emails: readonly ClientRow[], only: boolean | undefined): readonly ClientRow[] {
  return only === true ? emails.filter((email) => email['unread'] === true || email['is_read'] === false) : emails;
}

/** What a summary needs of an e-mail: who, what, when, and how it begins. */
function excerpt(email: ClientRow): ClientRow {
  const text = [email['body'], email['snippet'], email['content']].find((value) => typeof value === 'string');
  const shown = SHOWN.flatMap((member) => (email[member] === undefined ? [] : [[member, email[member]] as const]));
  return {
    ...Object.fromEntries(shown),
    ...(typeof text === 'string' ? { excerpt: text.slice(0, MAX_EXCERPT) } : {}),
  };
}

export const EMAIL_TOOLS = [
  readTool(
    'list_emails',
    'Lists e-mails, newest as the app gives them, narrowed by words or to those unread.',
    z.object({ search, unread_only: flag('Whether only unread e-mails are wanted').optional() }),
    ({ search: words, unread_only }, { context }) =>
      unread(searchText(rowsOf(context, 'emails'), words, SEARCHED), unread_only).slice(0, 100),
  ),
  readTool(
    'get_email',
    'Gives one e-mail with its whole text.',
    z.object({ email_id: id('The id of the e-mail, as the context or list_emails gives it') }),
    ({ email_id }, { context }) =>
      rowsOf(context, 'emails').find((email) => email['id'] === email_id) ?? {
        error: 'There is no e-mail with this id in view',
      },
  ),
  aggregateTool(
    'summarise_emails',
    'Gives the beginnings of e-mails, so that they can be summed up in few words.',
    z.object({
      search,
      unread_only: flag('Whether only unread e-mails are wanted').optional(),
      limit: z.int().min(1).max(50).describe('How many at most; 20 unless told otherwise').optional(),
    }),
    { emails: 'list_emails' },
    ({ search: words, unread_only, limit = 20 }, rows) =>
      unread(searchText(rows('emails'), words, SEARCHED), unread_only)
        .slice(0, limit)
        .map(excerpt),
  ),
  writeTool(
    'draft_email',
    'Writes the draft of an e-mail. It is not sent: the user reads and sends it.',
    z.object({
      to: z.string().max(4_000).describe('Who it is for: names or addresses').optional(),
      subject: title('Subject'),
      body: longText('Text of the e-mail'),
      in_reply_to: id('The id of the e-mail that it answers').optional(),
    }),
    (email, tool) => createIn('emails', { ...email, status: 'draft' }, tool),
  ),
] as const;
