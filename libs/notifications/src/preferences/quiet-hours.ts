import { Temporal } from 'temporal-polyfill';

/** Minutes after midnight; `to` may be on the next day. `days` are those on which the hours begin, 1 for Monday to 7 for Sunday. */
export interface QuietHours {
  readonly from: number;
  readonly to: number;
  readonly days: readonly number[];
}

const DAY_MS = 86_400_000;

/** The end of the quiet hours that `at` lies in, by the clock on the user's wall; `at` itself where it lies in none. */
export function afterQuietHours(quiet: QuietHours | null, timezone: string, at: Date): Date {
  if (quiet === null || !isQuiet(quiet, timezone, at.getTime())) return at;
  const wall = zoned(at.getTime(), timezone);
  const time = Temporal.PlainTime.from({ hour: Math.floor(quiet.to / 60), minute: quiet.to % 60 });
  const ends = [-1, 0, 1, 2].flatMap((days) => {
    const end = wall.toPlainDate().add({ days }).toPlainDateTime(time);
    return (['earlier', 'later'] as const).map(
      (disambiguation) => end.toZonedDateTime(timezone, { disambiguation }).epochMilliseconds,
    );
  });
  // An end that the clock leaves out is reached when the clock is set forward.
  const transition = wall.getTimeZoneTransition('next')?.epochMilliseconds;
  const candidates = transition === undefined || transition > at.getTime() + 2 * DAY_MS ? ends : [...ends, transition];
  const end = candidates
    .filter((instant) => instant > at.getTime())
    .sort((one, other) => one - other)
    .find((instant) => !isQuiet(quiet, timezone, instant));
  return end === undefined ? at : new Date(end);
}

/** Whether the clock on the wall is inside the hours. */
function isQuiet({ from, to, days }: QuietHours, timezone: string, instant: number): boolean {
  const wall = zoned(instant, timezone);
  const minutes = wall.hour * 60 + wall.minute;
  const today = days.includes(wall.dayOfWeek);
  if (from < to) return today && minutes >= from && minutes < to;
  const yesterday = days.includes(wall.toPlainDate().subtract({ days: 1 }).dayOfWeek);
  return (today && minutes >= from) || (yesterday && minutes < to);
}

function zoned(instant: number, timezone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timezone);
}
