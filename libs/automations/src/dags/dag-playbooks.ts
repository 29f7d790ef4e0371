import type { DagContent, DagNode } from './dag';

/** A DAG for something that many people do often. Its parameters are what the user gives; one without a default must be given. */
export interface DagPlaybook extends DagContent {
  readonly id: string;
  readonly description: string;
  readonly required: readonly string[];
}

const node = (id: string, name: string, fields: Partial<DagNode>): DagNode => ({
  id,
  name,
  agent: null,
  tool: null,
  instructions: null,
  arguments: {},
  dependsOn: [],
  when: null,
  onError: 'fail',
  ...fields,
});

export const DAG_PLAYBOOKS: readonly DagPlaybook[] = [
  {
    id: 'weekly-review',
    title: 'Weekly review',
    description: 'Reports on the week, keeps the report as a note and adds a task to go through it',
    params: { focus: 'what is late and what comes next' },
    required: [],
    nodes: [
      node('tasks', 'Read the tasks', { tool: 'list_tasks' }),
      node('report', 'Report on the week', {
        agent: 'analytics_agent',
        instructions: 'Give me the weekly report. Mention {{params.focus}}.',
      }),
      node('note', 'Keep the report', {
        tool: 'create_note',
        arguments: { title: 'Weekly review', content: '{{report.output}}' },
        dependsOn: ['report'],
      }),
      node('next', 'Plan what comes first', {
        tool: 'create_task',
        arguments: { title: 'Go through the weekly review', priority: 'high' },
        dependsOn: ['tasks', 'note'],
        when: { node: 'tasks', path: null, operator: 'not_empty', value: null },
      }),
    ],
  },
  {
    id: 'inbox-to-tasks',
    title: 'Inbox to tasks',
    description: 'Reads unread e-mails and makes tasks of what they want from you',
    params: { focus: 'what has to be answered or done by me' },
    required: [],
    nodes: [
      node('emails', 'Read the inbox', { tool: 'list_emails', arguments: { unread_only: true } }),
      node('tasks', 'Make tasks', {
        agent: 'task_agent',
        instructions: 'Add a task for each of these e-mails that wants something from me. Only {{params.focus}}.',
        arguments: { emails: '{{emails.output}}' },
        dependsOn: ['emails'],
        when: { node: 'emails', path: null, operator: 'not_empty', value: null },
      }),
      node('note', 'Keep a summary', {
        agent: 'note_agent',
        instructions: 'Write a note titled "Inbox" that sums up these e-mails in one line each.',
        arguments: { emails: '{{emails.output}}' },
        dependsOn: ['emails'],
        when: { node: 'emails', path: null, operator: 'not_empty', value: null },
        onError: 'continue',
      }),
    ],
  },
  {
    id: 'project-kick-off',
    title: 'Project kick-off',
    description: 'Creates a project with its first tasks and a note for decisions',
    params: { name: null, goal: '' },
    required: ['name'],
    nodes: [
      node('project', 'Create the project', {
        tool: 'create_project',
        arguments: { name: '{{params.name}}' },
      }),
      ...['Agree on the goal', 'List what has to be done', 'Invite the participants'].map((title, index) =>
        node(`task_${index + 1}`, title, {
          tool: 'create_task',
          arguments: { title: `${title} ({{params.name}})`, project_id: '{{project.output.id}}' },
          dependsOn: ['project'],
        }),
      ),
      node('note', 'Start the notes', {
        tool: 'create_note',
        arguments: {
          title: '{{params.name}}: decisions',
          content: 'Goal: {{params.goal}}',
          project_id: '{{project.output.id}}',
        },
        dependsOn: ['project'],
      }),
    ],
  },
];
