import { io, type Socket } from 'socket.io-client';
import type { Session } from '../api/session';
import { problemOf, type ApiProblem } from '../api/problem';
import type { ServerFrame } from './live-chat';

export interface SocketOptions {
  /** Address of the server, as for requests; a path in it is where the server's paths begin. */
  readonly baseUrl: string;
  /** Milliseconds until a request without an acknowledgement fails; 15,000 by default. */
  readonly ackTimeoutMs?: number;
}

export type FrameKind = 'token' | 'done' | 'error';

export interface ConnectionEvents {
  frame(kind: FrameKind, frame: ServerFrame): void;
  toolCall(frame: ServerFrame, reply: (answer: unknown) => void): void;
  storageChanged(event: { readonly cursor?: string; readonly table?: string }): void;
  /** The socket is open again, after one that was. */
  reconnected(): void;
  /** The server will not let this session in. */
  refused(problem: ApiProblem): void;
}

const NAMESPACE = '/api/v1/chat/stream';
const ACK_TIMEOUT_MS = 15_000;
const RETRY_MS = 2_000;

/** The socket: authenticated with the current access token, which it renews, and connected again whatever ended it. */
export class ChatConnection {
  private readonly socket: Socket;
  private readonly unsubscribe: () => void;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private wasConnected = false;

  constructor(
    private readonly options: SocketOptions,
    private readonly session: Session,
    private readonly events: ConnectionEvents,
  ) {
    const { origin, pathname } = new URL(options.baseUrl);
    this.socket = io(origin + NAMESPACE, {
      path: `${pathname.replace(/\/+$/, '')}/socket.io/`,
      auth: (give) =>
        void session.current().then(
          (token) => give({ token }),
          () => give({}),
        ),
      transports: ['websocket'],
      forceNew: true,
    });
    this.unsubscribe = session.onToken((token) => this.renew(token));
    this.listen();
  }

  /** Whether the server acknowledged; false when the connection was cut meanwhile. Throws the `ApiProblem` of a refusal. */
  async ask(event: string, body: object): Promise<boolean> {
    let answer: unknown;
    try {
      answer = await this.socket.timeout(this.options.ackTimeoutMs ?? ACK_TIMEOUT_MS).emitWithAck(event, body);
    } catch {
      return false;
    }
    if (typeof answer !== 'object' || answer === null || !('ok' in answer) || answer.ok !== false) return true;
    throw problemOf(0, 'problem' in answer ? answer.problem : undefined);
  }

  tell(event: string, body: object): void {
    this.socket.emit(event, body);
  }

  close(): void {
    clearTimeout(this.timer);
    this.unsubscribe();
    this.socket.disconnect();
  }

  private listen(): void {
    const { socket, events } = this;
    socket.on('chat:token', (frame: ServerFrame) => events.frame('token', frame));
    socket.on('chat:done', (frame: ServerFrame) => events.frame('done', frame));
    socket.on('chat:error', (frame: ServerFrame) => events.frame('error', frame));
    socket.on('chat:tool_call', (frame: ServerFrame, reply: (answer: unknown) => void) =>
      events.toolCall(frame, reply),
    );
    socket.on('storage:changed', (event: { cursor: string; table: string }) => events.storageChanged(event));
    socket.on('connect', () => {
      this.scheduleRenewal();
      if (this.wasConnected) events.reconnected();
      this.wasConnected = true;
    });
    socket.on('disconnect', (reason) => {
      // Socket.IO itself comes back from a cut connection, not from one that the server closed.
      if (reason === 'io server disconnect') this.connectAgain(0);
    });
    socket.on('connect_error', (error) => this.failed(error));
  }

  /** A fresh token for the open socket; where the server does not take it, the next connection brings it. */
  private renew(token: string): void {
    if (!this.socket.connected) return;
    this.socket.timeout(this.options.ackTimeoutMs ?? ACK_TIMEOUT_MS).emit('auth:renew', { token }, () => undefined);
    this.scheduleRenewal();
  }

  /** An idle app makes no request that would refresh the token. */
  private scheduleRenewal(): void {
    clearTimeout(this.timer);
    const { renewInMs } = this.session;
    if (renewInMs === undefined) return;
    this.timer = setTimeout(
      () => {
        this.session
          .current()
          .catch(() => undefined)
          .finally(() => this.scheduleRenewal());
      },
      Math.max(renewInMs, 1_000),
    );
  }

  /** A problem document is the server's refusal, final but for an ended token and overload; anything else Socket.IO tries again. */
  private failed(error: Error): void {
    if (!('data' in error) || typeof error.data !== 'object' || error.data === null) return;
    const problem = problemOf(0, error.data);
    if (problem.status === 429 || problem.status >= 500) this.connectAgain(problem.retryAfterMs ?? RETRY_MS);
    else
      void this.tokenRenewed(problem.status).then((renewed) => {
        if (renewed) this.socket.connect();
        else this.events.refused(problem);
      });
  }

  private connectAgain(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.socket.connect(), ms);
  }

  private async tokenRenewed(status: number): Promise<boolean> {
    const spent = status === 401 ? (await this.session.held())?.access_token : undefined;
    if (spent === undefined) return false;
    return (await this.session.renew(spent).catch(() => undefined)) !== undefined;
  }
}
