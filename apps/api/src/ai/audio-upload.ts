import busboy from 'busboy';
import { PassThrough } from 'node:stream';
import { invalidField, Problem } from '@adiuva/kernel';
import type { AudioUpload } from '@adiuva/llm';
import type { EdgeRequest } from '../edge/principal';

export const AUDIO_MAX_BYTES = 25 * 1024 * 1024;
const OVERHEAD_BYTES = 16 * 1024;
const LIMITS = {
  fieldNameSize: 64,
  fieldSize: 1_024,
  fields: 4,
  files: 1,
  parts: 5,
  headerPairs: 32,
  fileSize: AUDIO_MAX_BYTES,
};
const MULTIPART = /^multipart\/form-data\s*(?:;|$)/i;

/** The most bytes that the audio of a request can have. */
export function maxAudioBytes(request: EdgeRequest): number {
  const length = Number(request.headers['content-length']);
  return Number.isFinite(length) && length >= 0 ? Math.min(length, AUDIO_MAX_BYTES) : AUDIO_MAX_BYTES;
}

/**
 * The part `file` of a multipart body, as it arrives; other parts are ignored. Rejects with `unsupported_media_type`, `payload_too_large`,
 * `malformed_request` or `validation_failed`; a fault that shows later destroys the stream of bytes with one of them.
 */
export function readAudio(request: EdgeRequest): Promise<AudioUpload> {
  if (!MULTIPART.test(request.headers['content-type'] ?? '')) {
    return Promise.reject(new Problem('unsupported_media_type', { detail: 'The body must be multipart/form-data' }));
  }
  if (Number(request.headers['content-length'] ?? 0) > AUDIO_MAX_BYTES + OVERHEAD_BYTES)
    return Promise.reject(tooLarge());
  return new Promise((resolve, reject) => {
    const bytes = new PassThrough();
    bytes.on('error', () => undefined);
    const fail = (error: unknown): void => {
      const problem = error instanceof Problem ? error : new Problem('malformed_request', { cause: error });
      request.unpipe();
      request.resume();
      bytes.destroy(problem);
      reject(problem);
    };
    const parser = parserOf(request, fail);
    if (!parser) return;
    parser.on('file', (name, file, { filename, mimeType }) => {
      file.on('error', () => undefined);
      if (name !== 'file') return fail(missing());
      file.once('limit', () => fail(tooLarge()));
      file.pipe(bytes);
      resolve({ bytes, filename: filename ?? '', contentType: mimeType ?? '' });
    });
    parser.once('close', () => reject(missing()));
    parser.on('error', fail);
    const cut = (): void => fail(new Problem('malformed_request', { detail: 'The body ended early' }));
    if (request.destroyed) return cut();
    request.once('close', () => void (request.readableEnded || cut())).pipe(parser);
  });
}

function parserOf(request: EdgeRequest, fail: (error: unknown) => void): busboy.Busboy | undefined {
  try {
    return busboy({ headers: request.headers, limits: LIMITS, defParamCharset: 'utf8' });
  } catch (error) {
    fail(error);
    return undefined;
  }
}

function tooLarge(): Problem {
  return new Problem('payload_too_large', { members: { limit_bytes: AUDIO_MAX_BYTES } });
}

function missing(): Problem {
  return invalidField('file', 'must be an audio file');
}
