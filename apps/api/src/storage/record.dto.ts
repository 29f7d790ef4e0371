import { ApiProperty } from '@nestjs/swagger';
import { IsOptional, IsString, Matches } from 'class-validator';
import { CHECKSUM, type Page } from '@adiuva/kernel';
import { TABLE_NAME, type NewRecord, type RecordContent, type RecordSummary, type SavedRecord } from '@adiuva/storage';
import { StringField, TIME } from '../edge/body/fields';
import { base64Length, bytesOf } from '../edge/body/base64';
import { PageQuery } from '../edge/http/page.dto';

/** The largest record that may come as base64; larger ones, where the server is set to take them, are streamed. */
const BASE64_MAX = base64Length(25 * 1024 * 1024);
export const RECORD_BODY_MAX_BYTES = BASE64_MAX + 64 * 1024;
export const RECORD_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export class RecordContentDto {
  @StringField({
    format: 'byte',
    maxLength: BASE64_MAX,
    description: 'The encrypted bytes, as standard base64 with padding',
  })
  blob!: string;

  @StringField({ pattern: CHECKSUM, description: 'SHA-256 of the bytes, in lowercase hexadecimal' })
  checksum!: string;

  toContent(): RecordContent {
    const bytes = this.bytes();
    return { bytes, checksum: this.checksum, size: bytes.length };
  }

  /** @throws Problem `validation_failed` */
  bytes(): Buffer {
    return bytesOf('blob', this.blob);
  }
}

export class CreateRecordDto extends RecordContentDto {
  @StringField({ pattern: TABLE_NAME })
  table!: string;

  @StringField({
    optional: true,
    format: 'uuid',
    pattern: RECORD_ID,
    description: 'A UUID of the client’s; made by the server when left out',
  })
  id?: string;

  toRecord(): NewRecord {
    return { ...this.toContent(), table: this.table, ...(typeof this.id === 'string' ? { id: this.id } : {}) };
  }
}

/** The headers when the body is the bytes themselves. */
export class StreamedContentDto {
  @IsString()
  @Matches(CHECKSUM)
  'X-Checksum'!: string;
}

export class StreamedRecordDto extends StreamedContentDto {
  @IsString()
  @Matches(TABLE_NAME)
  'X-Table'!: string;

  @IsOptional()
  @IsString()
  @Matches(RECORD_ID)
  'X-Record-Id'?: string;
}

export class ListRecordsDto extends PageQuery {
  @StringField({ optional: true, pattern: TABLE_NAME, description: 'Only records of this table' })
  table?: string;
}

export class CreatedRecordDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty(TIME)
  created_at!: number;

  @ApiProperty({ type: 'integer', minimum: 1, description: '1, or more where a deleted record of this id comes back' })
  version!: number;

  static of(record: SavedRecord): CreatedRecordDto {
    return { id: record.id, created_at: record.createdAt.getTime(), version: record.version };
  }
}

export class UpdatedRecordDto {
  @ApiProperty({ enum: [true] })
  ok!: true;

  @ApiProperty({ type: 'integer', minimum: 1 })
  version!: number;

  @ApiProperty(TIME)
  updated_at!: number;

  static of(record: SavedRecord): UpdatedRecordDto {
    return { ok: true, version: record.version, updated_at: record.updatedAt.getTime() };
  }
}

export class DeletedRecordDto {
  @ApiProperty({ enum: [true] })
  ok!: true;

  static of(_: SavedRecord): DeletedRecordDto {
    return { ok: true };
  }
}

export class RecordDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ pattern: TABLE_NAME.source })
  table!: string;

  @ApiProperty({ pattern: CHECKSUM.source })
  checksum!: string;

  @ApiProperty({ type: 'integer', minimum: 1 })
  version!: number;

  @ApiProperty({ type: 'integer', minimum: 0 })
  size_bytes!: number;

  @ApiProperty(TIME)
  created_at!: number;

  @ApiProperty(TIME)
  updated_at!: number;

  static page(page: Page<RecordSummary>): RecordDto[] {
    return page.items.map((record) => RecordDto.of(record));
  }

  private static of(record: RecordSummary): RecordDto {
    return {
      id: record.id,
      table: record.table,
      checksum: record.checksum,
      version: record.version,
      size_bytes: record.sizeBytes,
      created_at: record.createdAt.getTime(),
      updated_at: record.updatedAt.getTime(),
    };
  }
}
