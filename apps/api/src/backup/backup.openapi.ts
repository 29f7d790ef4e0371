import { applyDecorators } from '@nestjs/common';
import {
  ApiBody,
  ApiConsumes,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiProduces,
  ApiResponse,
} from '@nestjs/swagger';
import {
  BackupMetadataDto,
  CHECKSUM_SCHEMA,
  DeleteBackupDto,
  DeletedBackupDto,
  RetentionDto,
  RetentionPreviewDto,
  StoredBackupDto,
  TIME_SCHEMA,
} from './backup.dto';
import { LATEST_TIME } from './backup-headers.dto';

export const PAYMENT = ApiResponse({
  status: 402,
  description: '`upgrade_required` without backups in the plan, `quota_exceeded` without room',
});
export const MISSING = ApiResponse({ status: 404, description: '`not_found`' });
export const DOWN = ApiResponse({
  status: 503,
  description: '`unavailable`: the store does not answer; try again after `Retry-After`',
});
export const BINARY = { schema: { type: 'string', format: 'binary' } } as const;
const CHECKSUM = { type: 'string', ...CHECKSUM_SCHEMA } as const;

const LABEL = applyDecorators(
  ApiHeader({ name: 'X-Backup-Version', required: true, schema: { type: 'string', minLength: 1, maxLength: 64 } }),
  ApiHeader({
    name: 'X-Backup-Timestamp',
    required: true,
    description: "The client's time; a label",
    schema: { ...TIME_SCHEMA, minimum: 0, maximum: LATEST_TIME },
  }),
  ApiHeader({ name: 'X-Backup-Checksum', required: true, schema: { ...CHECKSUM, description: 'SHA-256 of the body' } }),
);

export const ApiPutBackup = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({
      summary: 'Store a backup',
      description:
        'The bytes as one streamed body, hashed while they arrive; nothing is kept when the checksum does not match. Without `Content-Length` the quota is reserved in steps.',
    }),
    LABEL,
    ApiConsumes('application/octet-stream'),
    ApiBody({ required: true, ...BINARY }),
    ApiOkResponse({ type: StoredBackupDto }),
    ApiResponse({ status: 400, description: '`checksum_mismatch`, `validation_failed`; nothing is kept' }),
    ApiResponse({ status: 408, description: '`request_timeout`: under 8 KB a second' }),
    ApiResponse({ status: 409, description: '`conflict`: there are 10,000 backups' }),
    ApiResponse({ status: 413, description: '`payload_too_large`: use an upload in chunks' }),
    PAYMENT,
    DOWN,
  );

export const ApiGetBackup = (summary: string, description: string): MethodDecorator =>
  applyDecorators(
    ApiOperation({ summary, description }),
    ApiHeader({ name: 'Range', required: false, description: 'One range of bytes' }),
    ApiHeader({ name: 'If-Range', required: false }),
    ApiHeader({ name: 'If-None-Match', required: false }),
    ApiHeader({ name: 'If-Modified-Since', required: false, description: 'Ignored beside `If-None-Match`' }),
    ApiProduces('application/octet-stream'),
    ApiOkResponse({
      ...BINARY,
      headers: {
        ETag: { description: 'The checksum, quoted', schema: { type: 'string' } },
        'Last-Modified': { description: 'Later whenever the answer is another backup', schema: { type: 'string' } },
        'X-Checksum': { schema: CHECKSUM },
        'X-Backup-Id': { schema: { type: 'string', format: 'uuid' } },
        'X-Backup-Version': { schema: { type: 'string' } },
        'X-Backup-Timestamp': { schema: TIME_SCHEMA },
        'X-Backup-Checksum': { schema: CHECKSUM },
      },
    }),
    ApiResponse({ status: 206, description: 'The range' }),
    ApiResponse({ status: 304, description: 'The client has it' }),
    ApiResponse({
      status: 402,
      description: '`upgrade_required` without backups in the plan and none left from a former one',
    }),
    MISSING,
    ApiResponse({ status: 416, description: '`range_not_satisfiable`' }),
    ApiResponse({ status: 502, description: '`upstream_failed`: the stored bytes are known to be damaged' }),
    DOWN,
  );

export const ApiHistory = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({ summary: 'List backups', description: 'Newest first by the clock of the server.' }),
    ApiOkResponse({ type: [BackupMetadataDto] }),
  );

export const ApiRetention = (summary: string, description: string): MethodDecorator =>
  applyDecorators(ApiOperation({ summary, description }), ApiOkResponse({ type: RetentionDto }));

export const ApiPreviewRetention = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({
      summary: 'Preview a retention rule',
      description: 'Which backups a rule would keep and remove now; nothing is changed.',
    }),
    ApiOkResponse({ type: RetentionPreviewDto }),
  );

export const ApiDeleteBackup = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({
      summary: 'Delete a backup',
      description:
        'Without a password it is hidden, kept and counted for 7 days. With the password of the account it is purged immediately, also from the trash.',
    }),
    ApiBody({ type: DeleteBackupDto, required: false }),
    ApiOkResponse({ type: DeletedBackupDto }),
    ApiResponse({ status: 401, description: '`invalid_credentials`: the password is wrong' }),
    MISSING,
  );

export const ApiRestoreBackup = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({
      summary: 'Restore a deleted backup',
      description: 'Takes a backup out of the trash; no retention rule removes it again.',
    }),
    ApiOkResponse({ type: DeletedBackupDto }),
    MISSING,
  );
