import type { EntityType } from '../lexicon/lexicon';

/** What can be asked for; each pair of an action and an entity has its tools. */
export type Action =
  'create' | 'update' | 'delete' | 'list' | 'get' | 'today' | 'count' | 'trend' | 'report' | 'draft' | 'summarise';

/**
 * All that the assistant knows about a kind of thing, beside its words, which are in the lexicons under the same name.
 * Tool names are in order of preference; the arguments are read from the schema of the tool that is offered.
 */
export interface EntityDefinition {
  readonly type: EntityType;
  /** The agent that has the tools. */
  readonly agent: string;
  /** The argument by which the tools name one of them. */
  readonly idArgument: string;
  /** The column that holds its name. */
  readonly nameColumn: 'title' | 'name' | 'subject' | 'content';
  /** Where the caller's context has rows of it. */
  readonly contextKey?: 'tasks' | 'comments' | 'checkpoints' | 'projects' | 'notes' | 'events';
  /** Whether people call it by its name. */
  readonly nameable: boolean;
  /** What a command can say about it. */
  readonly fields: readonly Field[];
  readonly tools: Partial<Record<Action, readonly RegExp[]>>;
}

export type Field =
  | 'title'
  | 'content'
  | 'description'
  | 'priority'
  | 'status'
  | 'archived'
  | 'people'
  | 'due'
  | 'time'
  | 'location'
  | 'project'
  | 'client';

export const ENTITY_DEFINITIONS: Readonly<Record<EntityType, EntityDefinition>> = {
  task: {
    type: 'task',
    agent: 'task_agent',
    idArgument: 'task_id',
    nameColumn: 'title',
    contextKey: 'tasks',
    nameable: true,
    fields: ['title', 'description', 'priority', 'status', 'people', 'due', 'project'],
    tools: {
      create: [/^create_task$/],
      update: [/^update_task$/],
      delete: [/^delete_task$/],
      list: [/^list_tasks$/],
      get: [/^get_task$/, /^list_tasks$/],
      today: [/^list_tasks_due_today$/, /^list_tasks$/],
    },
  },
  comment: {
    type: 'comment',
    agent: 'task_agent',
    idArgument: 'comment_id',
    nameColumn: 'content',
    contextKey: 'comments',
    nameable: false,
    fields: ['content'],
    tools: {
      create: [/^add_task_comment$/],
      delete: [/^delete_task_comment$/],
      list: [/^list_task_comments$/],
      get: [/^list_task_comments$/],
    },
  },
  checkpoint: {
    type: 'checkpoint',
    agent: 'checkpoint_agent',
    idArgument: 'checkpoint_id',
    nameColumn: 'title',
    contextKey: 'checkpoints',
    nameable: true,
    fields: ['title', 'due', 'project'],
    tools: {
      create: [/^create_checkpoint$/],
      update: [/^update_checkpoint$/],
      delete: [/^delete_checkpoint$/],
      list: [/^list_checkpoints$/],
      get: [/^list_checkpoints$/],
    },
  },
  project: {
    type: 'project',
    agent: 'project_agent',
    idArgument: 'project_id',
    nameColumn: 'name',
    contextKey: 'projects',
    nameable: true,
    fields: ['title', 'archived', 'client'],
    tools: {
      create: [/^create_project$/],
      update: [/^update_project$/],
      delete: [/^delete_project$/],
      list: [/^list_projects$/, /^list_all_projects$/],
      get: [/^get_project$/],
    },
  },
  note: {
    type: 'note',
    agent: 'note_agent',
    idArgument: 'note_id',
    nameColumn: 'title',
    contextKey: 'notes',
    nameable: true,
    fields: ['title', 'content', 'project'],
    tools: {
      create: [/^create_note$/],
      update: [/^update_note$/],
      delete: [/^delete_note$/],
      list: [/^list_notes$/],
      get: [/^get_note$/],
    },
  },
  event: {
    type: 'event',
    agent: 'calendar_agent',
    idArgument: 'event_id',
    nameColumn: 'title',
    contextKey: 'events',
    nameable: true,
    fields: ['title', 'time', 'location', 'people', 'project'],
    tools: {
      create: [/^(?:create|add|schedule)_\w*event/],
      update: [/^(?:update|change|move)_\w*event/],
      delete: [/^(?:delete|cancel|remove)_\w*event/],
      list: [/^(?:list|search|find)_\w*event/],
      get: [/^get_\w*event/, /^list_\w*event/],
    },
  },
  email: {
    type: 'email',
    agent: 'email_agent',
    idArgument: 'email_id',
    nameColumn: 'subject',
    nameable: false,
    fields: ['title', 'content', 'people'],
    tools: {
      create: [/^(?:draft|create|write|compose)_\w*mail/],
      draft: [/^(?:draft|create|write|compose)_\w*mail/],
      list: [/^(?:list|search|find)_\w*mail/],
      get: [/^(?:get|read)_\w*mail/, /^list_\w*mail/],
      summarise: [/^summar\w*mail/, /^summar/],
      delete: [/^(?:delete|discard)_\w*mail/],
      update: [/^(?:update|change)_\w*mail/],
    },
  },
  figure: {
    type: 'figure',
    agent: 'analytics_agent',
    idArgument: 'id',
    nameColumn: 'name',
    nameable: false,
    fields: [],
    tools: {
      count: [/count|stat|total|number|metric/],
      trend: [/trend|compar|velocity|productiv/, /count|stat/],
      report: [/report|review|overview|summar/, /stat|count/],
    },
  },
};

/** Kinds of things that people call by name; the order decides between equal matches. */
export const NAMEABLE: readonly EntityType[] = Object.values(ENTITY_DEFINITIONS)
  .filter(({ nameable }) => nameable)
  .map(({ type }) => type);
