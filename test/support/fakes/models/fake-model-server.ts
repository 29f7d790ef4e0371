import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Json } from './protocol';

export interface ModelRequest {
  /** Path with query. */
  readonly url: string;
  readonly model: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Json;
}

/** What the server does with a request. Times are milliseconds. */
export type ModelResponse =
  | { readonly raw: Buffer }
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string | Buffer }
  | {
      readonly type: string;
      readonly headers?: Record<string, string>;
      readonly parts: readonly (string | Buffer)[];
      readonly delay?: number;
      readonly gap?: number;
      readonly then?: 'end' | 'reset' | 'stall';
    };

export type OnModelRequest = (request: ModelRequest) => ModelResponse;

/** Plays any provider on a local port, byte by byte as the test says. */
export class FakeModelServer {
  readonly requests: ModelRequest[] = [];
  /** How many connections were made in all. */
  connections = 0;
  private readonly sockets = new Set<Socket>();
  private readonly streaming = new Set<ServerResponse>();
  private onRequest: OnModelRequest = () => ({ status: 500 });

  private constructor(private readonly server: Server) {}

  static async start(): Promise<FakeModelServer> {
    const server = createServer(
      { keepAliveTimeout: 70_000 },
      (request, response) => void fake.serve(request, response),
    );
    const fake = new FakeModelServer(server);
    server.on('connection', (socket) => {
      fake.connections += 1;
      fake.sockets.add(socket);
      socket.once('close', () => fake.sockets.delete(socket));
      socket.on('error', () => undefined);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return fake;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Answers that are being given now. */
  get open(): number {
    return this.streaming.size;
  }

  answer(onRequest: OnModelRequest): void {
    this.requests.length = 0;
    this.onRequest = onRequest;
  }

  /** Closes the connections that wait for another request, as a provider does after a while. */
  closeIdle(): void {
    this.server.closeIdleConnections();
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
    const { url = '', headers } = incoming;
    const body: Json = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    const model = String(body['model'] ?? /models\/([^:]+):/.exec(url)?.[1]);
    const request = { url, model, headers, body };
    this.requests.push(request);
    this.streaming.add(response);
    response.once('close', () => this.streaming.delete(response));
    const answer = this.onRequest(request);
    if ('raw' in answer) incoming.socket.write(answer.raw);
    else if ('status' in answer) {
      response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
      response.end(answer.body ?? '{}');
    } else await stream(response, answer);
    // Bytes of a whole response: it has ended where they say so.
    if ('raw' in answer && answer.raw.toString('latin1').trimEnd().endsWith('\r\n0')) incoming.socket.end();
  }
}

async function stream(response: ServerResponse, answer: Extract<ModelResponse, { parts: unknown }>): Promise<void> {
  await pause(answer.delay ?? 0);
  if (answer.then === 'reset' && answer.parts.length === 0) return void response.destroy();
  response.writeHead(200, { 'content-type': answer.type, ...answer.headers });
  response.flushHeaders();
  for (const [at, part] of answer.parts.entries()) {
    if (at > 0) await pause(answer.gap ?? 0);
    if (response.destroyed) return;
    response.write(part);
  }
  if (answer.then === 'reset') {
    // What was written must have left before the reset.
    await pause(20);
    response.destroy();
  } else if (answer.then !== 'stall') response.end();
}

async function pause(ms: number): Promise<void> {
  if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
}
