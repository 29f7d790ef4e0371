import { ApiProperty } from '@nestjs/swagger';
import type { Check } from '@adiuva/doctor';

export class CheckDto {
  @ApiProperty({ example: 'clock' })
  subject!: string;

  @ApiProperty({
    enum: ['ok', 'warning', 'error'],
    description: '`error` keeps the server from working or loses something; `warning` is worth a look',
  })
  level!: 'ok' | 'warning' | 'error';

  @ApiProperty()
  message!: string;

  @ApiProperty({ type: String, nullable: true, description: 'What to do about it' })
  remedy!: string | null;
}

export class DoctorReportDto {
  @ApiProperty({ description: 'Whether no check has found an error' })
  ok!: boolean;

  @ApiProperty({ type: [CheckDto] })
  checks!: CheckDto[];

  static of(checks: readonly Check[]): DoctorReportDto {
    return { ok: checks.every(({ level }) => level !== 'error'), checks: checks.map((check) => ({ ...check })) };
  }
}
