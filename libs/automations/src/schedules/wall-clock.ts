import { Temporal } from 'temporal-polyfill';

/** The next match after a wall-clock time, both as if the wall clock were UTC; undefined where there is none. */
export type WallRule = (after: Date) => Date | undefined;
/** The next instant after one, in milliseconds. */
export type InstantRule = (after: number) => number | undefined;

const MAX_STEPS = 10_000;

export function isTimezone(timezone: string): boolean {
  try {
    return (
      new Intl.DateTimeFormat('en', { timeZone: timezone }).resolvedOptions().timeZone !== '' &&
      /^[A-Za-z]/.test(timezone)
    );
  } catch {
    return false;
  }
}

/** A wall time in a gap becomes the first moment after the gap; one that occurs twice its first occurrence. */
export function toInstant(wall: Temporal.PlainDateTime, timezone: string): number {
  const earlier = wall.toZonedDateTime(timezone, { disambiguation: 'earlier' });
  const later = wall.toZonedDateTime(timezone, { disambiguation: 'later' });
  const exists = earlier.epochMilliseconds === later.epochMilliseconds || earlier.toPlainDateTime().equals(wall);
  if (exists) return earlier.epochMilliseconds;
  return earlier.getTimeZoneTransition('next')?.epochMilliseconds ?? later.epochMilliseconds;
}

/**
 * For rules that name hours: each match of the wall clock once, each instant once. A later wall time never has an earlier instant, so what the
 * clock shows at `after`, or has shown before, is over.
 */
export function byWallClock(rule: WallRule, timezone: string): InstantRule {
  return (after) => {
    let wall = wallAt(after, timezone);
    for (let step = 0; step < MAX_STEPS; step += 1) {
      const match = rule(asUtc(wall));
      if (!match) return undefined;
      wall = fromUtc(match);
      const instant = toInstant(wall, timezone);
      if (instant > after) return instant;
    }
    return undefined;
  };
}

/**
 * For rules whose hour is a wildcard: they follow elapsed time, so both of two repeated hours count and a gap is left out. `ruleAt` is the rule on
 * the wall clock of an offset in milliseconds.
 */
export function byElapsedTime(ruleAt: (offset: number) => WallRule, timezone: string): InstantRule {
  let span = spanAt(0, timezone);
  return (after) => {
    let from = after;
    let isOver = false;
    for (let step = 0; step < MAX_STEPS; step += 1) {
      if (from < span.begin || from >= span.end) span = spanAt(from, timezone);
      const { offset, end } = span;
      const match = ruleAt(offset)(new Date(from + offset));
      if (match && match.getTime() - offset < end) return match.getTime() - offset;
      // A match that has passed comes again only where the transition sets the clock back to it.
      if (end === Infinity || (!match && isOver)) return undefined;
      isOver = !match;
      // Just before the transition in the new offset, so that a match at the transition itself counts.
      span = spanAt(end, timezone);
      const next = ruleAt(span.offset)(new Date(end - 1 + span.offset));
      if (next && next.getTime() - span.offset === end) return end;
      from = end;
    }
    return undefined;
  };
}

/** From an instant until the next transition: the offset stays the same. All in milliseconds. */
function spanAt(instant: number, timezone: string): { begin: number; end: number; offset: number } {
  const zoned = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timezone);
  const end = zoned.getTimeZoneTransition('next')?.epochMilliseconds ?? Infinity;
  return { begin: instant, end, offset: zoned.offsetNanoseconds / 1e6 };
}

export function wallAt(instant: number, timezone: string): Temporal.PlainDateTime {
  return Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timezone).toPlainDateTime();
}

export function asUtc(wall: Temporal.PlainDateTime): Date {
  return new Date(wall.toZonedDateTime('UTC').epochMilliseconds);
}

export function fromUtc(date: Date): Temporal.PlainDateTime {
  return wallAt(date.getTime(), 'UTC');
}
