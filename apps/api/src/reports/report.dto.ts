import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsIn, IsInt, IsObject, IsOptional, IsTimeZone, Max, Min } from 'class-validator';
import { computeReport, REPORT_KINDS, type ReportInput, type ReportKind } from '@adiuva/agents';

const MAX_ROWS = 2_000;
const MAX_TIME = 8_000_000_000_000;
const ROWS = { type: 'array', maxItems: MAX_ROWS, items: { type: 'object', additionalProperties: true } } as const;
const MEMBERS = 'Times are milliseconds since 1970';

export class ReportRequestDto {
  @ApiProperty({ enum: REPORT_KINDS })
  @IsIn(REPORT_KINDS)
  kind!: ReportKind;

  @ApiProperty({
    ...ROWS,
    description: `With \`status\`, \`priority\`, \`project_id\`, \`due_date\`, \`created_at\`, \`completed_at\`. ${MEMBERS}`,
  })
  @IsArray()
  @ArrayMaxSize(MAX_ROWS)
  @IsObject({ each: true })
  tasks!: Record<string, unknown>[];

  @ApiProperty({ ...ROWS, description: 'With `id`, `name`, `status`' })
  @IsArray()
  @ArrayMaxSize(MAX_ROWS)
  @IsObject({ each: true })
  projects!: Record<string, unknown>[];

  @ApiProperty({ ...ROWS, description: `With \`title\`, \`date\`. ${MEMBERS}` })
  @IsArray()
  @ArrayMaxSize(MAX_ROWS)
  @IsObject({ each: true })
  checkpoints!: Record<string, unknown>[];

  @ApiProperty({ example: 'Europe/Rome' })
  @IsTimeZone()
  timezone!: string;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    maximum: MAX_TIME,
    description: 'The moment of the report; by default the latest past event of the rows',
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(MAX_TIME)
  at?: number;

  toInput(): ReportInput {
    const { kind, tasks, projects, checkpoints, timezone, at } = this;
    return { kind, tasks, projects, checkpoints, timezone, at };
  }
}

export class ReportDto {
  @ApiProperty({ enum: REPORT_KINDS })
  kind!: ReportKind;

  @ApiProperty()
  timezone!: string;

  @ApiProperty({ description: 'The local day with which the report ends', example: '2026-11-26' })
  date!: string;

  [section: string]: unknown;

  static of(request: ReportRequestDto): ReportDto {
    return { ...computeReport(request.toInput()) };
  }
}
