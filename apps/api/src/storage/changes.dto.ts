import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsOptional, IsString, Matches } from 'class-validator';
import { CHECKSUM, UNLIMITED } from '@adiuva/kernel';
import { CURSOR_PATTERN, MAX_CURSOR_LENGTH, type Stored, type Usage } from '@adiuva/quota';
import {
  blobKey,
  MAX_INLINE_BLOB_BYTES,
  TABLE_NAME,
  type RecordChange,
  type SyncPage,
  type SyncRequest,
} from '@adiuva/storage';
import { EnumField, IntegerField, StringField, TIME } from '../edge/body/fields';

const DEFAULT_CHANGES = 100;
const MAX_CHANGES = 1_000;

export class ReadChangesDto {
  @ApiPropertyOptional({
    pattern: CURSOR_PATTERN.source,
    maxLength: MAX_CURSOR_LENGTH,
    description: 'The `cursor` of the last answer; left out or `0`, from the beginning',
  })
  @IsOptional()
  @IsString()
  @Matches(CURSOR_PATTERN)
  cursor?: string;

  @IntegerField({ required: false, minimum: 1, maximum: MAX_CHANGES, default: DEFAULT_CHANGES })
  @Type(() => Number)
  limit: number = DEFAULT_CHANGES;

  @StringField({ optional: true, pattern: TABLE_NAME, description: 'Only changes of records of this table' })
  table?: string;

  @EnumField(['blobs'], {
    optional: true,
    description: `The bytes of records of up to ${MAX_INLINE_BLOB_BYTES} bytes, as far as 8 MiB together allow`,
  })
  include?: 'blobs';

  toRequest(): SyncRequest {
    return {
      limit: this.limit,
      includeBlobs: this.include === 'blobs',
      ...(this.cursor === undefined ? {} : { cursor: this.cursor }),
      ...(this.table === undefined ? {} : { table: this.table }),
    };
  }
}

export class ChangeDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ pattern: TABLE_NAME.source })
  table!: string;

  @ApiProperty({ type: 'integer', minimum: 1 })
  version!: number;

  @ApiProperty({ pattern: CHECKSUM.source, nullable: true, type: 'string', description: 'Null for a deletion' })
  checksum!: string | null;

  @ApiProperty()
  deleted!: boolean;

  @ApiPropertyOptional({ format: 'byte', description: 'Of a deletion: the tombstone that the client gave with it' })
  tombstone?: string;

  @ApiPropertyOptional({
    format: 'byte',
    description:
      'With `include=blobs`: the encrypted bytes. Absent for larger records and for versions that are no longer current',
  })
  blob?: string;

  @ApiProperty(TIME)
  updated_at!: number;

  static of(change: RecordChange, blob: Buffer | undefined): ChangeDto {
    const { id, table, version, checksum, deleted, tombstone, updatedAt } = change;
    return {
      id,
      table,
      version,
      checksum,
      deleted,
      ...(tombstone ? { tombstone: tombstone.toString('base64') } : {}),
      ...(blob ? { blob: blob.toString('base64') } : {}),
      updated_at: updatedAt.getTime(),
    };
  }
}

export class ChangesDto {
  @ApiProperty({ type: [ChangeDto], description: 'In the order of their commits' })
  changes!: ChangeDto[];

  @ApiProperty({ description: 'For the next request' })
  cursor!: string;

  @ApiProperty({ description: 'Whether there is more now' })
  has_more!: boolean;

  static of({ changes, blobs, cursor, hasMore }: SyncPage): ChangesDto {
    return {
      changes: changes.map((change) => ChangeDto.of(change, blobs.get(blobKey(change)))),
      cursor,
      has_more: hasMore,
    };
  }
}

export class StoredDto {
  @ApiProperty({ type: 'integer', minimum: 0 })
  bytes!: number;

  @ApiProperty({ type: 'integer', minimum: 0 })
  count!: number;

  static of({ bytes, count }: Stored): StoredDto {
    return { bytes, count };
  }
}

/** Named in the document apart from the usage of tokens, or one would take the other's place there. */
@ApiSchema({ name: 'StorageUsageDto' })
export class UsageDto {
  @ApiProperty({ type: StoredDto })
  records!: StoredDto;

  @ApiProperty({ type: StoredDto })
  backups!: StoredDto;

  @ApiProperty({ type: StoredDto })
  vectors!: StoredDto;

  @ApiProperty({ type: StoredDto, description: 'Files of code projects, with the versions that are kept' })
  files!: StoredDto;

  @ApiProperty({
    type: 'integer',
    minimum: -1,
    description: 'For records, vectors and files together; -1 without a limit',
  })
  limit_bytes!: number;

  @ApiProperty({ type: 'integer', minimum: -1, description: 'For backups; -1 without a limit' })
  backup_limit_bytes!: number;

  static of(usage: Usage): UsageDto {
    return {
      records: StoredDto.of(usage.records),
      backups: StoredDto.of(usage.backups),
      vectors: StoredDto.of(usage.vectors),
      files: StoredDto.of(usage.files),
      limit_bytes: usage.limitBytes ?? UNLIMITED,
      backup_limit_bytes: usage.backupLimitBytes ?? UNLIMITED,
    };
  }
}
