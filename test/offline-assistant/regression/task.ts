import { fixturesAfter, PROJECT, TASK } from './fixtures';
import { ms, sentencesFor, type Sentence } from './sentence';

const TOLD_OF_LOGIN = fixturesAfter('how is the login bug going?', 'The task "Fix login bug" is in progress.');

const CHANGES = sentencesFor('task_agent', 'update_task', [
  { say: 'mark "Buy milk" as done', args: { task_id: TASK.milk, status: 'done' } },
  { say: 'I bought the milk', args: { task_id: TASK.milk, status: 'done' } },
  { say: 'invoice to Baker is sent, tick it off', args: { task_id: TASK.invoice, status: 'done' } },
  { say: 'done with call the plumber', args: { task_id: TASK.plumber, status: 'done' } },
  { say: 'Please complete the task Review homepage copy.', args: { task_id: TASK.homepage, status: 'done' } },
  { say: 'start working on draft contract for nordwind', args: { task_id: TASK.contract, status: 'in_progress' } },
  { say: 'set prepare slides for the board to in progress', args: { task_id: TASK.slides, status: 'in_progress' } },
  { say: 'reopen the task "Back up the old laptop"', args: { task_id: TASK.laptop, status: 'todo' } },
  { say: 'Move "Fix login bug" back to todo', args: { task_id: TASK.login, status: 'todo' } },
  { say: 'make the plumber call high priority', args: { task_id: TASK.plumber, priority: 'high' } },
  { say: 'Change the priority of Fix login bug to low', args: { task_id: TASK.login, priority: 'low' } },
  { say: 'the board slides are really urgent now', args: { task_id: TASK.slides, priority: 'high' } },
  { say: 'postpone the invoice to friday', args: { task_id: TASK.invoice, due_date: ms('2026-03-06') } },
  { say: 'Set the due date of "Draft contract for Nordwind" to 12 March', args: { due_date: ms('2026-03-12') } },
  { say: 'push call the plumber to tomorrow at 11:30', args: { due_date: ms('2026-03-05T11:30:00Z') } },
  { say: 'rename the task "Buy milk" to "Buy oat milk"', args: { task_id: TASK.milk, title: 'Buy oat milk' } },
  { say: 'Could you assign the login bug to Marta?', args: { task_id: TASK.login } },
  { say: 'move the task Buy milk to the Kitchen renovation project', args: { project_id: PROJECT.kitchen } },
  { say: 'mrak fix login bug as doen', args: { task_id: TASK.login } },
  { say: 'mark it as done', args: { task_id: TASK.login, status: 'done' }, context: TOLD_OF_LOGIN },
  { say: 'ok give it to Tom and make it due on Monday', args: { due_date: ms('2026-03-09') }, context: TOLD_OF_LOGIN },
  { say: 'add a description to the task Prepare slides for the board: ten slides at most' },
  { say: 'approve the task "Review homepage copy"', args: { task_id: TASK.homepage } },
]);

const LISTS: Sentence[] = [
  ...sentencesFor('task_agent', 'list_tasks', [
    { say: 'show my tasks' },
    { say: 'What are my open to-dos?' },
    { say: 'list the tasks in Atlas', args: { project_id: PROJECT.atlas } },
    { say: 'what is left to do on the kitchen renovation?', args: { project_id: PROJECT.kitchen } },
    { say: 'which tasks are in progress', args: { status: 'in_progress' } },
    { say: 'Show me everything I have finished', args: { status: 'done' } },
    { say: 'find tasks about invoices' },
    { say: 'do I have a task for the plumber?' },
    { say: 'tasks sorted by due date pls' },
    { say: 'Could you list all my tasks by priority?' },
    { say: 'what am I currently working on' },
  ]),
  ...sentencesFor('task_agent', 'list_tasks_due_today', [
    { say: 'what is due today?' },
    { say: "What's on my plate today?" },
    { say: 'todays tasks' },
    { say: 'Which tasks do I have to finish today' },
    { say: 'good morning! anything I need to get done today?' },
    { say: 'tasks due today please', context: {} },
  ]),
];

const DELETIONS = sentencesFor('task_agent', 'delete_task', [
  { say: 'delete the task Buy milk', args: { task_id: TASK.milk } },
  { say: 'Please remove "Back up the old laptop" from my tasks', args: { task_id: TASK.laptop } },
  { say: 'get rid of the call the plumber task', args: { task_id: TASK.plumber } },
  { say: 'i dont need the board slides task anymore, delete it', args: { task_id: TASK.slides } },
  { say: 'Delete task "Draft contract for Nordwind".', args: { task_id: TASK.contract } },
  { say: 'actually delete that task', args: { task_id: TASK.login }, context: TOLD_OF_LOGIN },
]);

const COMMENTS: Sentence[] = [
  ...sentencesFor('task_agent', 'list_task_comments', [
    { say: 'show the comments on Fix login bug', args: { task_id: TASK.login } },
    { say: 'What did people say about the task "Prepare slides for the board"?' },
    { say: 'any comments on the login bug?', args: { task_id: TASK.login } },
    { say: 'read me the comments of the slides task', args: { task_id: TASK.slides } },
  ]),
  ...sentencesFor('task_agent', 'add_task_comment', [
    { say: 'comment on Fix login bug: also seen in Firefox', args: { content: 'also seen in Firefox' } },
    {
      say: 'Add the comment "Waiting for their answer" to the task Send invoice to Baker',
      args: { task_id: TASK.invoice },
    },
    { say: 'leave a comment on the plumber task saying he only works mornings', args: { task_id: TASK.plumber } },
    { say: 'add a comment to review homepage copy that the second paragraph is too long' },
    { say: 'Comment "done on my side" on it', args: { content: 'done on my side' }, context: TOLD_OF_LOGIN },
  ]),
  ...sentencesFor('task_agent', 'delete_task_comment', [
    { say: "delete Marta's comment on Fix login bug" },
    { say: 'remove the comment about the new template from the slides task' },
    { say: 'Please delete my comment "Cannot reproduce it here"' },
  ]),
];

export const TASKS: readonly Sentence[] = [...CHANGES, ...LISTS, ...DELETIONS, ...COMMENTS];
