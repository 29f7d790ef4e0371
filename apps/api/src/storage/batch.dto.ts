import { ApiProperty, ApiPropertyOptional, getSchemaPath } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsObject, Matches } from 'class-validator';
import { invalidField, Problem, PROBLEM_CODES, type FieldError, type ProblemCode } from '@adiuva/kernel';
import type { BatchOperation, BatchOutcome } from '@adiuva/storage';
import { EnumField, IntegerField, StringField } from '../edge/body/fields';
import { validated } from '../edge/body/validation.pipe';
import { TOMBSTONE, tombstoneOf } from './tombstone';
import { CreateRecordDto, RECORD_ID, RecordContentDto } from './record.dto';

const MAX_OPERATIONS = 500;
const MAX_VERSIONS = 2_147_483_647;
const IF_MATCH = {
  type: 'integer',
  minimum: 1,
  maximum: MAX_VERSIONS,
  description: 'The version that the record must have',
} as const;

export class BatchCreateDto extends CreateRecordDto {
  @EnumField(['create'])
  op!: 'create';

  toOperation(): BatchOperation {
    return { op: 'create', id: this.id ?? undefined, table: this.table, bytes: this.bytes(), checksum: this.checksum };
  }
}

export class BatchUpdateDto extends RecordContentDto {
  @EnumField(['update'])
  op!: 'update';

  @StringField({ format: 'uuid' })
  @Matches(RECORD_ID)
  id!: string;

  @IntegerField({ ...IF_MATCH, optional: true })
  if_match?: number;

  toOperation(): BatchOperation {
    const expected = typeof this.if_match === 'number' ? [this.if_match] : null;
    return { op: 'update', id: this.id, expected, bytes: this.bytes(), checksum: this.checksum };
  }
}

export class BatchDeleteDto {
  @EnumField(['delete'])
  op!: 'delete';

  @StringField({ format: 'uuid' })
  @Matches(RECORD_ID)
  id!: string;

  @IntegerField({ ...IF_MATCH, optional: true })
  if_match?: number;

  @StringField({ ...TOMBSTONE, optional: true })
  tombstone?: string;

  toOperation(): BatchOperation {
    const expected = typeof this.if_match === 'number' ? [this.if_match] : null;
    return { op: 'delete', id: this.id, expected, tombstone: tombstoneOf(this.tombstone) };
  }
}

type OperationDto = BatchCreateDto | BatchUpdateDto | BatchDeleteDto;

/** By `op`; a map, since a word of the client's must not reach an object's prototype. */
const OPERATIONS = new Map<unknown, new () => OperationDto>([
  ['create', BatchCreateDto],
  ['update', BatchUpdateDto],
  ['delete', BatchDeleteDto],
]);

export const OPERATION_SCHEMA = {
  oneOf: [BatchCreateDto, BatchUpdateDto, BatchDeleteDto].map((dto) => ({ $ref: getSchemaPath(dto) })),
};

export class BatchDto {
  @ApiProperty({ type: 'array', minItems: 1, maxItems: MAX_OPERATIONS, items: OPERATION_SCHEMA })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_OPERATIONS)
  @IsObject({ each: true })
  operations!: object[];

  /** One that is not as it should be becomes a refusal of its own, and the others stand. */
  async toOperations(): Promise<BatchOperation[]> {
    return Promise.all(this.operations.map(toOperation));
  }
}

export class BatchItemDto {
  @ApiProperty({ type: 'integer', description: '201, 200, or the status of the problem' })
  status!: number;

  @ApiProperty({
    format: 'uuid',
    nullable: true,
    type: 'string',
    description: 'Null where a creation without an id was refused',
  })
  id!: string | null;

  @ApiPropertyOptional({ type: 'integer', minimum: 1 })
  version?: number;

  @ApiPropertyOptional({
    type: 'integer',
    format: 'int64',
    description: 'Milliseconds since the Unix epoch; of a creation',
  })
  created_at?: number;

  @ApiPropertyOptional({
    type: 'integer',
    format: 'int64',
    description: 'Milliseconds since the Unix epoch; of an update or a deletion',
  })
  updated_at?: number;

  @ApiPropertyOptional({ enum: PROBLEM_CODES, description: 'Of a refusal' })
  code?: ProblemCode;

  @ApiPropertyOptional({ description: 'Of a refusal, for a person' })
  detail?: string;

  @ApiPropertyOptional({
    type: 'array',
    items: { type: 'object', properties: { field: { type: 'string' }, message: { type: 'string' } } },
  })
  errors?: readonly FieldError[];
}

export class BatchResultDto {
  @ApiProperty({ type: [BatchItemDto], description: 'In the order of the operations' })
  results!: BatchItemDto[];

  static of(outcomes: readonly BatchOutcome[]): BatchResultDto {
    return { results: outcomes.map(itemOf) };
  }
}

async function toOperation(raw: object): Promise<BatchOperation> {
  const id = 'id' in raw && typeof raw.id === 'string' && RECORD_ID.test(raw.id) ? raw.id : undefined;
  try {
    const dto = OPERATIONS.get('op' in raw ? raw.op : undefined);
    if (!dto) throw invalidField('op', 'op must be create, update or delete');
    return (await validated(dto, raw)).toOperation();
  } catch (error) {
    if (error instanceof Problem) return { op: 'refused', id, problem: error };
    throw error;
  }
}

function itemOf(outcome: BatchOutcome): BatchItemDto {
  if (outcome.op === 'refused') {
    const { problem, id = null } = outcome;
    const { errors } = problem.options;
    return { status: problem.status, id, code: problem.code, detail: problem.message, ...(errors ? { errors } : {}) };
  }
  const { id, version, createdAt, updatedAt } = outcome.saved;
  if (outcome.op === 'create') return { status: 201, id, version, created_at: createdAt.getTime() };
  return { status: 200, id, version, updated_at: updatedAt.getTime() };
}
