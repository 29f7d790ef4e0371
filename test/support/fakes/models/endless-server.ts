import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

const CHUNK = 16 * 1024;

/** Answers every request without end, as fast as it is read, until the client closes the connection. */
export class EndlessServer {
  /** Bytes that each closed connection was sent, with what its buffers still held. */
  readonly sent: number[] = [];
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly server: Server) {}

  /** `line` is repeated; a status that is not 200 is an error body without end. */
  static async start(status: number, line: string): Promise<EndlessServer> {
    const chunk = line.repeat(Math.ceil(CHUNK / line.length));
    const server = createServer((request, response) => {
      const { socket } = request;
      endless.sockets.add(socket);
      request.resume();
      response.writeHead(status, { 'content-type': 'text/event-stream' });
      const send = (): void => {
        while (response.writable && response.write(chunk));
      };
      response.on('drain', send).once('close', () => endless.sent.push(socket.bytesWritten));
      send();
    });
    const endless = new EndlessServer(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return endless;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/v1`;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
