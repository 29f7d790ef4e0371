const PERIOD = /^(\d{4})-(0[1-9]|1[0-2])$/;

/** A month of accounts in UTC, `YYYY-MM`; `end` is exclusive. */
export interface Period {
  readonly name: string;
  readonly start: Date;
  readonly end: Date;
}

/** Null when `name` is not a month. */
export function parsePeriod(name: string): Period | null {
  const match = PERIOD.exec(name);
  if (!match) return null;
  const [year, month] = [Number(match[1]), Number(match[2])];
  return { name, start: new Date(Date.UTC(year, month - 1)), end: new Date(Date.UTC(year, month)) };
}

export function periodOf(moment: Date): Period {
  const [year, month] = [moment.getUTCFullYear(), moment.getUTCMonth()];
  const name = `${String(year).padStart(4, '0')}-${String(month + 1).padStart(2, '0')}`;
  return { name, start: new Date(Date.UTC(year, month)), end: new Date(Date.UTC(year, month + 1)) };
}

export function periodBefore(moment: Date): Period {
  return periodOf(new Date(Date.UTC(moment.getUTCFullYear(), moment.getUTCMonth() - 1)));
}
