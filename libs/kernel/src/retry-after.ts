const MAX_WAIT_MS = 24 * 60 * 60 * 1_000;
const SECONDS = /^\d+(?:\.\d+)?$/;
/** IMF-fixdate and the form of RFC 850, which both name GMT, and that of asctime, which does not. */
const DATE = /^[a-z]+, \d\d[ -][a-z]{3}[ -]\d\d(?:\d\d)? \d\d:\d\d:\d\d gmt$/i;
const ASCTIME_DATE = /^[a-z]{3} [a-z]{3} [ \d]\d \d\d:\d\d:\d\d \d{4}$/i;

/**
 * The milliseconds that a `Retry-After` asks to wait, in either form of RFC 9110, 10.2.3 (seconds, or a date), a day at most; undefined where the
 * header is missing or neither.
 */
export function retryAfterMs(header: string | null | undefined, now: number): number | undefined {
  const text = header?.trim() ?? '';
  const wait = SECONDS.test(text) ? Number(text) * 1_000 : dateIn(text) - now;
  return Number.isNaN(wait) ? undefined : Math.min(Math.max(0, wait), MAX_WAIT_MS);
}

function dateIn(text: string): number {
  if (DATE.test(text)) return Date.parse(text);
  return ASCTIME_DATE.test(text) ? Date.parse(`${text} GMT`) : NaN;
}
