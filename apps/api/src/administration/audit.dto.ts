import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsOptional, Matches } from 'class-validator';
import { DEFAULT_PAGE_LIMIT, MAX_PAGE_LIMIT, UUID } from '@adiuva/kernel';
import {
  AUDIT_ACTIONS,
  type AuditAction,
  type AuditEvent,
  type AuditFilter,
  type AuditPage,
  type AuditReport,
} from '@adiuva/audit';
import { EnumField, IntegerField } from '../edge/body/fields';

const MILLISECONDS = 'Milliseconds since 1970';
const MAX_TIME = 8_640_000_000_000_000;

/** Pages by the last event of the page before, so that new events move none. */
export class AuditPageQuery {
  @ApiPropertyOptional({ format: 'uuid', description: '`next` of the page before; left out for the first one' })
  @IsOptional()
  @Matches(UUID)
  after?: string;

  @IntegerField({ required: false, minimum: 1, maximum: MAX_PAGE_LIMIT, default: DEFAULT_PAGE_LIMIT })
  @Type(() => Number)
  limit: number = DEFAULT_PAGE_LIMIT;
}

export class AuditQuery extends AuditPageQuery {
  @ApiPropertyOptional({ format: 'uuid', description: 'Who did it' })
  @IsOptional()
  @Matches(UUID)
  actor?: string;

  @EnumField(AUDIT_ACTIONS, { optional: true })
  action?: AuditAction;

  @IntegerField({ optional: true, minimum: 0, maximum: MAX_TIME, description: `From then on; ${MILLISECONDS}` })
  @Type(() => Number)
  from?: number;

  @IntegerField({ optional: true, minimum: 0, maximum: MAX_TIME, description: `Before then; ${MILLISECONDS}` })
  @Type(() => Number)
  to?: number;

  toFilter(): AuditFilter {
    const { actor, action, from, to } = this;
    const date = (time: number | undefined) => (time === undefined ? undefined : new Date(time));
    return { actor, action, from: date(from), to: date(to) };
  }
}

export class AuditEventDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ example: 'session.started' })
  action!: string;

  @ApiProperty({ enum: ['self', 'other', 'server'], description: 'Whether the user, another one or the server did it' })
  by!: 'self' | 'other' | 'server';

  @ApiProperty({ type: 'object', additionalProperties: true, description: 'Ids, states and numbers' })
  details!: Record<string, unknown>;

  @ApiProperty({ type: 'integer', description: MILLISECONDS })
  at!: number;

  static of(userId: string, { id, action, actorId, details, at }: AuditEvent): AuditEventDto {
    const by = actorId === null ? 'server' : actorId === userId ? 'self' : 'other';
    return { id, action, by, details: { ...details }, at: at.getTime() };
  }
}

export class AuditDto {
  @ApiProperty({ type: [AuditEventDto], description: 'Newest first' })
  events!: AuditEventDto[];

  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: '`after` of the next page; null on the last',
  })
  next!: string | null;

  static of(userId: string, { events, next }: AuditPage): AuditDto {
    return { events: events.map((event) => AuditEventDto.of(userId, event)), next };
  }
}

export class AdminAuditEventDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ example: 'review.approve' })
  action!: string;

  @ApiProperty({ type: String, format: 'uuid', nullable: true, description: 'The account that it is about' })
  user_id!: string | null;

  @ApiProperty({ type: String, format: 'uuid', nullable: true, description: 'Who did it; null for the server' })
  actor_id!: string | null;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    nullable: true,
    description: 'Ids, states and numbers; null, like both ids, once the account is erased',
  })
  details!: Record<string, unknown> | null;

  @ApiProperty({ type: 'integer', description: MILLISECONDS })
  at!: number;
}

export class AdminAuditDto {
  @ApiProperty({ type: [AdminAuditEventDto], description: 'Newest first' })
  events!: AdminAuditEventDto[];

  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: '`after` of the next page; null on the last',
  })
  next!: string | null;

  static of(page: AuditPage): AdminAuditDto {
    const events = page.events.map(({ id, action, userId, actorId, details, at }) => {
      return { id, action, user_id: userId, actor_id: actorId, details: details && { ...details }, at: at.getTime() };
    });
    return { events, next: page.next };
  }
}

export class AuditFaultDto {
  @ApiProperty({ type: 'integer', nullable: true, description: 'In the chain, from 1' })
  position!: number | null;

  @ApiProperty({ type: String, format: 'uuid', nullable: true, description: 'Null where the row is missing' })
  id!: string | null;

  @ApiProperty({ enum: ['missing', 'forged', 'moved', 'head'] })
  reason!: 'missing' | 'forged' | 'moved' | 'head';
}

export class AuditReportDto {
  @ApiProperty({ type: 'integer', description: 'Up to the end of the chain, or to the fault' })
  events!: number;

  @ApiProperty({ description: 'The hash of the chain, to compare with one that was noted elsewhere' })
  link!: string;

  @ApiProperty({ type: AuditFaultDto, nullable: true, description: 'The first broken link' })
  fault!: AuditFaultDto | null;

  static of({ events, link, fault }: AuditReport): AuditReportDto {
    return { events, link, fault: fault && { ...fault } };
  }
}
