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
      summary: 'Stores a backup that comes as one body',
      description:
        'Hashed on its way in; up to 10,000 parts of 5 MiB. Without a `Content-Length` its room is reserved as it comes.',
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

export const ApiGetBackup = (summary: string): MethodDecorator =>
  applyDecorators(
    ApiOperation({
      summary,
      description:
        'The latest is the newest by the server’s clock that is not deleted and not known to be damaged. The connection is cut before the last byte when the stored bytes do not match the checksum.',
    }),
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
    ApiOperation({ summary: 'The backups, newest first by the server’s clock' }),
    ApiOkResponse({ type: [BackupMetadataDto] }),
  );

export const ApiRetention = (summary: string): MethodDecorator =>
  applyDecorators(ApiOperation({ summary }), ApiOkResponse({ type: RetentionDto }));

export const ApiPreviewRetention = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({ summary: 'What a rule would keep and let go now; nothing is changed' }),
    ApiOkResponse({ type: RetentionPreviewDto }),
  );

export const ApiDeleteBackup = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({
      summary: 'Hides a backup, or destroys it',
      description:
        'Without the password it is kept, hidden and counted, for 7 days. With the password it is gone at once, also out of the trash.',
    }),
    ApiBody({ type: DeleteBackupDto, required: false }),
    ApiOkResponse({ type: DeletedBackupDto }),
    ApiResponse({ status: 401, description: '`invalid_credentials`: the password is wrong' }),
    MISSING,
  );

export const ApiRestoreBackup = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({ summary: 'Takes a backup out of the trash; no retention rule puts it there again' }),
    ApiOkResponse({ type: DeletedBackupDto }),
    MISSING,
  );
