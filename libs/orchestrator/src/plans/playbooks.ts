import type { PlanStep } from './execution-plan';

/** A plan for something that many people do often. `{{name}}` in a step represents an input that the user gives. */
export interface Playbook {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly agent: string;
  readonly inputs: readonly string[];
  /** How people ask for it, for readers that have no language model. */
  readonly asked: RegExp;
  readonly steps: readonly PlanStep[];
}

export const PLAYBOOKS: readonly Playbook[] = [
  {
    id: 'task-from-email',
    name: 'Create tasks from an e-mail',
    description: 'Reads what an e-mail wants from you and makes tasks of it',
    agent: 'task_agent',
    inputs: ['email'],
    asked: /\btasks?\b.*\bfrom\b.*\be-?mails?\b|\be-?mails?\b.*\b(?:in)?to (?:a )?(?:tasks?|to-?dos?)\b/,
    steps: [prompt('email.extract_tasks', { email: '{{email}}' }), create('tasks', 0)],
  },
  {
    id: 'break-down-task',
    name: 'Break a task down',
    description: 'Splits a task into steps that can each be done in one sitting',
    agent: 'task_agent',
    inputs: ['task'],
    asked: /\b(?:break|split)\b.*\btask\b/,
    steps: [prompt('task.breakdown', { task: '{{task}}' }), create('tasks', 0)],
  },
  {
    id: 'plan-my-day',
    name: 'Plan my day',
    description: 'Puts what is due today into an order that fits into the day',
    agent: 'task_agent',
    inputs: [],
    asked: /\bplan\b.*\b(?:day|today)\b/,
    steps: [read('list_tasks_due_today'), prompt('day.plan', {}, 0), notify(1)],
  },
  {
    id: 'project-from-note',
    name: 'Plan a project from a note',
    description: 'Turns a note into a project with checkpoints and tasks',
    agent: 'project_agent',
    inputs: ['note_id'],
    asked: /\bproject\b.*\bfrom\b.*\bnotes?\b|\bnotes?\b.*\b(?:in)?to (?:a )?project\b/,
    steps: [
      read('get_note', { note_id: '{{note_id}}' }),
      prompt('project.outline', {}, 0),
      create('projects', 1),
      create('checkpoints', 1),
      create('tasks', 1),
    ],
  },
  {
    id: 'summarise-notes',
    name: 'Sum up notes',
    description: 'Writes one note that sums up those of a project',
    agent: 'note_agent',
    inputs: ['project_id'],
    asked: /\b(?:summari[sz]e|sum up|summary of)\b.*\bnotes?\b/,
    steps: [read('list_notes', { project_id: '{{project_id}}' }), prompt('note.summarise', {}, 0), create('notes', 1)],
  },
  {
    id: 'minutes-to-tasks',
    name: 'Make tasks of meeting notes',
    description: 'Finds what was decided and who promised what, and makes tasks of it',
    agent: 'note_agent',
    inputs: ['note_id'],
    asked: /\b(?:minutes|meeting notes?)\b.*\btasks?\b|\btasks?\b.*\b(?:minutes|meeting notes?)\b/,
    steps: [read('get_note', { note_id: '{{note_id}}' }), prompt('meeting.minutes', {}, 0), create('tasks', 1)],
  },
  {
    id: 'review-checkpoints',
    name: 'Review checkpoints',
    description: 'Says which milestones are late, which come next and what endangers them',
    agent: 'checkpoint_agent',
    inputs: ['project_id'],
    asked: /\breview\b.*\b(?:checkpoints?|milestones?)\b/,
    steps: [
      read('list_checkpoints', { project_id: '{{project_id}}' }),
      prompt('checkpoint.review', {}, 0),
      create('notes', 1),
    ],
  },
  {
    id: 'prepare-meeting',
    name: 'Prepare a meeting',
    description: 'Writes the agenda of a meeting in your calendar',
    agent: 'calendar_agent',
    inputs: ['event_id', 'goal'],
    asked: /\b(?:prepare|agenda)\b.*\b(?:meeting|appointment)\b|\bmeeting agenda\b/,
    steps: [
      read('get_event', { event_id: '{{event_id}}' }),
      prompt('meeting.agenda', { goal: '{{goal}}' }, 0),
      create('notes', 1),
    ],
  },
  {
    id: 'triage-inbox',
    name: 'Triage my inbox',
    description: 'Sorts unread e-mails by what has to happen with them, and makes tasks of those that cannot wait',
    agent: 'email_agent',
    inputs: [],
    asked: /\b(?:triage|sort|tidy|clean up|go through)\b.*\b(?:inbox|e-?mails?)\b/,
    steps: [read('list_emails', { unread_only: true }), prompt('email.triage', {}, 0), create('tasks', 1)],
  },
  {
    id: 'reply-to-email',
    name: 'Reply to an e-mail',
    description: 'Drafts the answer to an e-mail for you to read and send',
    agent: 'email_agent',
    inputs: ['email_id', 'wish'],
    asked: /\b(?:reply|answer|respond)\b.*\be-?mail\b/,
    steps: [
      read('get_email', { email_id: '{{email_id}}' }),
      prompt('email.reply', { wish: '{{wish}}' }, 0),
      create('emails', 1),
    ],
  },
  {
    id: 'weekly-report',
    name: 'Weekly report',
    description: 'Reports what was finished, what is late and what comes next, as a note',
    agent: 'analytics_agent',
    inputs: [],
    asked: /\bweekly (?:report|review|summary)\b|\breport (?:of|on|for) (?:the|this|my) week\b/,
    steps: [
      step('call_agent', { agent: 'analytics_agent', message: 'Give me the figures of the weekly report' }),
      prompt('report.weekly', {}, 0),
      create('notes', 1),
    ],
  },
];

function step(action: PlanStep['action'], variables: PlanStep['variables'], from: number | null = null): PlanStep {
  return { action, promptTemplate: null, variables, dataFromStep: from };
}

function prompt(template: string, variables: PlanStep['variables'], from: number | null = null): PlanStep {
  return { ...step('run_prompt', variables, from), promptTemplate: template };
}

function read(tool: string, args: Readonly<Record<string, unknown>> = {}): PlanStep {
  return step('read_records', { tool, arguments: args });
}

function create(table: string, from: number): PlanStep {
  return step('create_record', { table }, from);
}

function notify(from: number): PlanStep {
  return step('send_notification', {}, from);
}
