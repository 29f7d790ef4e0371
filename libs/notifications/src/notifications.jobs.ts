import { Injectable } from '@nestjs/common';
import { Problem } from '@adiuva/kernel';
import { EMAIL_VERIFIED, RESUME_NOTIFICATIONS } from '@adiuva/auth';
import { Billing, BILLING_NOTICE } from '@adiuva/billing';
import { z } from 'zod';
import { Database, deleteBatches, jobHandler, jobKind, type JobHandler } from '@adiuva/platform';
import { Channels } from './channels/channels.service';
import { Notices } from './inbox/notices.service';
import { NotificationsConfig } from './notifications.config';

const OLD = `status NOT IN ('scheduled', 'snoozed', 'escalating') AND greatest(created_at, deliver_at) < now() - make_interval(days => $1)`;
const DELETE_REPLIES = `DELETE FROM notification_replies WHERE created_at < now() - make_interval(days => $1)`;
/** A channel that was never verified. */
const DELETE_PENDING = `DELETE FROM notification_channels WHERE status = 'pending' AND created_at < now() - interval '7 days'`;

/** Deletes old notifications and channels that were not verified; activates channels of an address that the account has confirmed; notifies about payments; resumes what an enabled account has due. */
@Injectable()
export class NotificationsJobs {
  readonly handlers: readonly JobHandler[];

  constructor(
    private readonly database: Database,
    private readonly config: NotificationsConfig,
    private readonly channels: Channels,
    private readonly notices: Notices,
    private readonly billing: Billing,
  ) {
    this.handlers = [
      jobHandler(jobKind('sweep_notifications', z.unknown()), (_, signal) => this.sweep(signal), '41 4 * * *'),
      jobHandler(EMAIL_VERIFIED, ({ userId }) => this.activate(userId)),
      jobHandler(RESUME_NOTIFICATIONS, ({ userId }) => this.resume(userId)),
      jobHandler(BILLING_NOTICE, (notice) => this.notifyOfBilling(notice)),
    ];
  }

  private async notifyOfBilling(about: z.infer<typeof BILLING_NOTICE.payload>): Promise<void> {
    const { userId, subscription, notice, until } = about;
    // It was paid meanwhile.
    if (notice !== 'grace_ended' && (await this.billing.graceUntil(userId)) === null) return;
    const dedupeKey = `billing:${subscription}:${notice}`;
    await this.notices.send(userId, { notice, source: 'billing', date: new Date(until), dedupeKey });
  }

  private async activate(userId: string): Promise<void> {
    try {
      await this.channels.activateAccountAddress(userId);
    } catch (error) {
      // The account was erased meanwhile.
      if (!(error instanceof Problem) || error.code !== 'not_found') throw error;
    }
  }

  private async resume(userId: string): Promise<void> {
    await this.database.query('SELECT notifications_release($1)', [userId]);
  }

  private async sweep(signal: AbortSignal): Promise<void> {
    const { NOTIFICATIONS_KEPT_DAYS: days } = this.config;
    await deleteBatches(this.database, { table: 'notifications', condition: OLD, parameters: [days] }, signal);
    await this.database.query(DELETE_REPLIES, [2 * days]);
    await this.database.query(DELETE_PENDING);
  }
}
