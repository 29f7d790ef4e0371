import { createSecretKey, randomUUID, type JsonWebKey, type KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { sign } from 'jsonwebtoken';
import { Clock, Problem, type Principal } from '@adiuva/kernel';
import { ConfigurationError } from '@adiuva/config';
import { privateKey, verificationKey } from '../access-tokens.service';
import { AuthConfig } from '../auth.config';
import { AgentTokensConfig } from './agent-tokens.config';

export interface AgentToken {
  readonly token: string;
  readonly expiresAt: Date;
}

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
    auth: AuthConfig,
  ) {
    if (config.AGENT_JWT_AUD === auth.JWT_AUDIENCE)
      throw new ConfigurationError(['AGENT_JWT_AUD: must differ from JWT_AUDIENCE']);
    this.key = keyOf(config);
  }

  /** `sid` is the session that asked, so that a verifier here can end with it. @throws `not_configured` */
  issue(caller: Principal, scopes: readonly string[], seconds: number): AgentToken {
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
    const token = sign(claims, key.signing, { algorithm: key.algorithm, keyid: key.kid });
    return { token, expiresAt: new Date((issued + seconds) * 1000) };
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
