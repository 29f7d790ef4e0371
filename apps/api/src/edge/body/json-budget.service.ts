import { Injectable } from '@nestjs/common';
import { Problem } from '@adiuva/kernel';
import { LargeBodyCollector } from '@adiuva/platform';

const MIB = 1024 * 1024;
/** Of JSON bodies that are read, parsed or answered at a time: the shared part, and the largest body that a route accepts. */
const MAX_BYTES = 64 * MIB;
/** Bodies beyond this size count as large: all but the oldest share a part of the budget, and they are parsed one at a time. */
const LARGE_BYTES = MIB;
const MAX_LARGE_BYTES = 12 * MIB;
/** Of frames of sockets, which share it with the bodies. */
const MAX_FRAMES_BYTES = 32 * MIB;
const MAX_WAIT_MS = 10_000;
const RETRY_AFTER_SECONDS = 5;

interface Waiter {
  readonly reservation: BodyReservation;
  readonly resume: () => void;
}

/** What one request holds of the budget. */
export class BodyReservation {
  private held = 0;

  constructor(private readonly budget: JsonBudget) {}

  get size(): number {
    return this.held;
  }

  /** Undefined where the bytes fit; else a promise that resolves when they do, and rejects with `unavailable` after 10 s. */
  take(bytes: number): Promise<void> | undefined {
    this.held += bytes;
    return this.budget.take(this, bytes);
  }

  /** For a frame, which is in memory already and cannot wait: whether its bytes fit. */
  takeFrame(bytes: number): boolean {
    const fits = this.budget.takeFrame(bytes);
    if (fits) this.held += bytes;
    return fits;
  }

  /** May be called more than once. */
  release(): void {
    const bytes = this.held;
    this.held = 0;
    this.budget.release(this, bytes);
  }
}

/**
 * Caps the bytes of JSON bodies in this process: a body that does not fit is not read further until others have been answered, which slows
 * its client down, and is refused with 503 when that takes too long. The oldest large body always fits, so there is always one that ends.
 */
@Injectable()
export class JsonBudget {
  private used = 0;
  private readonly large: BodyReservation[] = [];
  private readonly waiting: Waiter[] = [];
  private readonly collector = new LargeBodyCollector();
  private parsing: Promise<unknown> = Promise.resolve();

  reservation(): BodyReservation {
    return new BodyReservation(this);
  }

  take(reservation: BodyReservation, bytes: number): Promise<void> | undefined {
    if (reservation.size > LARGE_BYTES && !this.large.includes(reservation)) this.large.push(reservation);
    this.used += bytes;
    this.collector.passed(bytes);
    if (this.fits(reservation)) return undefined;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiting.splice(this.waiting.indexOf(waiter), 1);
        reject(new Problem('unavailable', { retryAfter: RETRY_AFTER_SECONDS, detail: 'Too many large requests' }));
      }, MAX_WAIT_MS);
      const resume = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const waiter = { reservation, resume };
      this.waiting.push(waiter);
    });
  }

  takeFrame(bytes: number): boolean {
    const fits = this.used + bytes <= MAX_FRAMES_BYTES;
    if (fits) this.used += bytes;
    this.collector.passed(bytes);
    return fits;
  }

  release(reservation: BodyReservation, bytes: number): void {
    this.used -= bytes;
    this.collector.passed(bytes);
    if (this.large.includes(reservation)) this.large.splice(this.large.indexOf(reservation), 1);
    for (const waiter of [...this.waiting]) {
      if (!this.fits(waiter.reservation)) continue;
      this.waiting.splice(this.waiting.indexOf(waiter), 1);
      waiter.resume();
    }
  }

  /** Runs `parse`; for large bodies after those before it, each in a turn of the event loop of its own. */
  async inTurn<T>(bytes: number, parse: () => T): Promise<T> {
    if (bytes <= LARGE_BYTES) return parse();
    const turn = this.parsing.then(() => new Promise((done) => setImmediate(done))).then(parse);
    this.parsing = turn.catch(() => undefined);
    return turn;
  }

  /** The bytes of `reservation` are in `used` already. */
  private fits(reservation: BodyReservation): boolean {
    if (reservation.size <= LARGE_BYTES) return this.used <= MAX_BYTES;
    return reservation === this.large[0] || this.used - (this.large[0]?.size ?? 0) <= MAX_LARGE_BYTES;
  }
}
