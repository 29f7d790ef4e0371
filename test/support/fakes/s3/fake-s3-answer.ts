import type { IncomingMessage, ServerResponse } from 'node:http';

/**
 * What the next requests suffer. `down`: connections are cut before an answer; `silent`: no answer ever; `slow`: an answer after `ms`;
 * `cut`: half of a body, then the connection ends; `damaged`: one bit of a body that is read is wrong; `answer_lost`: done, but not told;
 * `failing`: 503 with S3's own error; `error_body`: nothing is done, and the answer is 200 with S3's error as its body.
 */
export interface Fault {
  readonly kind: 'down' | 'silent' | 'slow' | 'cut' | 'damaged' | 'answer_lost' | 'failing' | 'error_body';
  /** Only requests with this method. */
  readonly method?: string;
  /** How many requests; all until `heal` when left out. */
  readonly times?: number;
  /** After which it strikes. */
  readonly ms?: number;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  readonly xml?: string;
}

export function send(request: IncomingMessage, response: ServerResponse, answer: Answer, fault: Fault | null): void {
  const body = answer.body ?? Buffer.from(answer.xml ?? '');
  if (answer.status !== 204 && answer.status !== 304) response.setHeader('content-length', body.length);
  if (answer.xml !== undefined) response.setHeader('content-type', 'application/xml');
  response.writeHead(answer.status, answer.headers);
  if (request.method === 'HEAD' || answer.status === 304) return void response.end();
  if (fault?.kind === 'cut' && body.length > 0) {
    response.write(body.subarray(0, Math.floor(body.length / 2)), () => request.socket.destroy());
    return;
  }
  response.end(fault?.kind === 'damaged' ? damaged(body) : body);
}

function damaged(body: Buffer): Buffer {
  const copy = Buffer.from(body);
  const at = Math.floor(copy.length / 2);
  if (copy.length > 0) copy.writeUInt8(copy.readUInt8(at) ^ 1, at);
  return copy;
}
