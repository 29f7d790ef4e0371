import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsObject, IsTimeZone } from 'class-validator';
import { computeReport, REPORT_KINDS, type ReportInput, type ReportKind } from '@adiuva/agents';
import { EnumField, IntegerField } from '../edge/body/fields';

const MAX_ROWS = 2_000;
const MAX_TIME = 8_000_000_000_000;
const ROWS = { type: 'array', maxItems: MAX_ROWS, items: { type: 'object', additionalProperties: true } } as const;
const MEMBERS = 'Times are milliseconds since 1970';

export class ReportRequestDto {
  @EnumField(REPORT_KINDS)
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

  @IntegerField({
    optional: true,
    minimum: 0,
    maximum: MAX_TIME,
    description: 'The moment of the report; by default the latest past event of the rows',
  })
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
