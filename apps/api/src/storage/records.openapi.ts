import { applyDecorators } from '@nestjs/common';
import {
  ApiBody,
  ApiConsumes,
  ApiCreatedResponse,
  ApiExtraModels,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiProduces,
  ApiResponse,
  getSchemaPath,
} from '@nestjs/swagger';
import { CHECKSUM } from '@adiuva/kernel';
import { TABLE_NAME } from '@adiuva/storage';
import { TOMBSTONE } from './tombstone';
import { BatchCreateDto, BatchDeleteDto, BatchResultDto, BatchUpdateDto } from './batch.dto';
import {
  CreatedRecordDto,
  CreateRecordDto,
  DeletedRecordDto,
  RECORD_ID,
  RecordContentDto,
  RecordDto,
  UpdatedRecordDto,
} from './record.dto';

const CHECKSUM_HEADER = {
  name: 'X-Checksum',
  required: false,
  description: 'SHA-256 of a streamed body',
  schema: { type: 'string', pattern: CHECKSUM.source },
} as const;
const TABLE_HEADER = {
  name: 'X-Table',
  required: false,
  description: 'Table of a streamed record',
  schema: { type: 'string', pattern: TABLE_NAME.source },
} as const;
const ID_HEADER = {
  name: 'X-Record-Id',
  required: false,
  description: 'The client’s id of a streamed record',
  schema: { type: 'string', pattern: RECORD_ID.source },
} as const;
const IF_MATCH = ApiHeader({
  name: 'If-Match',
  required: false,
  description: 'The `ETag` (the quoted version) that the record must have',
});
const IDEMPOTENCY_KEY = ApiHeader({
  name: 'Idempotency-Key',
  required: false,
  schema: { type: 'string', minLength: 1, maxLength: 255 },
});

const PAYMENT = ApiResponse({
  status: 402,
  description: '`upgrade_required` without cloud storage in the plan, `quota_exceeded` without room',
});
const TOO_LARGE = ApiResponse({ status: 413, description: '`payload_too_large`: a record has at most 25 MiB' });
const MISMATCH = ApiResponse({ status: 400, description: '`checksum_mismatch`, `validation_failed`; nothing is kept' });
const MISSING = ApiResponse({ status: 404, description: '`not_found`' });
const STALE = ApiResponse({ status: 412, description: '`precondition_failed`: the record has another version' });
const DOWN = ApiResponse({
  status: 503,
  description: '`unavailable`: the store does not answer; try again after `Retry-After`',
});

function eitherBody(json: new () => object): MethodDecorator & ClassDecorator {
  return applyDecorators(
    ApiConsumes('application/json', 'application/octet-stream'),
    ApiExtraModels(json),
    ApiBody({
      required: true,
      description: 'JSON with base64, or the bytes themselves with their headers',
      schema: { $ref: getSchemaPath(json) },
    }),
    ApiHeader(CHECKSUM_HEADER),
    MISMATCH,
    PAYMENT,
    TOO_LARGE,
    DOWN,
  );
}

export const ApiCreateRecord = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({
      summary: 'Create a record',
      description:
        'Bytes as base64 in JSON, or raw as `application/octet-stream` with `X-Table` and `X-Checksum`. The client encrypts them.',
    }),
    eitherBody(CreateRecordDto),
    ApiHeader(TABLE_HEADER),
    ApiHeader(ID_HEADER),
    IDEMPOTENCY_KEY,
    ApiCreatedResponse({
      type: CreatedRecordDto,
      headers: { ETag: { description: 'The version, quoted', schema: { type: 'string' } } },
    }),
    ApiResponse({ status: 409, description: '`conflict`: a record of the caller has this id' }),
  );

export const ApiReplaceRecord = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({
      summary: 'Replace a record',
      description: 'With `If-Match` only while the record has the given version.',
    }),
    eitherBody(RecordContentDto),
    IF_MATCH,
    ApiOkResponse({ type: UpdatedRecordDto }),
    MISSING,
    STALE,
  );

export const ApiDeleteRecord = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({ summary: 'Delete a record', description: 'The change feed keeps a tombstone for 90 days.' }),
    IF_MATCH,
    ApiHeader({
      name: 'X-Tombstone',
      required: false,
      description: TOMBSTONE.description,
      schema: { type: 'string', ...TOMBSTONE },
    }),
    ApiOkResponse({ type: DeletedRecordDto }),
    MISSING,
    STALE,
  );

export const ApiListRecords = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({ summary: 'List records', description: 'Metadata of the records in the order of their creation.' }),
    ApiOkResponse({
      type: [RecordDto],
      headers: {
        'X-Total-Count': { description: 'Records on all pages', schema: { type: 'integer' } },
        Link: { description: 'RFC 8288: first, prev, next, last', schema: { type: 'string' } },
      },
    }),
  );

export const ApiGetRecord = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({
      summary: 'Read a record',
      description: 'The connection is closed before the last byte when the stored bytes do not match the checksum.',
    }),
    ApiHeader({ name: 'Range', required: false, description: 'One range of bytes' }),
    ApiHeader({ name: 'If-None-Match', required: false }),
    ApiProduces('application/octet-stream'),
    ApiOkResponse({
      description: 'The connection is cut before the last byte when the stored bytes do not match `X-Checksum`',
      schema: { type: 'string', format: 'binary' },
      headers: {
        'X-Checksum': { description: 'SHA-256 of the whole', schema: { type: 'string', pattern: CHECKSUM.source } },
        'X-Table': { schema: { type: 'string' } },
        'X-Version': { schema: { type: 'integer' } },
        ETag: { description: 'The version, quoted', schema: { type: 'string' } },
      },
    }),
    ApiResponse({ status: 206, description: 'The range' }),
    ApiResponse({ status: 304, description: 'The version is known' }),
    MISSING,
    ApiResponse({ status: 416, description: '`range_not_satisfiable`' }),
    DOWN,
  );

export const ApiBatch = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({ summary: 'Write many records', description: 'Up to 500 operations, each with its own result.' }),
    ApiExtraModels(BatchCreateDto, BatchUpdateDto, BatchDeleteDto),
    IDEMPOTENCY_KEY,
    ApiOkResponse({ type: BatchResultDto }),
    PAYMENT,
    TOO_LARGE,
    DOWN,
  );
