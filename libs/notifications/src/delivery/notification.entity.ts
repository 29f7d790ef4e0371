import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { UserRow } from '@adiuva/auth';
import type { ChannelKind, NotificationSource, NotificationStatus, PolicyStep, Urgency } from '../notification';

/** Title and body are sealed. */
@Entity('notifications')
@Index('notifications_user', ['user_id', 'id'])
@Index('notifications_dedupe', ['user_id', 'dedupe_hash'], { where: 'dedupe_hash IS NOT NULL' })
@Index('notifications_due', ['deliver_at'], { where: `status IN ('scheduled', 'snoozed') AND NOT held` })
@Index('notifications_held', ['user_id'], { where: 'held' })
@Index('notifications_expiry', ['expires_at'], { where: `status IN ('scheduled', 'escalating', 'snoozed')` })
@Index('notifications_old', { synchronize: false })
@Index('notifications_digest', ['user_id'], { where: `digest AND status = 'scheduled'` })
export class NotificationRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'notifications_pk' })
  id!: string;

  @Column('uuid')
  @ForeignKey(() => UserRow, { name: 'notifications_owner', onDelete: 'CASCADE' })
  user_id!: string;

  @Column('text')
  status!: NotificationStatus;

  @Column('text')
  urgency!: Urgency;

  @Column('text')
  source!: NotificationSource;

  @Column('boolean')
  escalate!: boolean;

  /** Null for that of the preferences. */
  @Column('jsonb', { nullable: true })
  policy!: PolicyStep[] | null;

  @Column('bytea', { nullable: true })
  title!: Buffer | null;

  @Column('bytea', { nullable: true })
  body!: Buffer | null;

  @Column('bytea', { nullable: true })
  dedupe_hash!: Buffer | null;

  @Column('timestamptz')
  deliver_at!: Date;

  @Column('timestamptz', { nullable: true })
  expires_at!: Date | null;

  /** Whether it waits to be joined with others. */
  @Column('boolean', { default: false })
  digest!: boolean;

  /** Counts the starts of the chain: one, and one after each snooze. */
  @Column('integer', { default: 0 })
  round!: number;

  /** Whether it was due while the account was disabled, until it is enabled. */
  @Column('boolean', { default: false })
  held!: boolean;

  @Column('timestamptz', { nullable: true })
  acknowledged_at!: Date | null;

  @Column('timestamptz', { default: () => 'now()' })
  created_at!: Date;
}

/** One message to one channel. */
@Entity('notification_steps')
@Index('notification_steps_provider', ['provider_id'], { where: 'provider_id IS NOT NULL' })
@Index('notification_steps_paid', ['user_id', 'kind', 'first_claimed_at'], {
  where: `kind <> 'web_push' AND (provider_id IS NOT NULL OR status IN ('sent', 'delivered'))`,
})
@Index('notification_steps_lease', ['lease_until'], { where: `status = 'sending'` })
@Index('notification_steps_due', ['kind', 'due_at'], { where: `status IN ('waiting', 'unknown') AND NOT held` })
@Index('notification_steps_held', ['user_id'], { where: 'held' })
@Index('notification_steps_channel', ['channel_id', 'updated_at'])
export class NotificationStepRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'notification_steps_pk' })
  @ForeignKey(() => NotificationRow, { name: 'notification_steps_notification', onDelete: 'CASCADE' })
  notification_id!: string;

  @PrimaryColumn('integer', { primaryKeyConstraintName: 'notification_steps_pk' })
  position!: number;

  @Column('integer')
  round!: number;

  @Column('uuid')
  user_id!: string;

  @Column('uuid')
  channel_id!: string;

  @Column('text')
  kind!: ChannelKind;

  @Column('text')
  status!: 'waiting' | 'sending' | 'unknown' | 'sent' | 'delivered' | 'failed' | 'cancelled';

  @Column('timestamptz')
  due_at!: Date;

  /** As that of the notification. */
  @Column('boolean', { default: false })
  held!: boolean;

  @Column('integer', { default: 0 })
  attempts!: number;

  /** Another for each attempt: only its holder may write the outcome. */
  @Column('uuid', { nullable: true })
  claim!: string | null;

  @Column('timestamptz', { nullable: true })
  first_claimed_at!: Date | null;

  @Column('timestamptz', { nullable: true })
  lease_until!: Date | null;

  /** The id that Twilio gave the message or call. */
  @Column('text', { nullable: true })
  provider_id!: string | null;

  /** Position of the last receipt in the order of Twilio's states; earlier ones change nothing. */
  @Column('integer', { default: 0 })
  receipt_rank!: number;

  /** What the user pressed; only the first digit of a call counts. */
  @Column('text', { nullable: true })
  answer!: string | null;

  @Column('text', { nullable: true })
  error_code!: string | null;

  @Column('timestamptz', { default: () => 'now()' })
  updated_at!: Date;
}

/** Messages of users that were processed, so that a repeated callback changes nothing. */
@Entity('notification_replies')
@Index('notification_replies_user', ['user_id'])
export class NotificationReplyRow {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'notification_replies_pk' })
  provider_id!: string;

  @Column('uuid')
  @ForeignKey(() => UserRow, { name: 'notification_replies_owner', onDelete: 'CASCADE' })
  user_id!: string;

  @Column('timestamptz', { default: () => 'now()' })
  created_at!: Date;
}
