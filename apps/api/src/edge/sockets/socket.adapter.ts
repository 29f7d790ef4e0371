import type { INestApplicationContext } from '@nestjs/common';
import { IoAdapter } from '@nestjs/platform-socket.io';
import type { Server, ServerOptions } from 'socket.io';
import type { ServerConfig } from '@adiuva/config';
import { Problem } from '@adiuva/kernel';
import type { Metrics } from '@adiuva/platform';
import { originMatcher } from '../http/origin-matcher';
import { acceptedId } from '../http/request-id.middleware';
import { connectError } from './socket-token';

const PING_MS = 30_000;
const PONG_MS = 20_000;
const JOIN_MS = 10_000;
/** What a client reads that begins with HTTP long polling where several nodes serve. */
const WEBSOCKET_ONLY = 'Only the websocket transport is served here: connect with transports: ["websocket"]';
const MAX_FRAME_BYTES = 2 * 1024 * 1024;

/** Socket.IO as we run it: no compression, small per-socket memory, nothing outside our own namespaces. */
export class SocketAdapter extends IoAdapter {
  constructor(
    application: INestApplicationContext,
    private readonly config: ServerConfig,
    private readonly metrics: Metrics,
  ) {
    super(application);
  }

  override createIOServer(port: number, options?: ServerOptions): Server {
    const allowed = originMatcher(this.config.CORS_ORIGINS);
    const ours: Partial<ServerOptions> = {
      cors: {
        origin: (origin: string | undefined, answer: (error: null, ok: boolean) => void) =>
          answer(null, allowed(origin)),
      },
      transports: ['websocket', 'polling'],
      allowRequest: (request, answer) => {
        const isPolling = !this.config.SOCKET_POLLING && !/[?&]transport=websocket(?:&|$)/.test(request.url ?? '');
        answer(isPolling ? WEBSOCKET_ONLY : null, !isPolling);
      },
      pingInterval: PING_MS,
      pingTimeout: PONG_MS,
      connectTimeout: JOIN_MS,
      maxHttpBufferSize: MAX_FRAME_BYTES,
      perMessageDeflate: false,
      httpCompression: false,
      serveClient: false,
    };
    const server: Server = super.createIOServer(port, Object.assign({}, options, ours));
    server.of('/').use((socket, next) => {
      next(connectError(new Problem('unauthenticated'), '/', acceptedId(socket.handshake.headers['x-request-id'])));
    });
    server.on('new_namespace', (namespace) => {
      namespace.on('connection', (socket) => {
        this.metrics.sockets.inc({ namespace: namespace.name });
        socket.once('disconnect', () => this.metrics.sockets.dec({ namespace: namespace.name }));
      });
    });
    // The first HTTP request of a socket is never looked at again; it holds a third of the memory of a quiet socket.
    server.engine.on('connection', (raw: { request: unknown }) => {
      raw.request = null;
    });
    return server;
  }
}
