import { tool, type StructuredTool } from '@langchain/core/tools';
import { z } from 'zod';

const text = z.string().optional();
const integer = z.number().int().optional();
const flag = z.boolean().optional();
const status = z.enum(['todo', 'in_progress', 'done']);
const priority = z.enum(['high', 'medium', 'low']);

const task = {
  description: text,
  status: status.optional(),
  priority: priority.optional(),
  assignees: text.describe('JSON-encoded array of names'),
  due_date: integer,
  project_id: text,
  is_ai_suggested: flag,
  is_approved: flag,
};
const checkpoint = { date: integer, is_ai_suggested: flag, is_approved: flag };

/** The arguments of every agent's tools, as the contract names them; what it leaves open (calendar, e-mail, analytics) is guessed. */
const ARGUMENTS = {
  task_agent: {
    list_tasks: { project_id: text, status: status.optional(), search: text, order_by: text },
    create_task: { title: z.string(), ...task },
    update_task: { task_id: z.string(), title: text, ...task },
    delete_task: { task_id: z.string() },
    list_tasks_due_today: {},
    list_task_comments: { task_id: z.string() },
    add_task_comment: { task_id: z.string(), author: z.string(), content: z.string() },
    delete_task_comment: { comment_id: z.string() },
  },
  checkpoint_agent: {
    list_checkpoints: { project_id: text },
    create_checkpoint: { project_id: z.string(), title: z.string(), ...checkpoint },
    update_checkpoint: { checkpoint_id: z.string(), title: text, ...checkpoint },
    delete_checkpoint: { checkpoint_id: z.string() },
  },
  project_agent: {
    list_projects: { client_id: text, include_archived: flag },
    list_all_projects: {},
    get_project: { project_id: z.string() },
    create_project: { name: z.string(), client_id: text },
    update_project: {
      project_id: z.string(),
      name: text,
      client_id: text,
      status: z.enum(['active', 'archived']).optional(),
    },
    delete_project: { project_id: z.string() },
  },
  note_agent: {
    list_notes: { project_id: text },
    get_note: { note_id: z.string() },
    create_note: { title: z.string(), content: z.string(), project_id: text },
    update_note: { note_id: z.string(), title: text, content: text, project_id: text },
    delete_note: { note_id: z.string() },
  },
  calendar_agent: {
    list_events: { from: integer, to: integer },
    get_event: { event_id: z.string() },
    create_event: {
      title: z.string(),
      start_time: z.number().int(),
      end_time: integer,
      location: text,
      attendees: text.describe('People, as a JSON-encoded array of names'),
    },
    update_event: {
      event_id: z.string(),
      title: text,
      start: integer,
      end: integer,
      location: text,
      attendees: text.describe('People, as a JSON-encoded array of names'),
    },
    delete_event: { event_id: z.string() },
  },
  email_agent: {
    draft_email: { to: text, subject: text, body: text },
    list_emails: { search: text },
    summarise_emails: {},
  },
  analytics_agent: {
    count_records: { table: z.enum(['tasks', 'projects', 'checkpoints']), status: text },
    trends: { table: text },
    weekly_report: {},
  },
} satisfies Record<string, Record<string, z.ZodRawShape>>;

export const AGENTS = Object.keys(ARGUMENTS);

export function toolsOf(agent: string): StructuredTool[] {
  const shapes: Record<string, z.ZodRawShape> = Object.entries(ARGUMENTS).find(([name]) => name === agent)?.[1] ?? {};
  return Object.entries(shapes).map(([name, shape]) => named(name, z.object(shape)));
}

/** The tool by which the router answers. */
export function routeTool(agents: readonly string[] = AGENTS): StructuredTool {
  return named('route', z.object({ agents: z.array(z.enum([...agents])) }));
}

function named(name: string, schema: z.ZodObject): StructuredTool {
  return tool(async () => 'never called: the test answers', { name, description: name.replaceAll('_', ' '), schema });
}
