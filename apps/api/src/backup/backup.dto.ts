import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, Length } from 'class-validator';
import type { Backup, RetentionPreview, RetentionRule } from '@adiuva/backup';
import { EnumField, IntegerField } from '../edge/body/fields';

export const CHECKSUM_SCHEMA = { pattern: '^[0-9a-f]{64}$', description: 'SHA-256 in lowercase hex' };
export const TIME_SCHEMA = { type: 'integer', description: 'Milliseconds since the Unix epoch' } as const;

export class BackupMetadataDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ description: "The client's name for format or application" })
  version!: string;

  @ApiProperty({ ...TIME_SCHEMA, description: "The client's time, a label: the list is ordered by `created_at`" })
  timestamp!: number;

  @ApiProperty(CHECKSUM_SCHEMA)
  checksum!: string;

  @ApiProperty({ type: 'integer', description: 'In how many chunks it came; 1 for a plain PUT' })
  chunk_count!: number;

  @ApiProperty({ type: 'integer' })
  size_bytes!: number;

  @ApiProperty({ ...TIME_SCHEMA, description: "The server's time" })
  created_at!: number;

  @ApiProperty({ description: 'The nightly scrub found that the stored bytes no longer match the checksum' })
  damaged!: boolean;

  @ApiPropertyOptional({ ...TIME_SCHEMA, description: 'Only in the trash: when it will be gone' })
  purge_at?: number;

  static of(this: void, backup: Backup): BackupMetadataDto {
    return {
      id: backup.id,
      version: backup.version,
      timestamp: backup.timestamp,
      checksum: backup.checksum,
      chunk_count: backup.chunkCount,
      size_bytes: backup.sizeBytes,
      created_at: backup.createdAt.getTime(),
      damaged: backup.damagedAt !== null,
      ...(backup.purgeAt === null ? {} : { purge_at: backup.purgeAt.getTime() }),
    };
  }
}

export class StoredBackupDto {
  @ApiProperty({ enum: [true] })
  ok!: true;

  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ type: 'integer' })
  size_bytes!: number;

  static of(backup: Backup): StoredBackupDto {
    return { ok: true, id: backup.id, size_bytes: backup.sizeBytes };
  }
}

export class HistoryQueryDto {
  @EnumField(['true', 'false'], {
    optional: true,
    default: 'false',
    description: 'The deleted backups that can still be restored, in place of the others',
  })
  trash?: string;
}

export class DeleteBackupDto {
  @ApiPropertyOptional({
    maxLength: 256,
    description: "The account's password: purges at once what would be kept in the trash",
  })
  @IsOptional()
  @IsString()
  @Length(1, 256)
  password?: string;
}

export class DeletedBackupDto {
  @ApiProperty({ enum: [true] })
  ok!: true;

  @ApiProperty({
    ...TIME_SCHEMA,
    type: 'integer',
    nullable: true,
    description: 'When the backup is gone for good; null for one that stays',
  })
  purge_at!: number | null;

  static of(purgeAt: Date | null): DeletedBackupDto {
    return { ok: true, purge_at: purgeAt === null ? null : purgeAt.getTime() };
  }
}

const KEEP = { type: 'integer', minimum: 0, maximum: 10_000, default: 0 } as const;

export class RetentionDto {
  @IntegerField({ required: false, ...KEEP, description: 'The newest backups' })
  keep_last: number = 0;

  @IntegerField({ required: false, ...KEEP, description: 'The newest one of each of so many days (UTC) that have one' })
  keep_daily: number = 0;

  @IntegerField({ required: false, ...KEEP, description: 'The same for weeks, which begin on Monday' })
  keep_weekly: number = 0;

  @IntegerField({ required: false, ...KEEP, description: 'The same for months' })
  keep_monthly: number = 0;

  toRule(): RetentionRule {
    return {
      keepLast: this.keep_last,
      keepDaily: this.keep_daily,
      keepWeekly: this.keep_weekly,
      keepMonthly: this.keep_monthly,
    };
  }

  static of(rule: RetentionRule): Omit<RetentionDto, 'toRule'> {
    return {
      keep_last: rule.keepLast,
      keep_daily: rule.keepDaily,
      keep_weekly: rule.keepWeekly,
      keep_monthly: rule.keepMonthly,
    };
  }
}

export class KeptBackupDto {
  @ApiProperty({ type: () => BackupMetadataDto })
  backup!: BackupMetadataDto;

  @ApiProperty({ type: [String], enum: ['last', 'daily', 'weekly', 'monthly', 'restored', 'no_rule'] })
  reasons!: readonly string[];
}

export class RetentionPreviewDto {
  @ApiProperty({ type: [KeptBackupDto] })
  keep!: KeptBackupDto[];

  @ApiProperty({ type: [BackupMetadataDto], description: 'What would go into the trash' })
  drop!: BackupMetadataDto[];

  static of(preview: RetentionPreview): RetentionPreviewDto {
    return {
      keep: preview.keep.map(({ backup, reasons }) => ({ backup: BackupMetadataDto.of(backup), reasons })),
      drop: preview.drop.map(BackupMetadataDto.of),
    };
  }
}
