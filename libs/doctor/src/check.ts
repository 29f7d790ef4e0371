/** One line of the report. An `error` keeps the server from working or loses something; a `warning` is worth a look. */
export interface Check {
  readonly subject: string;
  readonly level: 'ok' | 'warning' | 'error';
  readonly message: string;
  /** What to do about it; null where nothing is to be done. */
  readonly remedy: string | null;
}

export function ok(subject: string, message: string): Check {
  return { subject, level: 'ok', message, remedy: null };
}

export function warning(subject: string, message: string, remedy: string): Check {
  return { subject, level: 'warning', message, remedy };
}

export function fault(subject: string, message: string, remedy: string): Check {
  return { subject, level: 'error', message, remedy };
}

const CLOCK_REMEDY = 'Synchronise the clocks of this machine and of the database with NTP.';
const MAX_DRIFT_MS = 2_000;
/** Access tokens are accepted for a minute beyond their life. */
const MAX_SAFE_DRIFT_MS = 30_000;

/** `driftMs` is the time of this machine less that of the database. */
export function clockCheck(driftMs: number): Check {
  const seconds = `${(driftMs / 1000).toFixed(1)} s`;
  if (Math.abs(driftMs) <= MAX_DRIFT_MS) return ok('clock', `differs from that of the database by ${seconds}`);
  const message = `differs from that of the database by ${seconds}: tokens, leases and schedules are wrong by it`;
  return Math.abs(driftMs) <= MAX_SAFE_DRIFT_MS
    ? warning('clock', message, CLOCK_REMEDY)
    : fault('clock', message, CLOCK_REMEDY);
}

const GIBIBYTE = 1024 ** 3;
const SPACE_REMEDY = 'Free or add space; where it is full, writes are answered 503 and the database may stop.';

export function spaceCheck(place: string, freeBytes: number, totalBytes: number): Check {
  const share = Math.round((freeBytes / Math.max(1, totalBytes)) * 100);
  const message = `${(freeBytes / GIBIBYTE).toFixed(1)} GiB (${share} %) are free at ${place}`;
  if (freeBytes < GIBIBYTE / 2) return fault('space', message, SPACE_REMEDY);
  if (freeBytes < 2 * GIBIBYTE || share < 10) return warning('space', message, SPACE_REMEDY);
  return ok('space', message);
}

/** The report as a terminal shows it. */
export function describeChecks(checks: readonly Check[]): string {
  const marks = { ok: 'ok     ', warning: 'WARNING', error: 'ERROR  ' } as const;
  const width = Math.max(...checks.map(({ subject }) => subject.length));
  return checks
    .map(({ level, subject, message, remedy }) => {
      const line = `${marks[level]}  ${subject.padEnd(width)}  ${message}`;
      return remedy === null ? line : `${line}\n${' '.repeat(width + 11)}→ ${remedy}`;
    })
    .join('\n');
}
