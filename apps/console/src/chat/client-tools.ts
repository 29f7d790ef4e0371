import type { ChatTools } from '@adiuva/client';
import type { LocalRecords } from '../records/local-records';
import type { Row } from '../records/row';

type Input = Readonly<Record<string, unknown>>;

const MAX_ROWS = 200;

/** The read tools of the assistant, over the records of this browser. What one returns is sent for the answer alone. */
export function clientTools(records: LocalRecords): ChatTools {
  const get = (table: string, member: string) => (input: Input) =>
    records.row(table, String(input[member])) ?? { error: 'There is nothing with this id' };
  const list = (table: string) => (input: Input) => filtered(records.rows(table), input);
  return {
    list_notes: (input) => filtered(records.rows('notes'), input).map(withoutText),
    get_note: get('notes', 'note_id'),
    list_tasks: list('tasks'),
    list_tasks_due_today: () => records.rows('tasks').filter(isDueToday).slice(0, MAX_ROWS),
    list_events: list('events'),
    get_event: get('events', 'event_id'),
    list_projects: list('projects'),
    list_all_projects: list('projects'),
    get_project: get('projects', 'project_id'),
    list_checkpoints: list('checkpoints'),
  };
}

/** Narrowed by the members that the rows have, and by the words of `search`. */
function filtered(rows: readonly Row[], { search, project_id, status }: Input): readonly Row[] {
  const words = typeof search === 'string' ? search.toLowerCase().split(/\s+/) : [];
  const wanted = Object.entries({ project_id, status }).filter(([, value]) => value !== undefined && value !== null);
  return rows
    .filter((row) => wanted.every(([member, value]) => row[member] === value))
    .filter((row) => words.every((word) => textOf(row).includes(word)))
    .slice(0, MAX_ROWS);
}

export function textOf({ title, name, content, description }: Row): string {
  return [title, name, content, description]
    .filter((part) => typeof part === 'string')
    .join('\n')
    .toLowerCase();
}

function withoutText({ content: _, ...row }: Row): Input {
  return row;
}

function isDueToday({ due_date, status }: Row): boolean {
  return (
    typeof due_date === 'number' && status !== 'done' && new Date(due_date).toDateString() === new Date().toDateString()
  );
}
