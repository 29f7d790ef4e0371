import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { newId, Problem, type Principal } from '@adiuva/kernel';
import { Database, type Tx } from '@adiuva/platform';
import { AccessTokens } from './access-tokens.service';
import { AuthConfig } from './auth.config';
import { SessionEvents, type RevocationCause } from './session-events.service';
import { SignInLimits } from './sign-in-limits.service';
import { UserEncryption, type UserCipher } from './user-encryption.service';

export interface AuthTokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** When the access token ends. */
  readonly expiresAt: Date;
}

export interface SessionView {
  readonly id: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date;
  readonly userAgent: string | null;
  readonly current: boolean;
}

interface FoundToken {
  readonly session_id: string;
  readonly user_id: string;
  readonly parent: Buffer | null;
  readonly alive: boolean;
  /** Used before, or closed by a sibling. */
  readonly spent: boolean;
}

interface SessionListRow {
  readonly id: string;
  readonly created_at: Date;
  readonly last_used_at: Date;
  readonly user_agent: Buffer | null;
}

const TOKEN_BYTES = 32;
const MAX_SIBLINGS = 5;
const MAX_USER_AGENT = 256;

/** Sign-ins and their families of rotating refresh tokens (RFC 9700, section 4.14, with a grace for answers that were lost). */
@Injectable()
export class Sessions {
  constructor(
    private readonly database: Database,
    private readonly tokens: AccessTokens,
    private readonly encryption: UserEncryption,
    private readonly events: SessionEvents,
    private readonly limits: SignInLimits,
    private readonly config: AuthConfig,
  ) {}

  /**
   * Opens a family for a user whose credentials were verified, under the lock of the user's row in `tx`. `ssoTeamId` is the team at whose
   * provider the user signed in. @throws `account_disabled`
   */
  async open(
    tx: Tx,
    userId: string,
    cipher: UserCipher,
    userAgent: string | undefined,
    ssoTeamId: string | null = null,
  ): Promise<AuthTokens> {
    const id = newId();
    const agent = userAgent ? cipher.seal(`sessions.user_agent|${id}`, userAgent.slice(0, MAX_USER_AGENT)) : null;
    const opened = await tx.query<unknown[]>(
      `INSERT INTO sessions (id, user_id, user_agent, sso_team_id, ends_at)
       SELECT $1, id, $3, $5, now() + make_interval(days => $4) FROM users WHERE id = $2 AND disabled_at IS NULL RETURNING 1`,
      [id, userId, agent, this.config.REFRESH_ABSOLUTE_DAYS, ssoTeamId],
    );
    if (opened.length === 0) throw new Problem('account_disabled');
    await this.events.started(tx, userId, id, ssoTeamId);
    return this.issueTokens(tx, userId, id, null);
  }

  /**
   * Spends a refresh token for a new pair. Throws `unauthenticated` for an unknown or ended one. A spent one shown again within the
   * grace gets a sibling while none of its children was spent (`conflict` where it has five); otherwise its family is revoked:
   * `refresh_token_reused`. Throws `rate_limited` to an address that tries out tokens.
   */
  async refresh(refreshToken: string, address: string): Promise<AuthTokens> {
    const hash = hashOf(refreshToken);
    const outcome = await this.database.transaction(async (tx) => {
      const token = await this.lock(tx, hash);
      if (!token) return 'unknown' as const;
      if (!token.alive) return token.spent ? ('reused' as const) : ('ended' as const);
      if (await this.consumeToken(tx, hash, token)) return this.issueTokens(tx, token.user_id, token.session_id, hash);
      const siblings = await this.siblingsWithinGrace(tx, hash);
      if (siblings !== null && siblings >= MAX_SIBLINGS) return 'crowded' as const;
      if (siblings !== null) return this.issueTokens(tx, token.user_id, token.session_id, hash);
      await this.events.reused(tx, token.user_id, token.session_id);
      await this.revokeFamily(tx, token.user_id, 'id = $2', token.session_id);
      return 'reused' as const;
    });
    if (typeof outcome === 'object') return outcome;
    if (outcome === 'reused') throw new Problem('refresh_token_reused');
    if (outcome === 'crowded')
      throw new Problem('conflict', { detail: 'Too many refreshes with one token; use an answer of them' });
    if (outcome === 'unknown') await this.limits.countUnknownToken(address);
    throw new Problem('unauthenticated', { detail: 'This refresh token is not valid' });
  }

  /** Ends the family of a refresh token; an unknown one is not an error. Throws `rate_limited` as `refresh` does. */
  async logout(refreshToken: string, address: string): Promise<void> {
    const known = await this.database.transaction(async (tx) => {
      const token = await this.lock(tx, hashOf(refreshToken));
      if (token?.alive) await this.revokeFamily(tx, token.user_id, 'id = $2', token.session_id);
      return token !== undefined;
    });
    if (!known) await this.limits.countUnknownToken(address);
  }

  async list(caller: Principal): Promise<readonly SessionView[]> {
    const cipher = await this.encryption.open(caller.userId);
    const rows = await this.database.query<SessionListRow>(
      `SELECT id, created_at, last_used_at, user_agent FROM sessions
       WHERE user_id = $1 AND revoked_at IS NULL AND ends_at > now() ORDER BY last_used_at DESC, id DESC LIMIT 200`,
      [caller.userId],
    );
    return rows.map((row) => ({
      id: row.id,
      createdAt: row.created_at,
      lastUsedAt: row.last_used_at,
      userAgent: row.user_agent && cipher.open(`sessions.user_agent|${row.id}`, row.user_agent),
      current: row.id === caller.sessionId,
    }));
  }

