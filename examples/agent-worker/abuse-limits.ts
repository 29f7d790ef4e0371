export interface AbuseLimits {
  readonly maxBodyBytes: number;
  readonly requestsPerMinute: number;
  readonly maxConcurrent: number;
}

export const DEFAULT_LIMITS: AbuseLimits = { maxBodyBytes: 256 * 1024, requestsPerMinute: 60, maxConcurrent: 8 };

const WINDOW_MS = 60_000;
const MAX_USERS = 10_000;

interface Usage {
  count: number;
  endsAt: number;
  running: number;
}

/** Requests a minute and at the same time, by user. In memory: each instance of the worker counts on its own. */
export class UserLimits {
  private readonly users = new Map<string, Usage>();

  constructor(private readonly limits: AbuseLimits) {}

  /** The function that ends the request, or the seconds to wait. */
  admit(userId: string): (() => void) | number {
    const now = Date.now();
    const usage = this.usageOf(userId, now);
    if (usage.running >= this.limits.maxConcurrent) return 1;
    if (usage.count >= this.limits.requestsPerMinute) return Math.max(1, Math.ceil((usage.endsAt - now) / 1_000));
    usage.count += 1;
    usage.running += 1;
    return () => void (usage.running -= 1);
  }

  private usageOf(userId: string, now: number): Usage {
    const known = this.users.get(userId);
    if (known && known.endsAt > now) return known;
    const usage = { count: 0, endsAt: now + WINDOW_MS, running: known?.running ?? 0 };
    if (this.users.size >= MAX_USERS) this.forget(now);
    if (known) Object.assign(known, usage);
    else this.users.set(userId, usage);
    return known ?? usage;
  }

  private forget(now: number): void {
    for (const [userId, { endsAt, running }] of this.users)
      if (endsAt <= now && running === 0) this.users.delete(userId);
  }
}

/** The body as text; undefined where it is larger than `max`, whatever its headers say. */
export async function boundedText(request: Request, max: number): Promise<string | undefined> {
  if (Number(request.headers.get('Content-Length') ?? 0) > max) return undefined;
  const decoder = new TextDecoder();
  let [text, size] = ['', 0];
  const reader = request.body?.getReader();
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    size += part.value.byteLength;
    if (size > max) {
      await reader?.cancel();
      return undefined;
    }
    text += decoder.decode(part.value, { stream: true });
  }
  return text + decoder.decode();
}
