import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsOptional, IsUUID } from 'class-validator';
import { DEFAULT_PAGE_LIMIT, invalidField, MAX_PAGE_LIMIT } from '@adiuva/kernel';
import {
  CHANNEL_KINDS,
  NOTIFICATION_STATUSES,
  STEP_STATUSES,
  URGENCIES,
  type AcceptedNotification,
  type ChannelKind,
  type NewNotification,
  type Notification,
  type NotificationFilter,
  type NotificationStatus,
  type StepStatus,
  type Urgency,
} from '@adiuva/notifications';
import { BooleanField, EnumField, IntegerField, ListField, StringField, TIME } from '../edge/body/fields';
import { POLICY_MAX, PolicyStepDto } from './preferences.dto';

const TITLE_MAX = 200;
const BODY_MAX = 4_000;
const KEY_MAX = 200;
const MAX_TIME = 8_640_000_000_000_000;
const MAX_SNOOZE_MINUTES = 10_080;

export class NewNotificationDto {
  @StringField({ optional: true, maxLength: TITLE_MAX })
  title?: string;

  @StringField({ optional: true, maxLength: BODY_MAX })
  body?: string;

  @EnumField(URGENCIES, { description: '`critical` ignores quiet hours' })
  urgency!: Urgency;

  @BooleanField({
    optional: true,
    description: 'Whether later steps of the policy follow; where it is left out, for `critical` alone',
  })
  escalate?: boolean;

  @ListField(PolicyStepDto, {
    optional: true,
    minItems: 1,
    maxItems: POLICY_MAX,
    description: 'Instead of that of the preferences',
  })
  policy?: PolicyStepDto[];

  @StringField({
    optional: true,
    minLength: 1,
    maxLength: KEY_MAX,
    description: 'The same key within 24 hours gives the first notification',
  })
  dedupe_key?: string;

  @IntegerField({ optional: true, ...TIME, minimum: 0, maximum: MAX_TIME })
  deliver_at?: number;

  @IntegerField({ optional: true, ...TIME, minimum: 0, maximum: MAX_TIME })
  expires_at?: number;

  toNotification(): NewNotification {
    const { title, body, urgency, escalate, policy, deliver_at: deliverAt, expires_at: expiresAt } = this;
    if (typeof expiresAt === 'number' && expiresAt <= Math.max(Date.now(), deliverAt ?? 0))
      throw invalidField('expires_at', 'must be in the future and after deliver_at');
    return {
      title: title ?? undefined,
      body: body ?? undefined,
      urgency,
      escalate: escalate ?? undefined,
      policy: policy && PolicyStepDto.toPolicy(policy),
      dedupeKey: this.dedupe_key ?? undefined,
      deliverAt: typeof deliverAt === 'number' ? new Date(deliverAt) : undefined,
      expiresAt: typeof expiresAt === 'number' ? new Date(expiresAt) : undefined,
      source: 'api',
    };
  }
}

export class AcceptedNotificationDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ enum: NOTIFICATION_STATUSES })
  status!: NotificationStatus;

  static of({ id, status }: AcceptedNotification): AcceptedNotificationDto {
    return { id, status };
  }
}

export class SnoozeDto {
  @IntegerField({ minimum: 1, maximum: MAX_SNOOZE_MINUTES })
  minutes!: number;
}

export class NotificationStepDto {
  @ApiProperty({ enum: CHANNEL_KINDS })
  channel!: ChannelKind;

  @ApiProperty({ enum: STEP_STATUSES })
  status!: StepStatus;

  @ApiProperty({ ...TIME, description: 'When it is due, or of its last change; milliseconds since the Unix epoch' })
  at!: number;

  @ApiProperty({ type: 'integer' })
  attempts!: number;

  @ApiProperty({ type: String, nullable: true, description: 'Why it was not sent' })
  error!: string | null;
}

export class NotificationDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ enum: NOTIFICATION_STATUSES })
  status!: NotificationStatus;

  @ApiProperty({ enum: URGENCIES })
  urgency!: Urgency;

  @ApiProperty({ type: String, nullable: true })
  title!: string | null;

  @ApiProperty({ type: String, nullable: true })
  body!: string | null;

  @ApiProperty(TIME)
  created_at!: number;

  @ApiProperty(TIME)
  deliver_at!: number;

  @ApiProperty({ ...TIME, nullable: true })
  expires_at!: number | null;

  @ApiProperty({ ...TIME, nullable: true })
  acknowledged_at!: number | null;

  @ApiProperty({ type: [NotificationStepDto] })
  steps!: NotificationStepDto[];

  static of(notification: Notification): NotificationDto {
    const { id, status, urgency, title, body, steps } = notification;
    return {
      ...{ id, status, urgency, title, body },
      created_at: notification.createdAt.getTime(),
      deliver_at: notification.deliverAt.getTime(),
      expires_at: notification.expiresAt?.getTime() ?? null,
      acknowledged_at: notification.acknowledgedAt?.getTime() ?? null,
      steps: steps.map(({ channel, status: state, at, attempts, error }) => ({
        ...{ channel, status: state, attempts, error },
        at: at.getTime(),
      })),
    };
  }
}

export class ListNotificationsQuery {
  @EnumField(NOTIFICATION_STATUSES, { optional: true })
  status?: NotificationStatus;

  @ApiPropertyOptional({ format: 'uuid', description: '`next_cursor` of the page before' })
  @IsOptional()
  @IsUUID()
  cursor?: string;

  @IntegerField({ optional: true, minimum: 1, maximum: MAX_PAGE_LIMIT, default: DEFAULT_PAGE_LIMIT })
  @Type(() => Number)
  limit?: number;

  toFilter(): NotificationFilter {
    return { status: this.status, cursor: this.cursor, limit: this.limit ?? DEFAULT_PAGE_LIMIT };
  }
}

export class NotificationsDto {
  @ApiProperty({ type: [NotificationDto] })
  notifications!: NotificationDto[];

  @ApiProperty({ type: String, nullable: true })
  next_cursor!: string | null;

  static of({ items, next }: { items: readonly Notification[]; next: string | null }): NotificationsDto {
    return { notifications: items.map((item) => NotificationDto.of(item)), next_cursor: next };
  }
}
