import { z } from 'zod';
import { rowsOf, timezoneOf, type ClientRow } from './chat-context';
import { flag, id, longText, people, searchWords, taskPriority, taskStatus, time, title } from './tool-arguments';
import { filterByFields, searchText, sortBy, sameDay } from './row-filters';
import { SCHEDULE_AGENT, SEND_NOTIFICATION } from './app.tools';
import { createIn, deleteIn, entityTools, readTool, writeTool } from './tool';

const taskId = id('The id of the task, as the context or list_tasks gives it');

const TASK_RECORDS = entityTools({
  table: 'tasks',
  noun: 'task',
  id: 'The id of the task, as the context or list_tasks gives it',
  fields: {
    title: title('Short title of the task, as an imperative without date and priority'),
    description: longText('Details, Markdown allowed').optional(),
    status: taskStatus.optional(),
    priority: taskPriority.optional(),
    assignees: people('People, as a JSON-encoded array of names').optional(),
    due_date: time('When it is due, in milliseconds since 1970; -1 leaves it as it is').optional(),
    project_id: id('The project that it belongs to').optional(),
    is_ai_suggested: flag('Whether the assistant proposed it by itself').optional(),
    is_approved: flag('Whether the user has agreed to it').optional(),
  },
  descriptions: {
    create: 'Creates a task or a reminder.',
    update: 'Changes the given fields of a task; finishing a task is status done.',
    delete: 'Deletes a task for good; only when the user clearly asks for it.',
  },
});

const SEARCHED = ['title', 'description', 'name'];

function comments(tasks: readonly ClientRow[], task: string): unknown {
  const found = tasks.find((row) => row['id'] === task);
  if (!found) return { error: 'There is no task with this id in view' };
  const listed = found['comments'];
  return Array.isArray(listed) ? listed : [];
}

export const TASK_TOOLS = [
  readTool(
    'list_tasks',
    'Lists the tasks of the user, narrowed by project, status or words.',
    z.object({
      project_id: id('Only tasks of this project').optional(),
      status: taskStatus.optional(),
      search: searchWords('Words that the title or description must have').optional(),
      order_by: z.string().max(64).describe('due_date, priority, title or status').optional(),
    }),
    ({ search, order_by, ...wanted }, { context }) =>
      filterByFields(sortBy(searchText(rowsOf(context, 'tasks'), search, SEARCHED), order_by), wanted),
  ),
  ...TASK_RECORDS,
  readTool(
    'list_tasks_due_today',
    'Lists the open tasks that are due on the present day of the user.',
    z.object({}),
    (_, { context, now }) =>
      rowsOf(context, 'tasks').filter(
        (task) =>
          typeof task['due_date'] === 'number' &&
          task['status'] !== 'done' &&
          sameDay(new Date(task['due_date']), now, timezoneOf(context)),
      ),
  ),
  readTool(
    'list_task_comments',
    'Lists the comments on a task.',
    z.object({ task_id: taskId }),
    ({ task_id }, { context }) => comments(rowsOf(context, 'tasks'), task_id),
  ),
  writeTool(
    'add_task_comment',
    'Adds a comment to a task.',
    z.object({
      task_id: taskId,
      author: title('Who says it; the user unless told otherwise').optional(),
      content: longText('The comment').min(1),
    }),
    (comment, tool) => createIn('task_comments', comment, tool),
  ),
  writeTool(
    'delete_task_comment',
    'Deletes a comment for good.',
    z.object({ comment_id: id('The id of the comment') }),
    ({ comment_id }) => deleteIn('task_comments', comment_id),
  ),
  SEND_NOTIFICATION,
  SCHEDULE_AGENT,
] as const;
