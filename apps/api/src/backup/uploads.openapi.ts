import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiHeader, ApiOkResponse, ApiOperation, ApiParam, ApiResponse } from '@nestjs/swagger';
import { CHECKSUM_SCHEMA, StoredBackupDto } from './backup.dto';
import { BINARY, DOWN, MISSING, PAYMENT } from './backup.openapi';
import { OkDto, UploadDto, UploadSummaryDto } from './upload.dto';

export const ApiBeginUpload = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({
      summary: 'Begins a backup that comes in chunks',
      description:
        'Its room is reserved now, and given back when it is aborted or when no chunk has come for 24 hours (6 days in all).',
    }),
    ApiHeader({ name: 'Idempotency-Key', required: false, schema: { type: 'string', minLength: 1, maxLength: 255 } }),
    ApiOkResponse({ type: UploadDto }),
    ApiResponse({ status: 400, description: '`validation_failed`' }),
    ApiResponse({ status: 409, description: '`conflict`: 100 uploads are open, or there are 10,000 backups' }),
    PAYMENT,
    DOWN,
  );

export const ApiListUploads = (): MethodDecorator =>
  applyDecorators(ApiOperation({ summary: 'Uploads that are under way' }), ApiOkResponse({ type: [UploadSummaryDto] }));

export const ApiGetUpload = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({ summary: 'Which chunks of an upload are there' }),
    ApiOkResponse({ type: UploadDto }),
    MISSING,
  );

export const ApiPutChunk = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({
      summary: 'Stores a chunk',
      description:
        'In any order, several at once, and again where an answer was lost. Chunks are numbered from 0; a client that numbers from 1 is understood by its first or last chunk. The chunks of an upload count as one request.',
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
      summary: 'Verifies the whole and makes it a backup',
      description:
        'Takes as long as reading the whole once. Asked again, during or after that, it gives the same answer; it goes on when the client leaves.',
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
    ApiOperation({ summary: 'Gives an upload up, with its chunks and its room' }),
    ApiOkResponse({ type: OkDto }),
    ApiResponse({ status: 409, description: '`conflict`: it is being completed, or has become a backup' }),
    MISSING,
  );
