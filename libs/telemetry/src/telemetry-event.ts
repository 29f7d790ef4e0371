/** A number from 0 to `MAX_NUMBER`, or one of a list of words. */
export type PropertyRule = 'number' | readonly string[];

/** Sums of such numbers stay far below what a column can hold, however many are added. */
export const MAX_NUMBER = 1e12;

const PLATFORM = ['windows', 'macos', 'linux'] as const;
const OUTCOME = ['ok', 'failed', 'cancelled'] as const;

/** Every event that a client may report, with its properties. Nothing here can hold text of a user. */
export const TELEMETRY_EVENTS = {
  app_started: { platform: PLATFORM, startup_ms: 'number' },
  app_crashed: { platform: PLATFORM, uptime_s: 'number' },
  chat_finished: { outcome: OUTCOME, first_token_ms: 'number', duration_ms: 'number', tool_calls: 'number' },
  sync_finished: { outcome: OUTCOME, duration_ms: 'number', records: 'number' },
  backup_finished: { outcome: OUTCOME, duration_ms: 'number', megabytes: 'number' },
  search_finished: { duration_ms: 'number', results: 'number' },
  goal_created: { trigger: ['manual', 'schedule'] },
  plugin_installed: { outcome: OUTCOME },
} as const satisfies Readonly<Record<string, Readonly<Record<string, PropertyRule>>>>;

export type TelemetryName = keyof typeof TELEMETRY_EVENTS;
export const TELEMETRY_NAMES = Object.keys(TELEMETRY_EVENTS) as readonly TelemetryName[];

export interface TelemetryEvent {
  readonly name: TelemetryName;
  readonly at: Date;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** What is added up for one day; `property` and `value` are empty for the event itself. */
export interface TelemetryCount {
  readonly day: string;
  readonly name: string;
  readonly property: string;
  readonly value: string;
  readonly count: number;
  readonly sum: number;
}

/** The properties that are not on the list, by name. */
export function propertyFaults({ name, properties }: TelemetryEvent): string[] {
  const rules: Readonly<Record<string, PropertyRule>> = TELEMETRY_EVENTS[name];
  return Object.entries(properties).flatMap(([property, value]) => {
    const rule = Object.hasOwn(rules, property) ? rules[property] : undefined;
    const fits =
      rule === 'number'
        ? typeof value === 'number' && value >= 0 && value <= MAX_NUMBER
        : rule?.some((word) => word === value);
    return fits ? [] : [property];
  });
}

/** One count for each event, and for each of its properties. */
export function countsOf(events: readonly TelemetryEvent[]): TelemetryCount[] {
  const counts = new Map<string, TelemetryCount>();
  const add = (day: string, name: string, property: string, value: string, amount: number): void => {
    const key = [day, name, property, value].join('\n');
    const { count = 0, sum = 0 } = counts.get(key) ?? {};
    counts.set(key, { day, name, property, value, count: count + 1, sum: sum + amount });
  };
  for (const { name, at, properties } of events) {
    const day = at.toISOString().slice(0, 10);
    add(day, name, '', '', 0);
    for (const [property, value] of Object.entries(properties))
      if (typeof value === 'number') add(day, name, property, '', value);
      else add(day, name, property, String(value), 0);
  }
  return [...counts.values()];
}
