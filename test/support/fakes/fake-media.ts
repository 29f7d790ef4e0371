import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export const PICTURE = Buffer.from('a picture').toString('base64');

interface Seen {
  readonly path: string;
  readonly type: string;
  readonly body: Buffer;
}

/** The images and audio of OpenAI's API on a local port. */
export class FakeMedia {
  readonly seen: Seen[] = [];
  status = 200;
  picture = PICTURE;
  private readonly server: Server;

  constructor() {
    // No connection is closed that its client may take again at that moment, as after this process has stood still.
    this.server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.once('end', () => {
        const path = request.url ?? '';
        this.seen.push({ path, type: request.headers['content-type'] ?? '', body: Buffer.concat(chunks) });
        if (this.status !== 200)
          response.writeHead(this.status, { 'retry-after': '7' }).end('{"error":{"message":"SECRET"}}');
        else if (path === '/v1/images/generations') {
          response.writeHead(200, { 'content-type': 'application/json' });
          response.end(JSON.stringify({ data: [{ b64_json: this.picture }], usage: { total_tokens: 321 } }));
        } else if (path === '/v1/audio/speech') {
          response.writeHead(200, { 'content-type': 'audio/mpeg' });
          response.write('first ');
          setTimeout(() => response.end('second'), 20);
        } else if (path === '/v1/audio/transcriptions') {
          response.writeHead(200, { 'content-type': 'application/json' });
          response.end(JSON.stringify({ text: 'Call Anna', usage: { total_tokens: 55 } }));
        } else response.writeHead(404).end();
      });
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/v1`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
