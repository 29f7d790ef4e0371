import { ApiExtraModels, ApiProperty, getSchemaPath } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsString, Matches } from 'class-validator';
import { CHECKSUM, PROBLEM_CODES, type ProblemCode } from '@adiuva/kernel';
import { MAX_BATCH_READ_BYTES, TABLE_NAME, type BatchRead } from '@adiuva/storage';
import { RECORD_ID } from './record.dto';

const MAX_IDS = 100;

export class BatchReadDto {
  @ApiProperty({
    type: [String],
    minItems: 1,
    maxItems: MAX_IDS,
    items: { type: 'string', format: 'uuid', pattern: RECORD_ID.source },
  })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_IDS)
  @IsString({ each: true })
  @Matches(RECORD_ID, { each: true })
  ids!: string[];
}

export class RecordBytesDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ pattern: TABLE_NAME.source })
  table!: string;

  @ApiProperty({ type: 'integer', minimum: 1 })
  version!: number;

  @ApiProperty({ pattern: CHECKSUM.source, description: 'SHA-256 of the bytes' })
  checksum!: string;

  @ApiProperty({ format: 'byte', description: 'The encrypted bytes, as standard base64 with padding' })
  blob!: string;
}

export class UnreadRecordDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({
    type: 'integer',
    enum: [404, 413, 502],
    description: `413 for a record of more than ${MAX_BATCH_READ_BYTES} bytes: read it by itself`,
  })
  status!: number;

  @ApiProperty({ enum: PROBLEM_CODES })
  code!: ProblemCode;
}

@ApiExtraModels(RecordBytesDto, UnreadRecordDto)
export class BatchReadResultDto {
  @ApiProperty({
    type: 'array',
    items: { oneOf: [{ $ref: getSchemaPath(RecordBytesDto) }, { $ref: getSchemaPath(UnreadRecordDto) }] },
    description: 'In the order of the ids',
  })
  records!: (RecordBytesDto | UnreadRecordDto)[];

  @ApiProperty({ type: [String], description: 'Ids that did not fit: ask for them in the next request' })
  rest!: string[];

  static of({ records, rest }: BatchRead): BatchReadResultDto {
    return { records: records.map(itemOf), rest: [...rest] };
  }
}

function itemOf(item: BatchRead['records'][number]): RecordBytesDto | UnreadRecordDto {
  if ('problem' in item) return { id: item.id, status: item.problem.status, code: item.problem.code };
  const { id, table, version, checksum } = item.record;
  return { id, table, version, checksum, blob: item.bytes.toString('base64') };
}
