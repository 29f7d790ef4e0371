import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock, Problem } from '@adiuva/kernel';
import { Database } from '@adiuva/platform';
import { GatewayConfig } from './gateway.config';
import { isFresh, isSignedBy, parseProof, type RequestProof, type SignedContent } from './signature';

/** Twice the window of a timestamp, so that a nonce outlives every timestamp that it may come with. */
const NONCE_SECONDS = 660;
const CONSUME = `INSERT INTO gateway_nonces (hash, expires_at) VALUES ($1, now() + make_interval(secs => ${NONCE_SECONDS}))
  ON CONFLICT (hash) DO NOTHING RETURNING 1`;

/** Verifies that a request comes from a worker that has the shared secret, now, and for the first time. */
@Injectable()
export class SignedRequests {
  constructor(
    private readonly config: GatewayConfig,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** What can be refused before the body is read. @throws `not_configured`, `invalid_signature` */
  proofOf(headers: Readonly<Record<string, unknown>>): RequestProof {
    if (this.config.BACKEND_HMAC_SECRET === undefined)
      throw new Problem('not_configured', { detail: 'BACKEND_HMAC_SECRET is not set' });
    const proof = parseProof(headers);
    if (!proof || !isFresh(proof.timestamp, this.clock.now())) throw invalidSignature();
    return proof;
  }

  /** @throws `invalid_signature`, `replayed` for a nonce that was used */
  async verify(proof: RequestProof, content: Omit<SignedContent, 'timestamp' | 'nonce'>): Promise<void> {
    if (!isSignedBy(this.secrets, proof.signature, { ...content, ...proof })) throw invalidSignature();
    const hash = createHash('sha256').update(proof.nonce, 'utf8').digest();
    const fresh = await this.database.transaction((tx) => tx.query<unknown[]>(CONSUME, [hash]));
    if (fresh.length === 0) throw new Problem('replayed');
  }

  async sweep(): Promise<void> {
    await this.database.query('DELETE FROM gateway_nonces WHERE expires_at < now()');
  }

  private get secrets(): readonly string[] {
    const { BACKEND_HMAC_SECRET: current, BACKEND_HMAC_SECRET_PREVIOUS: previous } = this.config;
    return [current, previous].filter((secret) => secret !== undefined);
  }
}

function invalidSignature(): Problem {
  return new Problem('invalid_signature', { status: 401 });
}
