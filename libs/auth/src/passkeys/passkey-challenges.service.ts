import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock, Problem } from '@adiuva/kernel';
import { Database, ServerKeys, type Tx } from '@adiuva/platform';

const RANDOM_BYTES = 24;
const TIME_BYTES = 8;
const LIFE_MS = 5 * 60_000;

/**
 * Challenges of 5 minutes that carry their own proof, so that an anonymous request stores nothing: random bytes, the end, and an HMAC over both
 * and the purpose. Each is answered once.
 */
@Injectable()
export class PasskeyChallenges {
  constructor(
    private readonly database: Database,
    private readonly keys: ServerKeys,
    private readonly clock: Clock,
  ) {}

  /** `purpose` is what the answer is good for: a sign-in, or a new passkey of one user. */
  issue(purpose: string): Uint8Array<ArrayBuffer> {
    const end = Buffer.alloc(TIME_BYTES);
    end.writeBigUInt64BE(BigInt(this.clock.now().getTime() + LIFE_MS));
    const body = Buffer.concat([randomBytes(RANDOM_BYTES), end]);
    return new Uint8Array(Buffer.concat([body, this.mac(purpose, body)]));
  }

  isValid(purpose: string, challenge: string): boolean {
    const bytes = Buffer.from(challenge, 'base64url');
    const body = bytes.subarray(0, RANDOM_BYTES + TIME_BYTES);
    if (body.length < RANDOM_BYTES + TIME_BYTES) return false;
    const mac = bytes.subarray(RANDOM_BYTES + TIME_BYTES);
    if (!this.keys.verifyHmac('passkey', textOf(purpose, body), mac)) return false;
    return Number(body.readBigUInt64BE(RANDOM_BYTES)) > this.clock.now().getTime();
  }

  /** @throws `invalid_credentials` when it was answered before */
  async spend(tx: Tx, challenge: string): Promise<void> {
    const hash = createHash('sha256').update(Buffer.from(challenge, 'base64url')).digest();
    const rows = await tx.query<unknown[]>(
      `INSERT INTO spent_passkey_challenges (hash, expires_at) VALUES ($1, now() + make_interval(secs => $2))
       ON CONFLICT (hash) DO NOTHING RETURNING hash`,
      [hash, (2 * LIFE_MS) / 1000],
    );
    if (rows.length === 0) throw new Problem('invalid_credentials', { detail: 'This challenge was answered before' });
  }

  async sweep(): Promise<void> {
    await this.database.query('DELETE FROM spent_passkey_challenges WHERE expires_at < now()');
  }

  private mac(purpose: string, body: Buffer): Buffer {
    return this.keys.hmac('passkey', textOf(purpose, body));
  }
}

function textOf(purpose: string, body: Buffer): string {
  return `${purpose}|${body.toString('base64url')}`;
}

/** The challenge that an authenticator has signed; empty where its data cannot be read. */
export function challengeIn(clientDataJSON: string): string {
  try {
    const data: unknown = JSON.parse(Buffer.from(clientDataJSON, 'base64url').toString('utf8'));
    const challenge = typeof data === 'object' && data !== null && 'challenge' in data ? data.challenge : '';
    return typeof challenge === 'string' ? challenge : '';
  } catch {
    return '';
  }
}