  /** Throws `not_found` where the caller has no such living session. */
  async revoke(caller: Principal, sessionId: string): Promise<void> {
    const revoked = await this.database.transaction((tx) => this.revokeFamily(tx, caller.userId, 'id = $2', sessionId));
    if (revoked === 0) throw new Problem('not_found');
  }

  async revokeOthers(tx: Tx, caller: Principal, cause: RevocationCause): Promise<void> {
    await this.events.caused(tx, caller.userId, cause);
    await this.revokeFamily(tx, caller.userId, 'id <> $2', caller.sessionId);
  }

  /** `actorId` where it is not the user who ends them; null for the server itself. */
  async revokeAll(tx: Tx, userId: string, cause: RevocationCause, actorId?: string | null): Promise<void> {
    await this.events.caused(tx, userId, cause, actorId);
    await this.revokeFamily(tx, userId, '$2::text IS NULL', null);
  }

  /** The sessions that the user opened otherwise than at the provider of the team. */
  async revokeAllBut(tx: Tx, userId: string, ssoTeamId: string, cause: RevocationCause): Promise<void> {
    const revoked = await this.revokeFamily(tx, userId, 'sso_team_id IS DISTINCT FROM $2', ssoTeamId);
    if (revoked > 0) await this.events.caused(tx, userId, cause);
  }

  /** Forgets what has ended for good; a family is kept a while so that a stolen token still shows. */
  async sweep(): Promise<void> {
    await this.database.query(
      `DELETE FROM sessions WHERE ends_at < now() - interval '7 days' OR revoked_at < now() - interval '7 days'`,
    );
  }

  /** Locks the token's family, so that everything about it happens one after the other. */
  private async lock(tx: Tx, hash: Buffer): Promise<FoundToken | undefined> {
    const rows = await tx.query<FoundToken[]>(
      `SELECT t.session_id, s.user_id, t.parent, (s.revoked_at IS NULL AND s.ends_at > now() AND t.expires_at > now()) AS alive,
              (t.spent_at IS NOT NULL OR t.closed) AS spent
       FROM sessions s JOIN refresh_tokens t ON t.session_id = s.id WHERE t.hash = $1 FOR UPDATE OF s`,
      [hash],
    );
    return rows[0];
  }

  /** One statement: of any number of concurrent attempts one succeeds. The first sibling that is used closes the others. */
  private async consumeToken(tx: Tx, hash: Buffer, token: FoundToken): Promise<boolean> {
    const [spent] = await tx.query<[unknown[], number]>(
      `UPDATE refresh_tokens SET spent_at = clock_timestamp() WHERE hash = $1 AND spent_at IS NULL AND NOT closed RETURNING hash`,
      [hash],
    );
    if (spent.length === 0) return false;
    await tx.query(`UPDATE refresh_tokens SET closed = true WHERE parent = $1 AND hash <> $2`, [token.parent, hash]);
    await tx.query(`UPDATE sessions SET last_used_at = now() WHERE id = $1`, [token.session_id]);
    return true;
  }

  /** How many children a spent token has, where it may have another one (but for their number); null where showing it again is reuse. */
  private async siblingsWithinGrace(tx: Tx, hash: Buffer): Promise<number | null> {
    const [row] = await tx.query<{ children: number }[]>(
      `SELECT (SELECT count(*)::int FROM refresh_tokens c WHERE c.parent = s.hash) AS children
       FROM refresh_tokens s
       WHERE s.hash = $1 AND NOT s.closed AND s.spent_at > clock_timestamp() - make_interval(secs => $2)
         AND NOT EXISTS (SELECT 1 FROM refresh_tokens c WHERE c.parent = s.hash AND (c.spent_at IS NOT NULL OR c.closed))`,
      [hash, this.config.REFRESH_GRACE_SECONDS],
    );
    return row?.children ?? null;
  }

  private async issueTokens(tx: Tx, userId: string, sessionId: string, parent: Buffer | null): Promise<AuthTokens> {
    const refreshToken = randomBytes(TOKEN_BYTES).toString('base64url');
    await tx.query(
      `INSERT INTO refresh_tokens (hash, session_id, parent, expires_at)
       SELECT $1, $2, $3, least(now() + make_interval(days => $4), s.ends_at) FROM sessions s WHERE s.id = $2`,
      [hashOf(refreshToken), sessionId, parent, this.config.REFRESH_IDLE_DAYS],
    );
    const access = this.tokens.issue(userId, sessionId);
    return { accessToken: access.token, refreshToken, expiresAt: access.expiresAt };
  }

  private async revokeFamily(
    tx: Tx,
    userId: string,
    which: 'id = $2' | 'id <> $2' | 'sso_team_id IS DISTINCT FROM $2' | '$2::text IS NULL',
    value: string | null,
  ): Promise<number> {
    const [revoked] = await tx.query<[{ id: string }[], number]>(
      `UPDATE sessions SET revoked_at = now() WHERE user_id = $1 AND revoked_at IS NULL AND ${which} RETURNING id`,
      [userId, value],
    );
    for (const { id } of revoked) await this.events.ended(tx, userId, id);
    return revoked.length;
  }
}

function hashOf(refreshToken: string): Buffer {
  return createHash('sha256').update(refreshToken, 'utf8').digest();
}
