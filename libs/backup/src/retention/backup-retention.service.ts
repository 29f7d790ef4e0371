import { Injectable } from '@nestjs/common';
import type { Principal } from '@adiuva/kernel';
import { Database, Jobs } from '@adiuva/platform';
import { Quota } from '@adiuva/quota';
import type { Backup } from '../backups/backup';
import { BackupConfig } from '../backup.config';
import { RETAIN_BACKUPS } from '../backup-job-kinds';
import { BackupsStore } from '../backups/backups.store';
import { planRetention, type RetentionReason, type RetentionRule } from '../backups/retention';

export interface RetentionPreview {
  readonly keep: readonly { readonly backup: Backup; readonly reasons: readonly RetentionReason[] }[];
  readonly drop: readonly Backup[];
}

/** How many backups a user wants kept. What a rule does not keep is deleted as a user deletes it: it stays in the trash for days. */
@Injectable()
export class BackupRetention {
  constructor(
    private readonly database: Database,
    private readonly quota: Quota,
    private readonly backups: BackupsStore,
    private readonly jobs: Jobs,
    private readonly config: BackupConfig,
  ) {}

  async rule(owner: Principal): Promise<RetentionRule> {
    return this.backups.rule(owner.userId);
  }

  /** Stores a rule and enqueues the job that applies it. @throws `upgrade_required` */
  async setRule(owner: Principal, rule: RetentionRule): Promise<void> {
    this.quota.assertIncluded(owner, 'backups');
    await this.database.transaction(async (tx) => {
      await this.quota.lock(tx, owner);
      await this.backups.setRule(tx, owner.userId, rule);
      await this.jobs.add(tx, RETAIN_BACKUPS, { userId: owner.userId }, { key: `retain_backups:${owner.userId}` });
    });
  }

  /** What a rule would keep and delete now; nothing is changed. */
  async preview(owner: Principal, rule: RetentionRule): Promise<RetentionPreview> {
    const live = (await this.backups.all(owner.userId)).filter(({ purgeAt }) => purgeAt === null);
    const plan = planRetention(live, rule);
    const reasons = new Map(plan.keep.map((kept) => [kept.id, kept.reasons]));
    return {
      keep: live.flatMap((backup) => {
        const why = reasons.get(backup.id);
        return why ? [{ backup, reasons: why }] : [];
      }),
      drop: live.filter(({ id }) => !reasons.has(id)),
    };
  }

  /** Applies the user's rule. */
  async apply(userId: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      await this.quota.lockInJob(tx, userId);
      const live = (await this.backups.all(userId, tx)).filter(({ purgeAt }) => purgeAt === null);
      const { drop } = planRetention(live, await this.backups.rule(userId, tx));
      if (drop.length > 0) await this.backups.hide(tx, userId, drop, this.config.BACKUP_TRASH_DAYS);
    });
  }
}
