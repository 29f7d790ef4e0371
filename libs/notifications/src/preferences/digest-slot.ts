import { Temporal } from 'temporal-polyfill';

export const DIGESTS = ['off', 'hourly', 'daily'] as const;
export type Digest = (typeof DIGESTS)[number];

const DAILY_HOUR = 8;
/** Two days before the last moment that a date can be. */
const LAST_SLOT = 8_640_000_000_000_000 - 2 * 86_400_000;

/** When the next digest after `at` is due: on the full hour, or at eight in the morning, of the user's clock; `at` where no date is later. */
export function nextDigest(digest: Exclude<Digest, 'off'>, timezone: string, at: Date): Date {
  if (at.getTime() > LAST_SLOT) return at;
  const wall = Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timezone);
  if (digest === 'hourly') {
    // Elapsed time, so that both of two repeated hours have a digest.
    const past = wall.minute * 60_000 + wall.second * 1_000 + wall.millisecond;
    return new Date(at.getTime() - past + 3_600_000);
  }
  const today = wall.toPlainDate().toPlainDateTime({ hour: DAILY_HOUR });
  const slot = today.toZonedDateTime(timezone).epochMilliseconds;
  if (slot > at.getTime()) return new Date(slot);
  return new Date(today.add({ days: 1 }).toZonedDateTime(timezone).epochMilliseconds);
}
