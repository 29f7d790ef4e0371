import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { BackupBody, BackupLabel } from '@adiuva/backup';
import type { EdgeRequest } from '../edge/principal';
import { announcedSize, streamedBody } from '../edge/body/streamed-body';
import { validated } from '../edge/body/validation.pipe';
import { BackupHeadersDto, ChunkHeadersDto } from './backup-headers.dto';

/** What `X-Backup-Version`, `X-Backup-Timestamp` and `X-Backup-Checksum` say. @throws Problem `validation_failed` */
export const LabelHeaders = createParamDecorator(
  async (_: unknown, context: ExecutionContext): Promise<BackupLabel> => {
    const headers = headersOf(context, ['X-Backup-Version', 'X-Backup-Timestamp', 'X-Backup-Checksum']);
    return (await validated(BackupHeadersDto, headers)).toLabel();
  },
);

/** What `X-Checksum` says. @throws Problem `validation_failed` */
export const ChecksumHeader = createParamDecorator(async (_: unknown, context: ExecutionContext): Promise<string> => {
  return (await validated(ChunkHeadersDto, headersOf(context, ['X-Checksum'])))['X-Checksum'];
});

/** The body as a stream, with its length where the client gave it. */
export const StreamBody = createParamDecorator((_: unknown, context: ExecutionContext): BackupBody => {
  const request = context.switchToHttp().getRequest<EdgeRequest>();
  const chunked = request.headers['transfer-encoding'] !== undefined;
  return { bytes: streamedBody(request), size: chunked ? null : (announcedSize(request) ?? 0) };
});

function headersOf(context: ExecutionContext, names: readonly string[]): Record<string, unknown> {
  const { headers } = context.switchToHttp().getRequest<EdgeRequest>();
  return Object.fromEntries(
    names.flatMap((name) => (headers[name.toLowerCase()] === undefined ? [] : [[name, headers[name.toLowerCase()]]])),
  );
}
