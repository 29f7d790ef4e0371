import { currentLanguage } from './texts';

/** The language of the console as the reader's region writes it: dates of `en-GB` are not those of `en-US`. */
function locale(): string {
  const language = currentLanguage();
  return navigator.languages.find((tag) => tag.slice(0, 2).toLowerCase() === language) ?? language;
}

export function dateTime(time: number | string | null | undefined): string {
  if (time === null || time === undefined) return '–';
  return new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(time));
}

const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
];

/** `3 minutes ago`; the date where it is more than a week. */
export function ago(time: number, now = Date.now()): string {
  const difference = time - now;
  if (Math.abs(difference) > 7 * 86_400_000) return dateTime(time);
  const format = new Intl.RelativeTimeFormat(locale(), { numeric: 'auto' });
  const unit = UNITS.find(([, ms]) => Math.abs(difference) >= ms);
  return unit ? format.format(Math.round(difference / unit[1]), unit[0]) : format.format(0, 'minute');
}

export function bytes(size: number): string {
  const exponent = size < 1000 ? 0 : Math.min(4, Math.floor(Math.log10(size) / 3));
  const unit = (['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const)[exponent] ?? 'byte';
  // The short form of `byte` has no plural.
  const unitDisplay = exponent === 0 ? 'long' : 'short';
  const format = { style: 'unit', unit, unitDisplay, maximumFractionDigits: 1 } as const;
  return new Intl.NumberFormat(locale(), format).format(size / 1000 ** exponent);
}

export function number(value: number): string {
  return new Intl.NumberFormat(locale()).format(value);
}

export function money(cents: number, currency = 'eur'): string {
  const format = { style: 'currency', currency: currency.toUpperCase() } as const;
  return new Intl.NumberFormat(locale(), format).format(cents / 100);
}

export function duration(ms: number): string {
  const seconds = ms / 1000;
  const format = (value: number, unit: string): string =>
    new Intl.NumberFormat(locale(), {
      style: 'unit',
      unit,
      unitDisplay: 'short',
      maximumFractionDigits: 1,
    }).format(value);
  return seconds < 60 ? format(seconds, 'second') : format(seconds / 60, 'minute');
}

/** 0 is Sunday. */
export function weekday(day: number): string {
  const format = new Intl.DateTimeFormat(locale(), { weekday: 'long', timeZone: 'UTC' });
  // The 4th of January 1970 was a Sunday.
  return format.format(new Date((day + 3) * 86_400_000));
}
