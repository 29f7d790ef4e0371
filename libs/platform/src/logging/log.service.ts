import { AsyncLocalStorage } from 'node:async_hooks';
import { fstatSync } from 'node:fs';
import { isNativeError } from 'node:util/types';
import { pino, type DestinationStream, type Logger } from 'pino';
import { PipeOutput } from './pipe-output.adapter';

/** All that a log line may say beside its event. Ids, sizes, times, states; never content, prompts, addresses or tokens. */
export type LogFields = Partial<
  Record<(typeof IDS | typeof NAMES)[number], string> &
    Record<(typeof NUMBERS)[number], number> & { readonly error: unknown }
>;

const IDS = ['request_id', 'user_id', 'job_id', 'prompt_id', 'backup_id'] as const;
const NAMES = ['method', 'route', 'code', 'job', 'provider', 'model', 'rule', 'reason', 'version'] as const;
const NUMBERS = ['status', 'ms', 'bytes', 'count', 'attempt', 'port'] as const;
const FIELDS = new Set<string>([...IDS, ...NAMES, ...NUMBERS]);

const FRAMES_KEPT = 12;
const STDOUT = 1;

/** The request id of the current work; only log lines and outward calls read it. */
export const requestContext = new AsyncLocalStorage<{ readonly requestId: string }>();

/** JSON lines on standard output, one for each event, with the request id of the current work. */
export class Log {
  private readonly logger: Logger;

  /** `onEvent` counts the lines of level warn and error. */
  constructor(
    level: string,
    destination: DestinationStream = standardOutput(),
    private readonly onEvent: (level: 'warn' | 'error', event: string) => void = () => undefined,
  ) {
    const options = { level, base: null, timestamp: pino.stdTimeFunctions.epochTime, messageKey: 'event' };
    this.logger = pino(options, destination);
  }

  info(event: string, fields: LogFields = {}): void {
    if (this.logger.isLevelEnabled('info')) this.logger.info(allowed(fields), event);
  }

  warn(event: string, fields: LogFields = {}): void {
    this.onEvent('warn', event);
    this.logger.warn(allowed(fields), event);
  }

  error(event: string, fields: LogFields = {}): void {
    this.onEvent('error', event);
    this.logger.error(allowed(fields), event);
  }
}

let output: DestinationStream | undefined;

/** One for all logs of the process. */
export function standardOutput(): DestinationStream {
  output ??= openStandardOutput();
  return output;
}

/** A file or a terminal takes every line; the reader of a pipe may have stopped reading. */
function openStandardOutput(): DestinationStream {
  const target = fstatSync(STDOUT);
  if (target.isFIFO() || target.isSocket()) return new PipeOutput(STDOUT);
  return pino.destination({ dest: STDOUT, sync: true });
}

function allowed(fields: LogFields): Record<string, unknown> {
  const line: Record<string, unknown> = {};
  const current = requestContext.getStore();
  if (current) line['request_id'] = current.requestId;
  for (const [name, value] of Object.entries(fields)) {
    if (FIELDS.has(name) && value !== undefined) line[name] = value;
  }
  if (fields.error !== undefined) Object.assign(line, describe(fields.error));
  return line;
}

/** Name, code and frames of an error and of what caused it, but no message: drivers put values into messages. */
function describe(error: unknown): Record<string, unknown> {
  if (!isError(error)) return { error: typeof error };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  // The stack begins with the message, and a message may have lines that look like frames.
  const stack = error.stack ?? '';
  const frames = stack
    .slice(stack.indexOf(error.message) + error.message.length)
    .split('\n')
    .filter((line) => line.startsWith('    at '))
    .slice(0, FRAMES_KEPT);
  const cause = isError(error.cause) ? { cause: describe(error.cause) } : {};
  return {
    error: error.name,
    ...(code ? { error_code: code } : {}),
    frames: frames.map((frame) => frame.trim()),
    ...cause,
  };
}

/** Node's own errors are of another realm where a test runner has made one, so `instanceof` alone would not know them. */
function isError(value: unknown): value is Error {
  return value instanceof Error || isNativeError(value);
}
