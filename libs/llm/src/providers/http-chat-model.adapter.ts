import type { Readable } from 'node:stream';
import { ChatModel, type ModelCall } from '../streaming/chat-model.port';
import type { ChunkQueue } from '../streaming/chunk-queue';
import { answerError } from '../streaming/provider-error';
import { ReplyAssembler } from '../streaming/reply-assembler';
import { UnmarkedReasoning } from '../content/unmarked-reasoning';
import type { HttpPost } from './http-post.adapter';
import { NotAStreamError } from '../streaming/framing';
import { failureError, readFailure } from './provider-failure';
import type { ModelEndpoint, WireProtocol } from './wire-protocol';

/** After the finish reason a report of usage may still follow for so long; some servers keep the connection open and send only comments. */
const TRAILER_WITHIN_MS = 300;
/** After the answer the connection may end by itself for so long, so that it can be used again. */
const END_WITHIN_MS = 1_000;
/** Of one stream, decompressed: many times the longest answer. A provider that a user chose may send without end. */
const MAX_STREAM_BYTES = 16 * 1024 * 1024;

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
    read(response.body, protocol, new ReplyAssembler(queue, call, origin, this.unmarked), queue);
  }
}

/** A status of 200 whose body is an error, a page or a whole answer, but not the stream that was asked for. */
function notAStream({ body }: NotAStreamError): Error {
  const failure = readFailure(body);
  return failure.status === undefined && failure.refused !== true
    ? answerError('the provider answered without a stream')
    : failureError(failure);
}

function read(body: Readable, protocol: WireProtocol, reply: ReplyAssembler, queue: ChunkQueue): void {
  const onMessage = protocol.reader(reply);
  const framing = protocol.framing((data, event) => {
    reply.nextMessage();
    onMessage(data, event);
  });
  const decoder = new TextDecoder('utf-8');
  let timer: NodeJS.Timeout | undefined;
  const end = (): void => {
    clearTimeout(timer);
    reply.end();
    timer = setTimeout(() => body.destroy(), END_WITHIN_MS).unref();
  };
  /** After its last finish reason an answer is complete, whatever happens to the connection. */
  const broken = (error: unknown): void => (reply.isFinished ? reply.end() : reply.fail(error));
  const guarded = (work: () => void): void => {
    if (reply.isClosed) return;
    try {
      work();
    } catch (error) {
      broken(error instanceof NotAStreamError ? notAStream(error) : answerError('the answer cannot be read', error));
    }
    if (reply.isClosed) return end();
    if (reply.isFinished) timer ??= setTimeout(end, TRAILER_WITHIN_MS);
    else {
      clearTimeout(timer);
      timer = undefined;
    }
  };
  const endInSilence = (): boolean => {
    const ended = reply.endInSilence();
    if (ended) end();
    return ended;
  };
  queue.connect({ pause: () => body.pause(), resume: () => body.resume(), endInSilence });
  let received = 0;
  body.on('data', (bytes: Buffer) => {
    received += bytes.length;
    guarded(() => {
      if (received > MAX_STREAM_BYTES) reply.fail(answerError('the answer is too large'));
      else framing.write(decoder.decode(bytes, { stream: true }));
    });
  });
  body.once('end', () => {
    guarded(() => framing.end());
    reply.end();
  });
  body.on('error', broken);
  body.once('close', () => {
    clearTimeout(timer);
    if (!reply.isClosed) broken(answerError('the connection was closed'));
  });
}
