import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { bulkhead } from 'cockatiel';
import { z } from 'zod';
import { endpointUrl } from '../providers/base-url';
import { withVersion } from '../providers/endpoints';
import { HttpPost, type ProviderResponse } from '../providers/http-post.adapter';
import { answerError, refusalError } from '../streaming/provider-error';

/** Base64 of a picture, or where the provider keeps it for a while. */
export interface GeneratedImage {
  readonly base64?: string | undefined;
  readonly url?: string | undefined;
}

export interface Speech {
  readonly audio: Readable;
  readonly contentType: string;
}

export interface AudioUpload {
  readonly bytes: Readable;
  readonly filename: string;
  readonly contentType: string;
}

/** Undefined where the provider reports none. */
export type TokensUsed = number | undefined;

const MIB = 1024 * 1024;
/** Of a picture as base64 PNG, with room for twice the largest that a model makes. */
const MAX_IMAGE_BYTES = 16 * MIB;
const MAX_TRANSCRIPT_BYTES = 4 * MIB;
/** Pictures that are in memory while they are read; those of others stay in the connection. */
const MAX_IMAGES_READ = 4;
const Usage = z.object({ total_tokens: z.number().int().nonnegative() }).optional().catch(undefined);
const Images = z.object({
  data: z.array(z.object({ b64_json: z.string().optional(), url: z.string().optional() })).min(1),
  usage: Usage,
});
const Transcript = z.object({ text: z.string(), usage: Usage });

/** The images and audio of OpenAI and of servers that speak its protocol. Throws `ProviderError`. */
export class OpenAiMedia {
  private readonly http: HttpPost;
  private readonly reads = bulkhead(MAX_IMAGES_READ, Infinity);

  constructor(
    private readonly baseUrl: string,
    private readonly apiKey: string,
    connectTimeoutMs: number,
  ) {
    this.http = new HttpPost(connectTimeoutMs);
  }

  async images(request: object, signal: AbortSignal) {
    const response = await this.post('images/generations', request, signal);
    // One that is cut while it waits for its turn; reading it throws.
    response.body.on('error', () => undefined);
    const { data, usage } = Images.parse(await this.reads.execute(() => json(response, MAX_IMAGE_BYTES)));
    const images = data.map(({ b64_json: base64, url }) => ({ base64, url }));
    if (images.every(({ base64, url }) => base64 === undefined && url === undefined)) throw refusalError();
    return { images, tokens: usage?.total_tokens };
  }

  async speech(request: object, signal: AbortSignal): Promise<Speech> {
    const { body, contentType } = await this.post('audio/speech', request, signal);
    if (/^(?:audio\/|application\/octet-stream)/.test(contentType)) return { audio: body, contentType };
    body.on('error', () => undefined).destroy();
    throw answerError(`the provider answered with ${contentType}`);
  }

  async transcribe(model: string, audio: AudioUpload, signal: AbortSignal) {
    const boundary = `adiuva-${randomUUID()}`;
    const headers = { ...this.headers, 'content-type': `multipart/form-data; boundary=${boundary}` };
    const body = Readable.from(multipart(boundary, model, audio));
    const response = await this.http.send(this.url('audio/transcriptions'), headers, body, signal);
    const { text, usage } = Transcript.parse(await json(response, MAX_TRANSCRIPT_BYTES));
    return { text, tokens: usage?.total_tokens };
  }

  close(): Promise<void> {
    return this.http.close();
  }

  private post(path: string, request: object, signal: AbortSignal): Promise<ProviderResponse> {
    return this.http.send(this.url(path), this.headers, JSON.stringify(request), signal);
  }

  private get headers(): Readonly<Record<string, string>> {
    return { authorization: `Bearer ${this.apiKey}` };
  }

  private url(path: string): string {
    return endpointUrl(withVersion(this.baseUrl), path);
  }
}

/** RFC 7578. The file's name is of the client: it is reduced to what cannot break the header. */
async function* multipart(boundary: string, model: string, { bytes, filename, contentType }: AudioUpload) {
  const name = filename.replace(/[^\w.-]/g, '_').slice(-64) || 'audio';
  const type = /^audio\/[\w.+-]{1,64}$|^video\/(?:mp4|webm)$/.test(contentType)
    ? contentType
    : 'application/octet-stream';
  const field = (field: string, value: string): string =>
    `--${boundary}\r\ncontent-disposition: form-data; name="${field}"\r\n\r\n${value}\r\n`;
  yield field('model', model) + field('response_format', 'json');
  yield `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: ${type}\r\n\r\n`;
  yield* bytes;
  yield `\r\n--${boundary}--\r\n`;
}

async function json({ body }: ProviderResponse, maxBytes: number): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    if ((size += chunk.length) > maxBytes) throw answerError('the answer of the provider is too large');
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch (error) {
    throw answerError('the answer of the provider is not JSON', error);
  }
}
