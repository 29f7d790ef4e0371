import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { RunResult } from '@adiuva/runs';
import { PlanActionDto } from '../chat/chat-answer.dto';

export class RunActionDto extends PlanActionDto {
  @ApiProperty({ format: 'uuid', description: 'What the app acknowledges' })
  id!: string;
}

export class ProposedScheduleDto {
  @ApiProperty({ description: 'Of the task that it reminds of' })
  title!: string;

  @ApiProperty({ format: 'uuid', description: 'The id of the record that an action creates' })
  task_id!: string;

  @ApiProperty({ enum: ['rrule', 'at'] })
  kind!: 'rrule' | 'at';

  @ApiProperty({ description: 'RRULE of RFC 5545, or a local time of ISO 8601' })
  expression!: string;

  @ApiProperty({ description: 'IANA name' })
  timezone!: string;

  @ApiProperty({
    type: 'integer',
    format: 'int64',
    description: 'The first reminder; milliseconds since the Unix epoch',
  })
  starts_at!: number;
}

export class WrappedKeyDto {
  @ApiProperty({ format: 'uuid' })
  device_id!: string;

  @ApiProperty({
    format: 'byte',
    description:
      'The key of the blob for this device: encapsulated key (32 bytes) and ciphertext of HPKE (RFC 9180) in base mode with ' +
      'DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM; info `adiuva/result/1`, associated data `user_id|run_id|device_id`',
  })
  wrapped_key!: string;
}

export class SealedOutputDto {
  @ApiProperty({ type: [WrappedKeyDto] })
  devices!: WrappedKeyDto[];

  @ApiProperty({
    format: 'byte',
    description:
      'JSON `{response, actions, schedules?}`: 0x01, a 12-byte IV, AES-256-GCM ciphertext and tag; associated data `adiuva/result/1|user_id|run_id`',
  })
  blob!: string;
}

export class RunOutputDto {
  @ApiPropertyOptional({ type: [RunActionDto] })
  actions?: RunActionDto[];

  @ApiPropertyOptional()
  response?: string;

  @ApiPropertyOptional({ type: [ProposedScheduleDto], description: 'Reminders that the coach proposes' })
  schedules?: ProposedScheduleDto[];

  @ApiPropertyOptional({ type: SealedOutputDto, description: 'Replaces the other members where the user has devices' })
  sealed?: SealedOutputDto;

  static of(result: RunResult): RunOutputDto {
    if ('sealed' in result) return { sealed: result.sealed };
    const { response, actions, schedules } = result.output;
    return {
      response,
      actions: actions.map((action) => ({ ...action })),
      ...(schedules ? { schedules: schedules.map((schedule) => ({ ...schedule })) } : {}),
    };
  }
}
