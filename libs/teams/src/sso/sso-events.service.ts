import { Injectable } from '@nestjs/common';
import { Audit } from '@adiuva/audit';
import { jobKind, Jobs, type Tx } from '@adiuva/platform';
import { z } from 'zod';
import type { SsoConnection } from './sso-connections.store';

/** Sessions that members opened otherwise end where single sign-on is enforced. */
export const END_OTHER_SESSIONS = jobKind('end_other_sessions', z.object({ teamId: z.uuid() }));

type Changed = Pick<SsoConnection, 'teamId' | 'ownerId' | 'enforce'>;

/** What follows from changes of single sign-on, and their entries in the audit log of the owner. */
@Injectable()
export class SsoEvents {
  constructor(
    private readonly audit: Audit,
    private readonly jobs: Jobs,
  ) {}

  async changed(tx: Tx, { teamId, ownerId, enforce }: Changed): Promise<void> {
    await this.audit.recordOwn(tx, ownerId, 'sso.changed', { team_id: teamId, enforce });
    await this.enforce(tx, { teamId, enforce });
  }

  async deleted(tx: Tx, teamId: string, ownerId: string): Promise<void> {
    await this.audit.recordOwn(tx, ownerId, 'sso.deleted', { team_id: teamId });
  }

  async domainProved(tx: Tx, { teamId, ownerId, enforce }: Changed): Promise<void> {
    await this.audit.record(tx, {
      action: 'sso.domain_proved',
      userId: ownerId,
      actorId: null,
      details: { team_id: teamId },
    });
    await this.enforce(tx, { teamId, enforce });
  }

  async domainLost(tx: Tx, teamId: string, ownerId: string): Promise<void> {
    await this.audit.record(tx, {
      action: 'sso.domain_lost',
      userId: ownerId,
      actorId: null,
      details: { team_id: teamId },
    });
  }

  private async enforce(tx: Tx, { teamId, enforce }: Pick<Changed, 'teamId' | 'enforce'>): Promise<void> {
    if (enforce) await this.jobs.add(tx, END_OTHER_SESSIONS, { teamId }, { key: `end-other-sessions:${teamId}` });
  }
}
