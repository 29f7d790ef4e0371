import { LRUCache } from 'lru-cache';

/** What a clock on the wall shows; `month` counts from 1. */
export interface Wall {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
}

const DAY = 86_400_000;
const formatters = new LRUCache<string, Intl.DateTimeFormat>({ max: 64 });

/** The IANA zone of that name, else UTC. */
export function zoneOf(name: unknown): string {
  if (typeof name !== 'string' || name === '' || name.length > 64) return 'UTC';
  try {
    formatterOf(name);
    return name;
  } catch {
    return 'UTC';
  }
}

export function wallOf(instant: number, zone: string): Wall {
  const field: Record<string, number> = {};
  for (const part of formatterOf(zone).formatToParts(instant)) field[part.type] = Number(part.value);
  const { year = 1970, month = 1, day = 1, hour = 0, minute = 0 } = field;
  return { year, month, day, hour, minute };
}

/**
 * The instant at which a wall clock shows this. Twice in a year there is none (the later side of the gap) or two
 * (the first).
 */
export function instantOf(wall: Wall, zone: string): number {
  const utc = utcOf(wall);
  const before = utc - offsetAt(utc - DAY, zone);
  const after = utc - offsetAt(utc + DAY, zone);
  const right = [before, after].filter((instant) => utcOf(wallOf(instant, zone)) === utc);
  return right.length > 0 ? Math.min(...right) : before;
}

export function addDays(wall: Wall, days: number): Wall {
  const date = new Date(utcOf(wall) + days * DAY);
  return { ...wall, year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** 0 is Sunday. */
export function weekdayOf(wall: Wall): number {
  return new Date(utcOf(wall)).getUTCDay();
}

/** The wall clock as if it hung in Greenwich: for arithmetic that must not know of zones. */
export function utcOf(wall: Wall): number {
  return Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute);
}

function offsetAt(instant: number, zone: string): number {
  return utcOf(wallOf(instant, zone)) - Math.floor(instant / 60_000) * 60_000;
}

function formatterOf(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  formatters.set(zone, made);
  return made;
}
