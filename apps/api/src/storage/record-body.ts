import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { CHECKSUM, Problem } from '@adiuva/kernel';
import type { NewRecord, RecordContent } from '@adiuva/storage';
import { readBytes } from '../edge/body/json-body.guard';
import type { EdgeRequest } from '../edge/principal';
import { announcedSize, streamedBody } from '../edge/body/streamed-body';
import { validated } from '../edge/body/validation.pipe';
import { CreateRecordDto, RecordContentDto, StreamedContentDto, StreamedRecordDto } from './record.dto';

const SMALL_BYTES = 64 * 1024;
const BYTES = /^application\/octet-stream\s*(?:;|$)/i;

/** A record to make, from JSON with base64, or from the bytes themselves with `X-Table`, `X-Checksum` and, where wanted, `X-Record-Id`. */
export const NewRecordBody = createParamDecorator(async (_: unknown, context: ExecutionContext): Promise<NewRecord> => {
  const request = context.switchToHttp().getRequest<EdgeRequest>();
  if (!isStreamed(request)) return (await validated(CreateRecordDto, request.body)).toRecord();
  const headers = await validated(StreamedRecordDto, headersOf(request, ['X-Checksum', 'X-Table', 'X-Record-Id']));
  const id = headers['X-Record-Id'];
  return {
    ...(await streamed(request, headers['X-Checksum'])),
    table: headers['X-Table'],
    ...(id === undefined ? {} : { id }),
  };
});

/** The new content of a record, in either form. */
export const RecordContentBody = createParamDecorator(
  async (_: unknown, context: ExecutionContext): Promise<RecordContent> => {
    const request = context.switchToHttp().getRequest<EdgeRequest>();
    if (!isStreamed(request)) return (await validated(RecordContentDto, request.body)).toContent();
    const checksum = request.headers['x-checksum'];
    // The usual case of a route that is called all day; whatever else stands there is refused by the DTO's rule.
    if (typeof checksum === 'string' && CHECKSUM.test(checksum)) return streamed(request, checksum);
    const headers = await validated(StreamedContentDto, headersOf(request, ['X-Checksum']));
    return streamed(request, headers['X-Checksum']);
  },
);

/** Whether the body is the bytes. @throws Problem `unsupported_media_type` for a body that is neither form */
function isStreamed(request: EdgeRequest): boolean {
  const type = request.headers['content-type'] ?? '';
  if (BYTES.test(type)) return true;
  if (request.body === undefined)
    throw new Problem('unsupported_media_type', { detail: 'Send application/json or application/octet-stream' });
  return false;
}

/** A small body is read into memory, which costs less than a stream. */
async function streamed(request: EdgeRequest, checksum: string): Promise<RecordContent> {
  const size = announcedSize(request);
  if (size === undefined) return { bytes: streamedBody(request), checksum };
  const bytes = size <= SMALL_BYTES ? await readBytes(request, SMALL_BYTES) : streamedBody(request);
  return { bytes, checksum, size };
}

function headersOf(request: EdgeRequest, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    names.flatMap((name) =>
      request.headers[name.toLowerCase()] === undefined ? [] : [[name, request.headers[name.toLowerCase()]]],
    ),
  );
}
