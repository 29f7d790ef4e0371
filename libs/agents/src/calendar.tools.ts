import { z } from 'zod';
import { rowsOf, type ClientRow } from './chat-context';
import { id, longText, time, title } from './tool-arguments';
import { searchText, sortBy } from './row-filters';
import { createIn, deleteIn, readTool, updateIn, writeTool } from './tool';

const eventId = id('The id of the event, as the context or list_events gives it');
const start = time('When it begins, in milliseconds since 1970; -1 leaves it as it is');
const SEARCHED = ['title', 'description', 'location', 'attendees'];

const DETAILS = {
  end_time: time('When it ends, in milliseconds since 1970; -1 leaves it as it is').optional(),
  location: z.string().max(1_000).describe('Where it takes place').optional(),
  attendees: z.string().max(4_000).describe('People, as a JSON-encoded array of names').optional(),
  description: longText('Details, Markdown allowed').optional(),
  project_id: id('The project that it belongs to').optional(),
};

/** The events that touch a span of time; one without times is in none. */
function within(events: readonly ClientRow[], from: number | undefined, to: number | undefined): readonly ClientRow[] {
  if (from === undefined && to === undefined) return events;
  return events.filter((event) => {
    const begins = numberIn(event, 'start_time');
    const ends = numberIn(event, 'end_time') ?? begins;
    return begins !== undefined && ends !== undefined && ends >= (from ?? -Infinity) && begins <= (to ?? Infinity);
  });
}

function numberIn(row: ClientRow, member: string): number | undefined {
  const value = row[member];
  return typeof value === 'number' ? value : undefined;
}

export const CALENDAR_TOOLS = [
  readTool(
    'list_events',
    'Lists the events of the calendar by time, narrowed by a span of time or words.',
    z.object({
      from: time('Only events that end after this, in milliseconds since 1970').optional(),
      to: time('Only events that begin before this, in milliseconds since 1970').optional(),
      search: z.string().max(500).describe('Words that the event must have').optional(),
    }),
    ({ from, to, search }, { context }) =>
      sortBy(within(searchText(rowsOf(context, 'events'), search, SEARCHED), from, to), 'start_time').slice(0, 100),
  ),
  readTool(
    'get_event',
    'Gives one event.',
    z.object({ event_id: eventId }),
    ({ event_id }, { context }) =>
      rowsOf(context, 'events').find((event) => event['id'] === event_id) ?? {
        error: 'There is no event with this id in view',
      },
  ),
  writeTool(
    'create_event',
    'Puts an event into the calendar.',
    z.object({ title: title('What it is'), start_time: start, ...DETAILS }),
    (event, tool) => createIn('events', event, tool),
  ),
  writeTool(
    'update_event',
    'Moves an event or changes the given fields of it.',
    z.object({ event_id: eventId, title: title('New title').optional(), start_time: start.optional(), ...DETAILS }),
    ({ event_id, ...changes }) => updateIn('events', event_id, changes),
  ),
  writeTool(
    'delete_event',
    'Takes an event out of the calendar for good; only when the user clearly asks for it.',
    z.object({ event_id: eventId }),
    ({ event_id }) => deleteIn('events', event_id),
  ),
] as const;
