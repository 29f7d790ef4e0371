import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Problem } from '@adiuva/kernel';
import { Database } from '@adiuva/platform';
import { Sessions, type AuthTokens } from './sessions.service';
import { SignInRules } from './sign-in-rules.service';

interface Holder {
  readonly user_id: string;
  readonly sso_team_id: string | null;
}

/** A session lives on while its user might open it: what is demanded of sign-ins is demanded of each refresh too. */
@Injectable()
export class SessionRefresh {
  constructor(
    private readonly database: Database,
    private readonly rules: SignInRules,
    private readonly sessions: Sessions,
  ) {}

  /** Ends a session that the rules no longer allow. @throws `sso_required`, and as `Sessions.refresh` does */
  async refresh(refreshToken: string, address: string): Promise<AuthTokens> {
    const hash = createHash('sha256').update(refreshToken, 'utf8').digest();
    const [holder] = await this.database.query<Holder>(
      'SELECT s.user_id, s.sso_team_id FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id WHERE t.hash = $1 AND s.revoked_at IS NULL',
      [hash],
    );
    if (holder) await this.check(holder, refreshToken, address);
    return this.sessions.refresh(refreshToken, address);
  }

  private async check(holder: Holder, refreshToken: string, address: string): Promise<void> {
    try {
      await this.rules.check(holder.user_id, holder.sso_team_id ?? undefined);
    } catch (error) {
      if (error instanceof Problem && error.code === 'sso_required') await this.sessions.logout(refreshToken, address);
      throw error;
    }
  }
}
