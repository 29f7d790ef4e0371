import { ApiProperty } from '@nestjs/swagger';

export const CHECK_STATES = ['up', 'down', 'disabled'] as const;
export type CheckState = (typeof CHECK_STATES)[number];

export class HealthDto {
  @ApiProperty({ enum: ['ok'] })
  status!: 'ok';

  @ApiProperty()
  version!: string;
}

export class ChecksDto {
  @ApiProperty({ enum: CHECK_STATES })
  database!: CheckState;

  @ApiProperty({ enum: CHECK_STATES })
  blobs!: CheckState;

  @ApiProperty({ enum: CHECK_STATES })
  vectors!: CheckState;

  @ApiProperty({ enum: CHECK_STATES })
  llm!: CheckState;

  @ApiProperty({ enum: CHECK_STATES })
  jobs!: CheckState;

  @ApiProperty({
    enum: CHECK_STATES,
    description:
      'Whether nodes share their counts through Redis; while `down`, each node counts its share of the limits',
  })
  rate_limits!: CheckState;
}

export class ReadinessDto {
  @ApiProperty({ enum: ['ready', 'not_ready', 'stopping'] })
  status!: 'ready' | 'not_ready' | 'stopping';

  @ApiProperty({ type: ChecksDto })
  checks!: ChecksDto;
}
