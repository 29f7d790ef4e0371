import { createServer, IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { ExpressAdapter } from '@nestjs/platform-express';
import type { Application } from 'express';
import { Problem, problemDocument } from '@adiuva/kernel';
import { acceptedId } from './edge/http/request-id.middleware';

const HEADERS_MS = 15_000;
const KEEP_ALIVE_MS = 65_000;
const CHECK_MS = 2_000;
const MAX_HEADERS_BYTES = 16 * 1024;
const REST_OF_BODY_MS = 5_000;
/** A connection whose last response began before the shutdown is closed so long after that response, at most. */
const CLOSE_IDLE_MS = 200;

/** Of an Express application; its type declarations leave them out. */
interface MessagePrototypes {
  request: object;
  response: object;
}

type NotFoundHandler = Parameters<ExpressAdapter['setNotFoundHandler']>[0];

/**
 * Express on a server that cuts slow headers and answers what is not HTTP with a problem document. The reader of a body watches its
 * pace; a body that is not read may continue for a moment after the answer.
 */
export class HttpServerAdapter extends ExpressAdapter {
  private draining = false;
  private closed: Promise<void> | undefined;

  override initHttpServer(): void {
    const app = this.getInstance<Application & MessagePrototypes>();
    const server = createServer(
      {
        ...messageClasses(app),
        headersTimeout: HEADERS_MS,
        requestTimeout: 0,
        keepAliveTimeout: KEEP_ALIVE_MS,
        connectionsCheckingInterval: CHECK_MS,
        maxHeaderSize: MAX_HEADERS_BYTES,
      },
      app,
    );
    server.on('clientError', refuse);
    // Only now, because Socket.IO takes the place of every listener that is there before it.
    server.once('listening', () => {
      server.prependListener('request', cutEndlessBody);
      server.prependListener('request', (_, response: ServerResponse) => {
        if (this.draining) response.shouldKeepAlive = false;
      });
    });
    this.httpServer = server satisfies Server;
  }

  /** From now on each response tells its client to close the connection, so that the next request opens one to another node. */
  drain(): void {
    this.draining = true;
  }

  /** Accepts no connection any more; resolves when the open ones are closed. May be called again. */
  override close(): Promise<void> {
    this.drain();
    this.closed ??= new Promise((resolve) => {
      const server: Server = this.getHttpServer();
      const timer = setInterval(() => server.closeIdleConnections(), CLOSE_IDLE_MS);
      server.close(() => {
        clearInterval(timer);
        resolve();
      });
    });
    return this.closed;
  }

  /** Everywhere, and not under the prefix of the routes alone: Express itself would answer with a page. */
  override setNotFoundHandler(handler: NotFoundHandler): void {
    super.setNotFoundHandler(handler);
  }
}

/**
 * Classes of which `app.request` and `app.response` are the prototypes. Express sets the prototypes of every request and response; where they
 * change, V8 keeps both until the next full collection of the heap.
 */
function messageClasses(app: MessagePrototypes) {
  class ExpressRequest extends IncomingMessage {}
  class ExpressResponse extends ServerResponse {}
  Object.setPrototypeOf(ExpressRequest.prototype, app.request);
  Object.setPrototypeOf(ExpressResponse.prototype, app.response);
  app.request = ExpressRequest.prototype;
  app.response = ExpressResponse.prototype;
  return { IncomingMessage: ExpressRequest, ServerResponse: ExpressResponse };
}

function cutEndlessBody(request: IncomingMessage, response: ServerResponse): void {
  response.once('finish', () => {
    if (request.complete) return;
    const timer = setTimeout(() => request.socket.destroy(), REST_OF_BODY_MS);
    request.once('end', () => clearTimeout(timer)).once('close', () => clearTimeout(timer));
  });
}

function refuse(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const problem = new Problem(codeOf(error));
  const requestId = acceptedId(undefined);
  const body = JSON.stringify(problemDocument(problem, '/', requestId));
  socket.end(
    `HTTP/1.1 ${problem.status} ${problem.title}\r\nContent-Type: application/problem+json\r\nX-Request-Id: ${requestId}\r\n` +
      `Connection: close\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

function codeOf(error: NodeJS.ErrnoException) {
  if (error.code === 'HPE_HEADER_OVERFLOW') return 'headers_too_large';
  return error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'request_timeout' : 'malformed_request';
}
