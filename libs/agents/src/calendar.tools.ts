import { z } from 'zod';
import { numberIn, rowsOf, type ClientRow } from './chat-context';
import { SEND_NOTIFICATION } from './app.tools';
import { id, longText, moment, people, searchWords, time, title, UNCHANGED } from './tool-arguments';
import { searchText, sortBy } from './row-filters';
import { entityTools, readTool, ToolArgumentsError, type ToolContext } from './tool';

const eventId = id('The id of the event, as the context or list_events gives it');
const SEARCHED = ['title', 'description', 'location', 'attendees'];

const EVENT_RECORDS = entityTools({
  table: 'events',
  noun: 'event',
  id: 'The id of the event, as the context or list_events gives it',
  fields: {
    title: title('What it is'),
    start_time: time('When it begins, in milliseconds since 1970; -1 leaves it as it is'),
    end_time: time('When it ends, in milliseconds since 1970; -1 leaves it as it is').optional(),
    location: z.string().max(1_000).describe('Where it takes place').optional(),
    attendees: people('People, as a JSON-encoded array of names').optional(),
    description: longText('Details, Markdown allowed').optional(),
    project_id: id('The project that it belongs to').optional(),
  },
  descriptions: {
    create: 'Puts an event into the calendar.',
    update: 'Moves an event or changes the given fields of it.',
    delete: 'Takes an event out of the calendar for good; only when the user clearly asks for it.',
  },
  check: assertEndsAfterStart,
});

/** Where only one of the two times changes, the other one is that of the event in view. */
function assertEndsAfterStart(values: ClientRow, { context }: ToolContext): void {
  const stored = rowsOf(context, 'events').find((event) => event['id'] === values['id']) ?? {};
  const [begins, ends] = [{ ...stored, ...values }].flatMap((event) => [
    numberIn(event, 'start_time'),
    numberIn(event, 'end_time'),
  ]);
  if (begins !== undefined && ends !== undefined && ends <= begins)
    throw new ToolArgumentsError('end_time must be after start_time; when an event moves, give both');
}

/** The events that touch a span of time; one without times is in none. */
function within(events: readonly ClientRow[], from: number | undefined, to: number | undefined): readonly ClientRow[] {
  if (from === undefined && to === undefined) return events;
  return events.filter((event) => {
    const begins = numberIn(event, 'start_time');
    const ends = numberIn(event, 'end_time') ?? begins;
    return begins !== undefined && ends !== undefined && ends >= (from ?? -Infinity) && begins <= (to ?? Infinity);
  });
}

export const CALENDAR_TOOLS = [
  readTool(
    'list_events',
    'Lists the events of the calendar by time, narrowed by a span of time or words.',
    z.object({
      from: moment('Only events that end after this, in milliseconds since 1970').optional(),
      to: moment('Only events that begin before this, in milliseconds since 1970').optional(),
      search: searchWords('Words that the event must have').optional(),
    }),
    ({ from, to = UNCHANGED, search }, { context }) =>
      sortBy(
        within(searchText(rowsOf(context, 'events'), search, SEARCHED), from, to === UNCHANGED ? undefined : to),
        'start_time',
      ).slice(0, 100),
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
  ...EVENT_RECORDS,
  SEND_NOTIFICATION,
] as const;
