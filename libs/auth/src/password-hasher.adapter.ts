import { availableParallelism } from 'node:os';
import { Injectable } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';
import { Problem } from '@adiuva/kernel';

/** OWASP's minimum for Argon2id, which is the package's default algorithm: 19 MiB, two passes, one lane. */
const ARGON2 = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
const MAX_QUEUE = 128;

/** Argon2id off the event loop, at most as many concurrently as there are cores; a long queue is refused with 503. */
@Injectable()
export class PasswordHasher {
  private free = availableParallelism();
  private readonly waiting: (() => void)[] = [];
  private decoy: Promise<string> | undefined;

  hash(password: string): Promise<string> {
    return this.inTurn(() => hash(password.normalize('NFC'), ARGON2));
  }

  /** Does the same work where there is no such account (`stored` undefined), and then says no. */
  async verify(stored: string | undefined, password: string): Promise<boolean> {
    this.decoy ??= hash('no account has this password', ARGON2);
    const against = stored ?? (await this.decoy);
    const right = await this.inTurn(() => verify(against, password.normalize('NFC')));
    return stored !== undefined && right;
  }

  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.free === 0) {
      if (this.waiting.length >= MAX_QUEUE) throw new Problem('unavailable', { retryAfter: 2 });
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    } else {
      this.free -= 1;
    }
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.free += 1;
    }
  }
}
