import type { Request } from '../slots/request';
import type { OfferedTool, PropertySchema } from './tool-mapping';

/** What the rounds before found out, beside the request itself. */
export interface Found {
  readonly ids?: Readonly<Record<string, string>>;
  readonly content?: string;
  readonly search?: string;
  readonly me?: string | undefined;
  /** The table that figures are about. */
  readonly counted?: string | undefined;
}

type Value = (request: Request, found: Found) => unknown;

/** Where an argument's value comes from, by the argument's name. */
const SOURCES: readonly (readonly [RegExp, Value])[] = [
  [/^(?:title|name|summary)$/, ({ title }) => title],
  [/^subject$/, ({ title }) => title],
  [/^(?:content|body|text|message)$/, ({ content }, found) => found.content ?? content],
  [
    /^(?:description|notes|details)$/,
    ({ description, type }) => (type === 'note' || type === 'email' ? undefined : description),
  ],
  [/^(?:status|state)$/, ({ status }) => status],
  [/^(?:is_)?archived$/, ({ status }) => (status === 'archived' ? true : status === 'active' ? false : undefined)],
  [/^is_approved$/, ({ approved }) => approved],
  [/^priority$/, ({ priority }) => priority],
  [
    /^(?:assignees?|attendees?|participants?|guests?|invitees?|people|recipients?)$/,
    ({ people }) => (people?.length ? people : undefined),
  ],
  [/^to$/, ({ type, people, range }) => (type === 'email' ? (people?.length ? people : undefined) : range?.to)],
  [/^(?:due_date|due|deadline)$/, ({ due }) => due],
  [/^date$/, ({ type, due, start, range }) => (type === 'event' ? (start ?? range?.from) : due)],
  [/^(?:starts?|start_(?:time|date|at)|starts_at|begins?)$/, ({ start, range }) => start ?? range?.from],
  [/^(?:ends?|end_(?:time|date|at)|ends_at)$/, ({ end, range }) => end ?? range?.to],
  [/^(?:from|since|after|from_date|date_from|range_start|from_time)$/, ({ range }) => range?.from],
  [/^(?:until|before|till|to_date|date_to|range_end|to_time)$/, ({ range }) => range?.to],
  [
    /^duration_minutes$/,
    ({ start, end }) => (start !== undefined && end !== undefined ? (end - start) / 60_000 : undefined),
  ],
  [/^(?:location|place|where)$/, ({ location }) => location],
  [/^(?:order_by|sort|sort_by)$/, ({ order }) => order],
  [/^(?:search|query|q|text|sender)$/, (_request, { search }) => search],
  [/^include_archived$/, ({ archivedToo }) => (archivedToo ? true : undefined)],
  [/^author$/, (_request, { me }) => me ?? 'user'],
  [
    /^(?:table|entity|entities|kind|resource|what|of|type|scope)$/,
    (request, { counted }) => (request.type === 'figure' ? (counted ?? 'tasks') : undefined),
  ],
  [/^(?:period|range|timeframe|window|interval)$/, ({ range }) => range?.label],
];

/**
 * The arguments that the tool's schema asks for and the request has; required ones that the message lacks get a neutral
 * value.
 */
export function argumentsFor(tool: OfferedTool, request: Request, found: Found): Record<string, unknown> {
  const filled: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(tool.properties)) {
    const value = found.ids?.[name] ?? coerce(name, valueOf(name, request, found), schema);
    if (value !== undefined) filled[name] = value;
    else if (tool.required.includes(name)) filled[name] = neutral(name, schema);
  }
  return filled;
}

/** Whether the schema insists on this argument. */
export function isRequired(tool: OfferedTool, name: string): boolean {
  return tool.required.includes(name);
}

function valueOf(name: string, request: Request, found: Found): unknown {
  const source = SOURCES.find(([names]) => names.test(name));
  return source ? source[1](request, found) : undefined;
}

function coerce(name: string, value: unknown, schema: PropertySchema): unknown {
  if (value === undefined) return undefined;
  if (schema.values.length > 0) return pick(value, schema.values);
  const wants = (type: string): boolean => schema.types.includes(type);
  if (Array.isArray(value))
    return wants('array')
      ? value
      : wants('string')
        ? name === 'assignees' || name === 'attendees'
          ? JSON.stringify(value)
          : value.join(', ')
        : undefined;
  if (typeof value === 'number' && wants('string') && !wants('number') && !wants('integer'))
    return new Date(value).toISOString();
  return value;
}

/** The allowed value itself, or one that begins alike ("task" for "tasks", "due_date" for "due"). */
function pick(value: unknown, allowed: readonly unknown[]): unknown {
  if (allowed.includes(value)) return value;
  const word = String(value).toLowerCase();
  return allowed.find((candidate) => {
    const other = String(candidate).toLowerCase();
    return other.startsWith(word) || word.startsWith(other);
  });
}

function neutral(name: string, schema: PropertySchema): unknown {
  if (schema.values.includes('todo')) return 'todo';
  if (schema.values.includes('medium')) return 'medium';
  if (schema.values.length > 0) return schema.values[0];
  if (schema.types.includes('null')) return null;
  if (schema.types.includes('boolean')) return name === 'is_approved';
  if (schema.types.includes('integer') || schema.types.includes('number')) return -1;
  return schema.types.includes('array') ? [] : '';
}
