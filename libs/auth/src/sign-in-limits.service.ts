import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Problem } from '@adiuva/kernel';
import { Database, jobKind, Jobs, Metrics, ServerKeys, RateLimits, type RateDecision, type Tx } from '@adiuva/platform';
import { z } from 'zod';
import { AuthConfig } from './auth.config';
import { normalEmail } from './email-address';
import { networkOf } from './network';

export const SIGN_IN_METHODS = ['password', 'totp', 'passkey', 'recovery'] as const;
export type SignInMethod = (typeof SIGN_IN_METHODS)[number];

/** A wrong credential of an account; recorded by a job, so that the request does the same work where there is no such account. */
export const RECORD_FAILED_SIGN_IN = jobKind(
  'record_failed_sign_in',
  z.object({ userId: z.uuid(), method: z.enum(SIGN_IN_METHODS) }),
);

/** What one guess was counted against, so that a right one can be taken back. */
export interface LoginAttempt {
  readonly address: string;
  readonly account: string;
}

const NO_USER = '00000000-0000-0000-0000-000000000000';
const GUESS_WINDOW_SECONDS = 15 * 60;
const REGISTER_WINDOW_SECONDS = 60 * 60;
const MAX_MAILS = 5;

/**
 * Slows down who guesses passwords: wrong ones are counted by address and by account. From an address that the account has signed in
 * from before, guesses are counted apart, so that an attack from elsewhere does not lock the owner out.
 */
@Injectable()
export class SignInLimits {
  constructor(
    private readonly limits: RateLimits,
    private readonly database: Database,
    private readonly keys: ServerKeys,
    private readonly jobs: Jobs,
    private readonly config: AuthConfig,
    private readonly metrics: Metrics,
  ) {}

  async checkRegistration(address: string): Promise<void> {
    const key = `register:${networkOf(address)}`;
    refuse(await this.limits.consume(key, this.config.REGISTER_LIMIT_PER_ADDRESS, REGISTER_WINDOW_SECONDS));
  }

  /** An unknown refresh token was presented. A client with a valid one is not limited. */
  async countUnknownToken(address: string): Promise<void> {
    const key = `unknown-token:${networkOf(address)}`;
    refuse(await this.limits.consume(key, this.config.AUTH_LIMIT_PER_ADDRESS, GUESS_WINDOW_SECONDS));
  }

  /** A request to the gateway had a signature of another key. */
  async countForgedSignature(address: string): Promise<void> {
    const key = `forged-signature:${networkOf(address)}`;
    refuse(await this.limits.consume(key, this.config.AUTH_LIMIT_PER_ADDRESS, GUESS_WINDOW_SECONDS));
  }

  /** How many wrong guesses the address may still make; counts nothing. */
  peek(address: string): Promise<RateDecision> {
    const key = `guess-address:${networkOf(address)}`;
    return this.limits.consume(key, this.config.AUTH_LIMIT_PER_ADDRESS, GUESS_WINDOW_SECONDS, 0);
  }

  /** Any other question that an unauthenticated caller may ask. */
  async checkLookup(address: string): Promise<void> {
    refuse(
      await this.limits.consume(
        `question:${networkOf(address)}`,
        this.config.AUTH_LIMIT_PER_ADDRESS,
        GUESS_WINDOW_SECONDS,
      ),
    );
  }

  /** Mails that are sent on request: `key` is a user or an address, whether or not it has an account. */
  async checkMail(key: string): Promise<void> {
    refuse(await this.limits.consume(`mail:${key}`, MAX_MAILS, REGISTER_WINDOW_SECONDS));
  }

  /** Mails to an address that a user has named, of all accounts together, so that many accounts do not flood it. */
  async checkMailTo(email: string): Promise<void> {
    const key = this.keys.hmac('account-index', normalEmail(email)).toString('base64url');
    refuse(await this.limits.consume(`mail-to:${key}`, MAX_MAILS, REGISTER_WINDOW_SECONDS));
  }

  async checkAttempt(accountIndex: Buffer, userId: string | undefined, address: string): Promise<LoginAttempt> {
    const network = networkOf(address);
    // Queried for unknown accounts too, so that the time does not reveal whether there is one.
    const { known, unlocks } = await this.historyOf(userId ?? NO_USER, network);
    const account = `guess-account:${accountIndex.toString('base64url')}:${unlocks}${known ? `:${network}` : ''}`;
    const guess = { address: `guess-address:${network}`, account };
    await this.consumeAttempt(guess.address, this.config.AUTH_LIMIT_PER_ADDRESS);
    await this.consumeAttempt(guess.account, this.config.AUTH_LIMIT_PER_ACCOUNT);
    this.metrics.signInAttempts.inc({ outcome: 'checked' });
    return guess;
  }

  async refundAttempt(guess: LoginAttempt): Promise<void> {
    this.metrics.signInAttempts.inc({ outcome: 'right' });
    await this.limits.refund(guess.address, this.config.AUTH_LIMIT_PER_ADDRESS, GUESS_WINDOW_SECONDS);
    await this.limits.refund(guess.account, this.config.AUTH_LIMIT_PER_ACCOUNT, GUESS_WINDOW_SECONDS);
  }

  /** For the audit log. `userId` is undefined where there is no such account. */
  async attemptFailed(userId: string | undefined, method: SignInMethod): Promise<void> {
    const payload = { userId: userId ?? randomUUID(), method };
    await this.database.transaction((tx) => this.jobs.add(tx, RECORD_FAILED_SIGN_IN, payload));
  }

  async rememberAddress(tx: Tx, userId: string, address: string): Promise<void> {
    await tx.query(
      `INSERT INTO known_addresses (user_id, address) VALUES ($1, $2) ON CONFLICT (user_id, address) DO UPDATE SET seen_at = now()`,
      [userId, this.hashed(userId, networkOf(address))],
    );
  }

  private async consumeAttempt(key: string, limit: number): Promise<void> {
    const decision = await this.limits.consume(key, limit, GUESS_WINDOW_SECONDS);
    if (!decision.allowed) this.metrics.signInAttempts.inc({ outcome: 'limited' });
    refuse(decision);
  }

  /** Whether the account has signed in from the network before, and how often an operator has unlocked it. */
  private async historyOf(userId: string, network: string): Promise<{ known: boolean; unlocks: number }> {
    const [row] = await this.database.query<{ known: boolean; unlocks: number }>(
      `SELECT EXISTS (SELECT 1 FROM known_addresses WHERE user_id = $1 AND address = $2 AND seen_at > now() - interval '180 days') AS known,
         COALESCE((SELECT unlocks FROM users WHERE id = $1), 0) AS unlocks`,
      [userId, this.hashed(userId, network)],
    );
    return row ?? { known: false, unlocks: 0 };
  }

  private hashed(userId: string, network: string): Buffer {
    return this.keys.hmac('account-index', `${userId}|${network}`);
  }
}

function refuse(decision: RateDecision): void {
  if (!decision.allowed) throw new Problem('rate_limited', { retryAfter: decision.resetSeconds });
}
