import { createSecretKey, randomUUID, type JsonWebKey, type KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { sign, verify } from 'jsonwebtoken';
import { z } from 'zod';
import { Clock, Problem, type Principal } from '@adiuva/kernel';
import { Audit } from '@adiuva/audit';
import { ConfigurationError } from '@adiuva/config';
import { Database } from '@adiuva/platform';
import { kidOf, privateKey, verificationKey, type AccessClaims } from '../access-tokens.service';
import { AuthConfig } from '../auth.config';
import { AgentTokensConfig } from './agent-tokens.config';

export interface AgentToken {
  readonly token: string;
  readonly expiresAt: Date;
}

/** For whom a token was issued, by which session, and what it allows. */
export interface AgentClaims extends AccessClaims {
  readonly scopes: readonly string[];
}

const Claims = z.object({ sub: z.uuid(), sid: z.uuid(), exp: z.number(), scopes: z.array(z.string()) });
const LEEWAY_SECONDS = 30;

interface AgentKey {
  readonly algorithm: 'HS256' | 'RS256' | 'ES256';
  readonly kid: string;
  readonly signing: KeyObject;
  readonly verifying: KeyObject;
}

/** Short-lived tokens with which a worker outside acts for a user. Audience and key are not those of access tokens, so no route of users takes them. */
@Injectable()
export class AgentTokens {
  private readonly key: AgentKey | undefined;

  constructor(
    private readonly config: AgentTokensConfig,
    private readonly clock: Clock,
    private readonly database: Database,
    private readonly audit: Audit,
    auth: AuthConfig,
  ) {
    if (config.AGENT_JWT_AUD === auth.JWT_AUDIENCE)
      throw new ConfigurationError(['AGENT_JWT_AUD: must differ from JWT_AUDIENCE']);
    this.key = keyOf(config);
  }

  /** `sid` is the session that asked, so that a verifier here can end with it. An event of the audit log. @throws `not_configured` */
  async issue(caller: Principal, scopes: readonly string[], seconds: number): Promise<AgentToken> {
    const { key } = this;
    if (!key) throw new Problem('not_configured', { detail: 'AGENT_JWT_SECRET is not set' });
    const issued = Math.floor(this.clock.now().getTime() / 1000);
    const claims = {
      sub: caller.userId,
      sid: caller.sessionId,
      scopes,
      jti: randomUUID(),
      iat: issued,
      exp: issued + seconds,
      iss: this.config.AGENT_JWT_ISS,
      aud: this.config.AGENT_JWT_AUD,
    };
    const details = { token_id: claims.jti, session_id: caller.sessionId, scopes: scopes.length, seconds };
    await this.database.transaction((tx) => this.audit.recordOwn(tx, caller.userId, 'agent_token.issued', details));
    const token = sign(claims, key.signing, { algorithm: key.algorithm, keyid: key.kid });
    return { token, expiresAt: new Date((issued + seconds) * 1000) };
  }

  /** Algorithm, issuer and audience are pinned. @throws `not_configured`, `unauthenticated` */
  verify(token: string): AgentClaims {
    const { key } = this;
    if (!key) throw new Problem('not_configured', { detail: 'AGENT_JWT_SECRET is not set' });
    try {
      if (kidOf(token) !== key.kid) throw new Problem('unauthenticated');
      const { sub, sid, exp, scopes } = Claims.parse(
        verify(token, key.verifying, {
          algorithms: [key.algorithm],
          issuer: this.config.AGENT_JWT_ISS,
          audience: this.config.AGENT_JWT_AUD,
          clockTolerance: LEEWAY_SECONDS,
          clockTimestamp: Math.floor(this.clock.now().getTime() / 1000),
        }),
      );
      return { userId: sub, sessionId: sid, expiresAt: new Date(exp * 1000), scopes };
    } catch (error) {
      throw error instanceof Problem ? error : new Problem('unauthenticated', { cause: error });
    }
  }

  /** Public keys; none for a shared secret. */
  jwks(): JsonWebKey[] {
    if (!this.key || this.key.algorithm === 'HS256') return [];
    const { kid, algorithm, verifying } = this.key;
    return [{ ...verifying.export({ format: 'jwk' }), kid, use: 'sig', alg: algorithm }];
  }
}

function keyOf({ AGENT_JWT_SECRET: secret, AGENT_JWT_PRIVATE_KEY: pem }: AgentTokensConfig): AgentKey | undefined {
  if (secret !== undefined) return described('HS256', createSecretKey(secret, 'utf8'));
  if (pem === undefined) return undefined;
  const algorithm = isEllipticCurve(pem) ? 'ES256' : 'RS256';
  return described(algorithm, privateKey('AGENT_JWT_PRIVATE_KEY', pem, algorithm));
}

function isEllipticCurve(pem: string): boolean {
  try {
    return privateKey('AGENT_JWT_PRIVATE_KEY', pem, 'ES256').asymmetricKeyType === 'ec';
  } catch {
    return false;
  }
}

function described(algorithm: AgentKey['algorithm'], signing: KeyObject): AgentKey {
  const { kid, key } = verificationKey(signing);
  return { algorithm, kid, signing, verifying: key };
}
