import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiHeader, ApiOkResponse, ApiOperation, ApiParam, ApiResponse } from '@nestjs/swagger';
import { CHECKSUM_SCHEMA, StoredBackupDto } from './backup.dto';
import { BINARY, DOWN, MISSING, PAYMENT } from './backup.openapi';
import { OkDto } from '../edge/ok.dto';
import { UploadDto, UploadSummaryDto } from './upload.dto';

export const ApiBeginUpload = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({
      summary: 'Begin a chunked backup',
      description:
        'Reserves quota until the upload is complete, aborted, or has received no chunk for 24 hours (6 days in all).',
    }),
    ApiHeader({ name: 'Idempotency-Key', required: false, schema: { type: 'string', minLength: 1, maxLength: 255 } }),
    ApiOkResponse({ type: UploadDto }),
    ApiResponse({ status: 400, description: '`validation_failed`' }),
    ApiResponse({ status: 409, description: '`conflict`: 100 uploads are open, or there are 10,000 backups' }),
    PAYMENT,
    DOWN,
  );

export const ApiListUploads = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({ summary: 'List uploads', description: 'Chunked backups that are not complete.' }),
    ApiOkResponse({ type: [UploadSummaryDto] }),
  );

export const ApiGetUpload = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({ summary: 'Progress of an upload', description: 'Says which chunks are stored.' }),
    ApiOkResponse({ type: UploadDto }),
    MISSING,
  );

export const ApiPutChunk = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({
      summary: 'Store a chunk',
      description:
        'In any order, several concurrently, and again where the response was lost. Numbers start at 0; a client that starts at 1 is recognised by its first or last chunk. The chunks of one upload count as one request.',
    }),
    ApiParam({ name: 'n', schema: { type: 'integer', minimum: 0, maximum: 9_999 } }),
    ApiHeader({ name: 'X-Checksum', required: true, schema: { type: 'string', ...CHECKSUM_SCHEMA } }),
    ApiConsumes('application/octet-stream'),
    ApiBody({ required: true, ...BINARY }),
    ApiOkResponse({ type: OkDto }),
    ApiResponse({
      status: 400,
      description: '`checksum_mismatch`, `validation_failed` (number or size); an earlier good chunk stays',
    }),
    ApiResponse({ status: 409, description: '`conflict`: the upload takes no chunks any more' }),
    ApiResponse({ status: 413, description: '`payload_too_large`: longer than a chunk' }),
    MISSING,
    PAYMENT,
    DOWN,
  );

export const ApiCompleteUpload = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({
      summary: 'Complete an upload',
      description:
        'Reads the whole once to verify its checksum, and continues when the client disconnects. Repeated during or after that, it returns the same response; a repetition waits for at most 15 s, then it is 503 `unavailable` with `Retry-After`.',
    }),
    ApiOkResponse({ type: StoredBackupDto }),
    ApiResponse({
      status: 400,
      description: '`checksum_mismatch`: the whole is not what was promised; the upload is gone',
    }),
    ApiResponse({ status: 409, description: '`conflict`: `missing_chunks` says how many are missing' }),
    MISSING,
    PAYMENT,
    DOWN,
  );

export const ApiAbortUpload = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({ summary: 'Abort an upload', description: 'Deletes its chunks and releases its quota.' }),
    ApiOkResponse({ type: OkDto }),
    ApiResponse({ status: 409, description: '`conflict`: it is being completed, or has become a backup' }),
    MISSING,
  );
