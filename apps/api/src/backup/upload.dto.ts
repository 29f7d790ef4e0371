import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsString, Matches } from 'class-validator';
import { CHECKSUM } from '@adiuva/kernel';
import { MAX_CHUNK_BYTES, MAX_CHUNKS, type ChunkedBackup, type Upload, type UploadProgress } from '@adiuva/backup';
import { IntegerField } from '../edge/body/fields';
import { CHECKSUM_SCHEMA, TIME_SCHEMA } from './backup.dto';
import { LATEST_TIME, VERSION } from './backup-headers.dto';

const MAX_BYTES = MAX_CHUNKS * MAX_CHUNK_BYTES;

export class BeginUploadDto {
  @ApiProperty({
    oneOf: [{ type: 'string', minLength: 1, maxLength: 64 }, { type: 'integer' }],
    description: 'Printable characters; a number is taken for its digits',
  })
  @Transform(({ value }: { value: unknown }) => (Number.isSafeInteger(value) ? String(value) : value))
  @IsString()
  @Matches(VERSION, { message: 'must be 1 to 64 printable characters' })
  version!: string;

  @IntegerField({ ...TIME_SCHEMA, minimum: 0, maximum: LATEST_TIME })
  timestamp!: number;

  @ApiProperty({ ...CHECKSUM_SCHEMA, description: 'SHA-256 of the whole' })
  @IsString()
  @Matches(CHECKSUM, { message: 'must be a SHA-256 in lowercase hex' })
  checksum!: string;

  @IntegerField({ minimum: 1, maximum: MAX_BYTES })
  size_bytes!: number;

  @IntegerField({
    minimum: 1,
    maximum: MAX_CHUNK_BYTES,
    description: `Bytes of every chunk but the last, at most ${MAX_CHUNKS} chunks. From 5 MiB on, chunks are parts of a multipart upload; smaller ones cost one more copy`,
  })
  chunk_size!: number;

  toBackup(): ChunkedBackup {
    return {
      version: this.version,
      timestamp: this.timestamp,
      checksum: this.checksum,
      sizeBytes: this.size_bytes,
      chunkSize: this.chunk_size,
    };
  }
}

export class UploadSummaryDto {
  @ApiProperty({ format: 'uuid', description: 'Also the id of the backup that it becomes' })
  id!: string;

  @ApiProperty({ enum: ['open', 'completing', 'completed'] })
  state!: string;

  @ApiProperty()
  version!: string;

  @ApiProperty(TIME_SCHEMA)
  timestamp!: number;

  @ApiProperty(CHECKSUM_SCHEMA)
  checksum!: string;

  @ApiProperty({ type: 'integer' })
  size_bytes!: number;

  @ApiProperty({ type: 'integer' })
  chunk_size!: number;

  @ApiProperty({ type: 'integer' })
  chunk_count!: number;

  @ApiProperty(TIME_SCHEMA)
  created_at!: number;

  @ApiProperty({ ...TIME_SCHEMA, description: 'When it is given up, unless another chunk comes before' })
  expires_at!: number;

  static of(this: void, upload: Upload): UploadSummaryDto {
    return {
      id: upload.id,
      state: upload.state,
      version: upload.version,
      timestamp: upload.timestamp,
      checksum: upload.checksum,
      size_bytes: upload.plan.sizeBytes,
      chunk_size: upload.plan.chunkSize,
      chunk_count: upload.plan.count,
      created_at: upload.createdAt.getTime(),
      expires_at: upload.expiresAt.getTime(),
    };
  }
}

export class UploadDto extends UploadSummaryDto {
  @ApiProperty({ type: [Number], description: 'Numbers of the chunks that are there, ascending; the first chunk is 0' })
  chunks!: readonly number[];

  @ApiProperty({ type: [Number], description: 'Numbers of those that are missing' })
  missing!: readonly number[];

  static ofProgress({ upload, present, missing }: UploadProgress): UploadDto {
    return { ...UploadSummaryDto.of(upload), chunks: present, missing };
  }
}
