import type { Command } from './command';
import type { Act } from './heads';
import type { Thing } from './nouns';

/** A tool as it was bound: its name and the JSON schema of its arguments. */
export interface OfferedTool {
  readonly name: string;
  readonly properties: Readonly<Record<string, PropertySchema>>;
  readonly required: readonly string[];
}

export interface PropertySchema {
  readonly types: readonly string[];
  readonly values: readonly unknown[];
  readonly format: string;
}

type Skill = `${Act} ${Thing}`;

/**
 * Which tool does what, best name first. The contract fixes most names; of calendar, e-mail and analytics only the
 * abilities.
 */
const TOOLS: Partial<Record<Skill, readonly RegExp[]>> = {
  'create task': [/^create_task$/],
  'update task': [/^update_task$/],
  'delete task': [/^delete_task$/],
  'list task': [/^list_tasks$/],
  'get task': [/^get_task$/, /^list_tasks$/],
  'today task': [/^list_tasks_due_today$/, /^list_tasks$/],
  'create comment': [/^add_task_comment$/],
  'delete comment': [/^delete_task_comment$/],
  'list comment': [/^list_task_comments$/],
  'get comment': [/^list_task_comments$/],
  'create checkpoint': [/^create_checkpoint$/],
  'update checkpoint': [/^update_checkpoint$/],
  'delete checkpoint': [/^delete_checkpoint$/],
  'list checkpoint': [/^list_checkpoints$/],
  'get checkpoint': [/^list_checkpoints$/],
  'create project': [/^create_project$/],
  'update project': [/^update_project$/],
  'delete project': [/^delete_project$/],
  'list project': [/^list_projects$/, /^list_all_projects$/],
  'get project': [/^get_project$/],
  'create note': [/^create_note$/],
  'update note': [/^update_note$/],
  'delete note': [/^delete_note$/],
  'list note': [/^list_notes$/],
  'get note': [/^get_note$/],
  'create event': [/^(?:create|add|schedule)_\w*event/],
  'update event': [/^(?:update|change|move)_\w*event/],
  'delete event': [/^(?:delete|cancel|remove)_\w*event/],
  'list event': [/^(?:list|search|find)_\w*event/],
  'get event': [/^get_\w*event/, /^list_\w*event/],
  'draft email': [/^(?:draft|create|write|compose)_\w*mail/],
  'create email': [/^(?:draft|create|write|compose)_\w*mail/],
  'list email': [/^(?:list|search|find)_\w*mail/],
  'get email': [/^(?:get|read)_\w*mail/, /^list_\w*mail/],
  'summarise email': [/^summar\w*mail/, /^summar/],
  'delete email': [/^(?:delete|discard)_\w*mail/],
  'update email': [/^(?:update|change)_\w*mail/],
  'count figure': [/count|stat|total|number|metric/],
  'trend figure': [/trend|compar|velocity|productiv/, /count|stat/],
  'report figure': [/report|review|overview|summar/, /stat|count/],
};

export const AGENT_OF: Readonly<Record<Thing, string>> = {
  task: 'task_agent',
  comment: 'task_agent',
  checkpoint: 'checkpoint_agent',
  project: 'project_agent',
  note: 'note_agent',
  event: 'calendar_agent',
  email: 'email_agent',
  figure: 'analytics_agent',
};

/** The bound tool that carries the command out. */
export function toolFor(
  command: Pick<Command, 'act' | 'thing'>,
  offered: readonly OfferedTool[],
): OfferedTool | undefined {
  for (const name of TOOLS[`${command.act} ${command.thing}`] ?? []) {
    const tool = offered.find((candidate) => name.test(candidate.name));
    if (tool) return tool;
  }
  return undefined;
}
