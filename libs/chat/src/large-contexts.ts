import { Problem } from '@adiuva/kernel';
import type { ChatRequest } from './chat-request';

/** UTF-16 units of a message with its context from which on it counts as large. */
const LARGE = 128 * 1024;
/** Of large ones that are answered at a time. Each agent that works on a message holds a copy in its prompt, and each call of a model two. */
const MAX_UNITS = 8 * 1024 * 1024;
const RETRY_AFTER_SECONDS = 5;

/** Bounds the memory of the answers in progress that have a large context. */
export class LargeContexts {
  private used = 0;

  /** Returns the function to call when the answer has ended, or is refused; it may be called more than once. @throws `unavailable` */
  reserve({ message, context }: ChatRequest): () => void {
    const units = message.length + unitsOf(context);
    if (units < LARGE) return () => undefined;
    if (this.used + units > MAX_UNITS) {
      throw new Problem('unavailable', {
        detail: 'Too many answers with a large context are in progress',
        retryAfter: RETRY_AFTER_SECONDS,
      });
    }
    let held = units;
    this.used += held;
    return () => {
      this.used -= held;
      held = 0;
    };
  }
}

/** Of all strings of a JSON value. */
function unitsOf(json: unknown): number {
  if (typeof json === 'string') return json.length;
  if (typeof json !== 'object' || json === null) return 0;
  return Object.entries(json).reduce((sum, [key, value]) => sum + key.length + unitsOf(value), 0);
}
