import { Agent, request as http, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import type { HttpRequest } from './http-requests';

export interface HttpAnswer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
  readonly headers: IncomingHttpHeaders;
}

/** No route may take longer, less the time in which the server waited for a processor. */
const MAX_MS = 20_000;
/** An event stream has no end, so its first part is enough. */
const EVENT_STREAM_MS = 200;
/** What Node's client refuses to send goes out through a socket. */
const SENDABLE = { path: /^[\x21-\x7e]+$/, header: /^[\t\x20-\x7e\x80-\xff]*$/ };

/** Sends requests as they stand, over connections that are kept. Rejects when a request hangs or its connection breaks. */
export class HttpClient {
  private readonly agent = new Agent({ keepAlive: true });

  /** @param starvedMs how long the server has waited for a processor since its start */
  constructor(
    private readonly port: number,
    private readonly starvedMs: () => number = () => 0,
  ) {}

  send(request: HttpRequest): Promise<HttpAnswer> {
    const headers = Object.entries(request.headers).map(([name, value]): readonly [string, string] => [
      name,
      Buffer.from(value).toString('latin1'),
    ]);
    if (request.token !== undefined) headers.push(['authorization', `Bearer ${request.token}`]);
    const isSendable = SENDABLE.path.test(request.path) && headers.every(([, value]) => SENDABLE.header.test(value));
    return isSendable ? this.sendByHttp(request, headers) : this.sendRaw(request, headers);
  }

  close(): void {
    this.agent.destroy();
  }

  private sendByHttp({ method, path, body }: HttpRequest, headers: (readonly [string, string])[]): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      const sent = http({
        agent: this.agent,
        port: this.port,
        host: '127.0.0.1',
        method: method.toUpperCase(),
        path,
        headers: { 'content-length': body.length, ...Object.fromEntries(headers) },
      });
      const stop = this.limit((error) => sent.destroy(error));
      const end = (answer: HttpAnswer) => (stop(), resolve(answer));
      sent.once('error', (error) => (stop(), reject(error)));
      sent.once('response', (response) => read(response, end, reject));
      sent.end(body);
    });
  }

  private sendRaw({ method, path, body }: HttpRequest, headers: (readonly [string, string])[]): Promise<HttpAnswer> {
    const lines = [
      `${method.toUpperCase()} ${path} HTTP/1.1`,
      'host: x',
      'connection: close',
      `content-length: ${body.length}`,
      ...headers.map(([name, value]) => `${name}: ${value}`),
    ];
    return new Promise((resolve, reject) => {
      const socket = connect(this.port, '127.0.0.1');
      const stop = this.limit((error) => socket.destroy(error));
      let text = '';
      socket.on('data', (chunk) => (text += chunk.toString('latin1')));
      socket.on('error', reject);
      socket.on('close', () => {
        stop();
        resolve({
          status: Number(text.slice(9, 12)),
          type: /content-type: ([^\r]*)/i.exec(text)?.[1] ?? '',
          text,
          headers: {},
        });
      });
      socket.write(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), body]));
    });
  }

  /** Calls `fail` after `MAX_MS`; gives what ends that. */
  private limit(fail: (error: Error) => void): () => void {
    const began = performance.now();
    const starved = this.starvedMs();
    const left = (): number => MAX_MS - (performance.now() - began) + (this.starvedMs() - starved);
    const check = (): void => {
      if (left() > 0) timer = setTimeout(check, left());
      else fail(new Error(`no complete response in ${MAX_MS} ms in which the server had a processor`));
    };
    let timer = setTimeout(check, MAX_MS);
    return () => clearTimeout(timer);
  }
}

function read(response: IncomingMessage, done: (answer: HttpAnswer) => void, failed: (error: Error) => void): void {
  const { statusCode: status = 0, headers } = response;
  const type = headers['content-type'] ?? '';
  const chunks: Buffer[] = [];
  const end = (): void => {
    const text = Buffer.concat(chunks).toString();
    done({ status, type, text, headers });
  };
  response.on('data', (chunk: Buffer) => chunks.push(chunk)).once('end', end);
  const isEventStream = type.startsWith('text/event-stream');
  response.once('error', (error) => !isEventStream && failed(error));
  if (isEventStream) setTimeout(() => (end(), response.destroy()), EVENT_STREAM_MS);
}
