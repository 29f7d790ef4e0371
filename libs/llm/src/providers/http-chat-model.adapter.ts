import type { Readable } from 'node:stream';
import { ChatModel, type ModelCall } from '../streaming/chat-model.port';
import type { ChunkQueue } from '../streaming/chunk-queue';
import { answerError } from '../streaming/provider-error';
import { ReplyAssembler } from '../streaming/reply-assembler';
import { UnmarkedReasoning } from '../streaming/unmarked-reasoning';
import { smallBody, type HttpPost, type ProviderResponse } from './http-post.adapter';
import { failureError, readFailure } from './provider-failure';
import type { ModelEndpoint, WireProtocol } from './wire-protocol';

/** After the end marker a report of usage may still follow for so long; some servers keep the connection open and send nothing more. */
const TRAILER_WITHIN_MS = 300;
/** After the answer the connection may end by itself for so long, so that it can be used again. */
const END_WITHIN_MS = 1_000;
const JSON_WITHIN_MS = 1_000;
/** Of one stream, decompressed: many times the longest answer. A provider that a user chose may send without end. */
const MAX_STREAM_BYTES = 16 * 1024 * 1024;
const NO_STREAM = /^(?:text\/html|application\/(?:problem\+)?json)(?:[;\s]|$)/;

/**
 * A model behind HTTP, in any of the wire protocols. Streams are read here and not by the providers' SDKs: a token costs less, the
 * connection is closed as soon as an answer is not wanted, and no promise of a library is left without a handler.
 */
export class HttpChatModel extends ChatModel {
  private readonly unmarked: UnmarkedReasoning;

  constructor(
    private readonly endpoint: ModelEndpoint,
    private readonly http: HttpPost,
  ) {
    super();
    this.unmarked = new UnmarkedReasoning(endpoint.origin);
  }

  async stream(call: ModelCall, queue: ChunkQueue, signal: AbortSignal): Promise<void> {
    const { url, headers, protocol, origin } = this.endpoint;
    const response = await this.http.send(url, headers, JSON.stringify(protocol.request(call)), signal);
    if (NO_STREAM.test(response.contentType)) throw await notAStream(response);
    read(response.body, protocol, new ReplyAssembler(queue, call, origin, this.unmarked), queue);
  }
}

/** A status of 200 whose body is an error, a page or a whole answer, but not the stream that was asked for. */
async function notAStream({ body, contentType }: ProviderResponse): Promise<Error> {
  const beginning = await smallBody(body, JSON_WITHIN_MS);
  const failure = readFailure(contentType.startsWith('text/html') ? '' : beginning);
  return failure.status === undefined && failure.refused !== true
    ? answerError(`the provider answered with ${contentType}`)
    : failureError(failure);
}

function read(body: Readable, protocol: WireProtocol, reply: ReplyAssembler, queue: ChunkQueue): void {
  const framing = protocol.framing(protocol.reader(reply));
  const decoder = new TextDecoder('utf-8');
  let timer: NodeJS.Timeout | undefined;
  /** After its end marker an answer is complete, whatever follows. */
  const broken = (error: unknown): void => (reply.isFinished ? reply.end() : reply.fail(error));
  const guarded = (work: () => void): void => {
    try {
      if (!reply.isClosed) work();
    } catch (error) {
      broken(answerError('the answer cannot be read', error));
    }
    if (!reply.isClosed && !reply.isFinished) return;
    clearTimeout(timer);
    const end = (): void => {
      reply.end();
      timer = setTimeout(() => body.destroy(), END_WITHIN_MS).unref();
    };
    if (reply.isClosed) end();
    else timer = setTimeout(end, TRAILER_WITHIN_MS);
  };
  queue.connect({ pause: () => body.pause(), resume: () => body.resume() });
  let received = 0;
  body.on('data', (bytes: Buffer) => {
    received += bytes.length;
    if (received > MAX_STREAM_BYTES) reply.fail(answerError('the answer is too large'));
    guarded(() => framing.write(decoder.decode(bytes, { stream: true })));
  });
  body.once('end', () => {
    guarded(() => framing.end());
    reply.end();
  });
  body.on('error', broken);
  body.once('close', () => {
    clearTimeout(timer);
    broken(answerError('the connection was closed'));
  });
}
