import type { z } from 'zod';

/** A kind of background work: its name and the shape of its payload. Ids only: a queue holds no content. */
export interface JobKind<P> {
  readonly name: string;
  readonly payload: z.ZodType<P>;
}

/** What carries a kind out. Must be idempotent: it may run again after a crash at any point. */
export interface JobHandler {
  readonly name: string;
  /** A crontab line in UTC, for work that no code enqueues. */
  readonly cron?: string;
  run(payload: unknown, signal: AbortSignal): Promise<void>;
}

export function jobKind<P>(name: string, payload: z.ZodType<P>): JobKind<P> {
  return { name, payload };
}

export function jobHandler<P>(
  kind: JobKind<P>,
  run: (payload: P, signal: AbortSignal) => Promise<void>,
  cron?: string,
): JobHandler {
  return { name: kind.name, ...(cron ? { cron } : {}), run: (raw, signal) => run(kind.payload.parse(raw), signal) };
}

/** Every kind has exactly one handler; throws with the names otherwise. */
export function assertOneHandlerEach(handlers: readonly JobHandler[]): void {
  const names = handlers.map((handler) => handler.name);
  const doubled = names.filter((name, index) => names.indexOf(name) !== index);
  if (doubled.length > 0) throw new Error(`more than one handler for: ${doubled.join(', ')}`);
}
