import { ApiProperty } from '@nestjs/swagger';
import { EXPORT_STATUSES, type AccountExport } from '@adiuva/exports';
import { StringField } from '../edge/body/fields';

const STATUSES = [...EXPORT_STATUSES, 'expired'] as const;
const MAX_PASSWORD = 256;

export class ExportRequestDto {
  @StringField({ maxLength: MAX_PASSWORD })
  password!: string;
}

export class StartedExportDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;
}

export class ExportDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ enum: STATUSES })
  status!: (typeof STATUSES)[number];

  @ApiProperty({ type: String, nullable: true, description: 'Needs no token; null until the archive is ready' })
  download_url!: string | null;

  @ApiProperty({ type: 'integer', nullable: true })
  size_bytes!: number | null;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Milliseconds since 1970; then the archive is deleted' })
  expires_at!: number | null;

  static of({ id, status, token, sizeBytes, expiresAt }: AccountExport, publicUrl: string): ExportDto {
    return {
      id,
      status,
      download_url: token === null ? null : `${publicUrl}/api/v1/export-downloads/${token}`,
      size_bytes: sizeBytes,
      expires_at: expiresAt?.getTime() ?? null,
    };
  }
}
