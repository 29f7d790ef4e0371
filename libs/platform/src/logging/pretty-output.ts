import type { DestinationStream } from 'pino';

const LEVELS: Readonly<Record<number, string>> = { 10: 'TRACE', 20: 'DEBUG', 30: 'INFO', 40: 'WARN', 50: 'ERROR' };

/** Lines for people: the time, the level, the event and its fields, instead of JSON. */
export function prettyOutput(destination: DestinationStream): DestinationStream {
  return { write: (line) => destination.write(`${pretty(line)}\n`) };
}

function pretty(line: string): string {
  const parsed = JSON.parse(line) as Record<string, unknown>;
  const { level, time, event, frames, ...fields } = parsed;
  const words = Object.entries(fields).map(([name, value]) => `${name}=${written(value)}`);
  const head = [new Date(Number(time)).toISOString().slice(11, 23), LEVELS[Number(level)]?.padEnd(5), event];
  const stack = Array.isArray(frames) ? frames.map((frame) => `\n    ${String(frame)}`) : [];
  return [...head, ...words].join(' ') + stack.join('');
}

function written(value: unknown): string {
  return typeof value === 'string' && /^\S+$/.test(value) ? value : JSON.stringify(value);
}
