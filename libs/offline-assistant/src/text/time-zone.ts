import { LRUCache } from 'lru-cache';

/** A local date and time; `month` counts from 1. */
export interface LocalDateTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
}

const DAY = 86_400_000;
const formatters = new LRUCache<string, Intl.DateTimeFormat>({ max: 64 });

/** The IANA zone of that name, else UTC. */
export function timeZoneOf(name: unknown): string {
  if (typeof name !== 'string' || name === '' || name.length > 64) return 'UTC';
  try {
    formatterOf(name);
    return name;
  } catch {
    return 'UTC';
  }
}

export function toLocal(instant: number, zone: string): LocalDateTime {
  const field: Record<string, number> = {};
  for (const part of formatterOf(zone).formatToParts(instant)) field[part.type] = Number(part.value);
  const { year = 1970, month = 1, day = 1, hour = 0, minute = 0 } = field;
  return { year, month, day, hour, minute };
}

/**
 * The instant of a local date and time. Twice a year there is none (the later side of the gap) or two
 * (the first).
 */
export function toInstant(local: LocalDateTime, zone: string): number {
  const utc = asUtc(local);
  const before = utc - offsetAt(utc - DAY, zone);
  const after = utc - offsetAt(utc + DAY, zone);
  const right = [before, after].filter((instant) => asUtc(toLocal(instant, zone)) === utc);
  return right.length > 0 ? Math.min(...right) : before;
}

export function addDays(local: LocalDateTime, days: number): LocalDateTime {
  const date = new Date(asUtc(local) + days * DAY);
  return { ...local, year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** 0 is Sunday. */
export function weekdayOf(local: LocalDateTime): number {
  return new Date(asUtc(local)).getUTCDay();
}

/** The wall clock read as UTC: for arithmetic without zones. */
export function asUtc(local: LocalDateTime): number {
  return Date.UTC(local.year, local.month - 1, local.day, local.hour, local.minute);
}

function offsetAt(instant: number, zone: string): number {
  return asUtc(toLocal(instant, zone)) - Math.floor(instant / 60_000) * 60_000;
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
