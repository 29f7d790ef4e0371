import { FIXTURES_IN_ROME, PROJECT } from './fixtures';
import { ms, sentencesFor } from './sentence';

export const NEW_TASKS = sentencesFor('task_agent', 'create_task', [
  { say: 'add a task: water the plants', args: { title: 'water the plants' } },
  { say: 'Create a task called "Renew the passport"', args: { title: 'Renew the passport' } },
  { say: 'new task book hotel in Turin', args: { title: 'book hotel in Turin' }, context: {} },
  { say: 'todo: pick up dry cleaning', args: { title: 'pick up dry cleaning' } },
  { say: 'remind me to call mum tomorrow', args: { title: 'call mum', due_date: ms('2026-03-05') } },
  { say: 'remind me to take the bins out tonight at 8pm', args: { due_date: ms('2026-03-04T20:00:00Z') } },
  { say: 'I need to file my taxes by March 31', args: { title: 'file my taxes', due_date: ms('2026-03-31') } },
  { say: "Don't let me forget to send Tom the photos" },
  { say: 'Could you please add "Order new business cards" to my list?', args: { title: 'Order new business cards' } },
  {
    say: 'add an urgent task to restart the mail server',
    args: { title: 'restart the mail server', priority: 'high' },
  },
  { say: 'high priority task: reply to the lawyer', args: { title: 'reply to the lawyer', priority: 'high' } },
  { say: 'put "clean the garage" on my list, low priority', args: { title: 'clean the garage', priority: 'low' } },
  { say: 'Add a task to Atlas: write the release notes', args: { project_id: PROJECT.atlas } },
  {
    say: 'Create a task "Choose the tiles" in the Kitchen renovation project',
    args: { title: 'Choose the tiles', project_id: PROJECT.kitchen },
  },
  {
    say: 'new task for website relaunch, compress the images, due friday, medium priority',
    args: { project_id: PROJECT.website, due_date: ms('2026-03-06'), priority: 'medium' },
  },
  { say: 'Add task: test the payment form, assign it to Marta', args: { assignees: '["Marta"]' } },
  { say: 'Give Tom a task to collect the quotes by next Monday', args: { due_date: ms('2026-03-09') } },
  { say: 'creat a taks to by a birthday card' },
  { say: 'pls add tsk fix the printer' },
  {
    say: 'ok so I just got off the phone with the bank and I have to send them the signed form, can you note that as a task',
  },
  { say: 'task: pay rent, due 2026-04-01', args: { title: 'pay rent', due_date: ms('2026-04-01') } },
  {
    say: 'add "Submit the grant application" due 15 March 2026 at 17:00',
    args: { due_date: ms('2026-03-15T17:00:00Z') },
  },
  { say: 'Add a to-do for the day after tomorrow: return the library books', args: { due_date: ms('2026-03-06') } },
  { say: 'I have to renew the car insurance in two weeks, add it', args: { due_date: ms('2026-03-18') } },
  { say: 'remind me in 3 days to check on the delivery', args: { due_date: ms('2026-03-07') } },
  {
    say: 'Remind me to ring the school tomorrow at 9am',
    args: { title: 'ring the school', due_date: ms('2026-03-05T08:00:00Z') },
    context: FIXTURES_IN_ROME,
  },
  {
    say: 'Create a task "Migrate the database" that is already in progress',
    args: { title: 'Migrate the database', status: 'in_progress' },
  },
  {
    say: 'Can you make a task for me to prepare the interview with Luca? It belongs to Hiring',
    args: { project_id: PROJECT.hiring },
  },
  { say: 'I should really buy a present for Anna, put that on my to do list' },
  { say: 'Schedule a task to defrost the freezer on the twentieth of March', args: { due_date: ms('2026-03-20') } },
  { say: 'Add a task with the title "Delete old screenshots"', args: { title: 'Delete old screenshots' } },
  { say: 'new todo - call Baker about the project budget' },
]);
