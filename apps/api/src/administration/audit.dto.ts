import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { UUID, type Page } from '@adiuva/kernel';
import { AUDIT_ACTIONS, type AuditAction, type AuditEvent, type AuditFilter, type AuditReport } from '@adiuva/audit';
import { PageQuery } from '../edge/http/page.dto';

const MILLISECONDS = 'Milliseconds since 1970';
const MAX_TIME = 8_640_000_000_000_000;

export class AuditQuery extends PageQuery {
  @ApiPropertyOptional({ format: 'uuid', description: 'Who did it' })
  @IsOptional()
  @Matches(UUID)
  actor?: string;

  @ApiPropertyOptional({ enum: AUDIT_ACTIONS })
  @IsOptional()
  @IsIn(AUDIT_ACTIONS)
  action?: AuditAction;

  @ApiPropertyOptional({ type: 'integer', minimum: 0, maximum: MAX_TIME, description: `From then on; ${MILLISECONDS}` })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(MAX_TIME)
  from?: number;

  @ApiPropertyOptional({ type: 'integer', minimum: 0, maximum: MAX_TIME, description: `Before then; ${MILLISECONDS}` })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(MAX_TIME)
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

  @ApiProperty({ type: 'integer' })
  total!: number;

  @ApiProperty({ type: 'integer' })
  page!: number;

  static of(userId: string, { items, total }: Page<AuditEvent>, page: number): AuditDto {
    return { events: items.map((event) => AuditEventDto.of(userId, event)), total, page };
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

  @ApiProperty({ type: 'integer' })
  total!: number;

  @ApiProperty({ type: 'integer' })
  page!: number;

  static of({ items, total }: Page<AuditEvent>, page: number): AdminAuditDto {
    const events = items.map(({ id, action, userId, actorId, details, at }) => {
      return { id, action, user_id: userId, actor_id: actorId, details: details && { ...details }, at: at.getTime() };
    });
    return { events, total, page };
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
