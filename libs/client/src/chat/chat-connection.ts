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

/** A read tool that a run asks this device for. */
export interface RunToolCall {
  readonly run_id: string;
  readonly call_id: string;
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

export interface RunStatusEvent {
  readonly run_id: string;
  readonly status: string;
}

export interface RunOutputEvent {
  readonly run_id: string;
}

export type FrameKind = 'token' | 'done' | 'error';

type Reply = (answer: unknown) => void;

export interface ConnectionEvents {
  frame(kind: FrameKind, frame: ServerFrame): void;
  toolCall(frame: ServerFrame, reply: (answer: unknown) => void): void;
  runToolCall(frame: RunToolCall, reply: (answer: unknown) => void): void;
  runStatus(event: RunStatusEvent): void;
  runOutput(event: RunOutputEvent): void;
  storageChanged(event: { readonly cursor?: string; readonly table?: string }): void;
  /** The socket is open, for the first time or again. */
  connected(): void;
  /** The session has ended, or is another one's: nothing of it is sent any more. */
  ended(): void;
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
  private renewal: ReturnType<typeof setTimeout> | undefined;
  private reconnect: ReturnType<typeof setTimeout> | undefined;
  private isRefused = false;
  private isClosed = false;
  private isRetry = false;

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
    if (this.isRefused) this.connect();
    let answer: unknown;
    try {
      answer = await this.socket.timeout(this.options.ackTimeoutMs ?? ACK_TIMEOUT_MS).emitWithAck(event, body);
    } catch {
      return false;
    }
    if (typeof answer !== 'object' || answer === null || !('ok' in answer) || answer.ok !== false) return true;
    throw problemOf(0, 'problem' in answer ? answer.problem : undefined);
  }

  get isConnected(): boolean {
    return this.socket.connected;
  }

  tell(event: string, body: object): void {
    this.socket.emit(event, body);
  }

  close(): void {
    this.isClosed = true;
    clearTimeout(this.renewal);
    clearTimeout(this.reconnect);
    this.unsubscribe();
    this.socket.disconnect();
  }

  /** The next connection may be of another user. */
  private onThisConnection(reply: Reply): Reply {
    const { id } = this.socket;
    return (answer) => {
      if (this.socket.id === id) reply(answer);
    };
  }

  private listen(): void {
    const { socket, events } = this;
    socket.on('chat:token', (frame: ServerFrame) => events.frame('token', frame));
    socket.on('chat:done', (frame: ServerFrame) => events.frame('done', frame));
    socket.on('chat:error', (frame: ServerFrame) => events.frame('error', frame));
    socket.on('chat:tool_call', (frame: ServerFrame, reply: Reply) =>
      events.toolCall(frame, this.onThisConnection(reply)),
    );
    socket.on('run:tool_call', (frame: RunToolCall, reply: Reply) =>
      events.runToolCall(frame, this.onThisConnection(reply)),
    );
    socket.on('run:status', (event: RunStatusEvent) => events.runStatus(event));
    socket.on('run:output', (event: RunOutputEvent) => events.runOutput(event));
    socket.on('storage:changed', (event: { cursor: string; table: string }) => events.storageChanged(event));
    socket.on('connect', () => {
      this.isRetry = false;
      this.scheduleRenewal();
      events.connected();
    });
    socket.on('disconnect', (reason) => {
      // Socket.IO itself comes back from a cut connection, not from one that the server closed.
      if (reason === 'io server disconnect') this.connectAgain(0);
    });
    socket.on('connect_error', (error) => void this.failed(error));
  }

  /**
   * A fresh token for the open socket; where the server does not take it, the next connection brings it. Without one, the socket is of a
   * session that has ended: it is opened again as that of the next one, or refused. What waits to be sent is of the session before.
   */
  private renew(token: string | undefined): void {
    if (token === undefined) {
      this.socket.sendBuffer = [];
      this.socket.disconnect();
      this.events.ended();
      return this.isRefused ? undefined : this.connectAgain(0);
    }
    if (this.isRefused) return this.connect();
    if (!this.socket.connected) return;
    this.socket.timeout(this.options.ackTimeoutMs ?? ACK_TIMEOUT_MS).emit('auth:renew', { token }, () => undefined);
    this.scheduleRenewal();
  }

  /** An idle app makes no request that would refresh the token. */
  private scheduleRenewal(): void {
    clearTimeout(this.renewal);
    const { renewInMs } = this.session;
    if (renewInMs === undefined || this.isClosed) return;
    this.renewal = setTimeout(
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
  private async failed(error: Error): Promise<void> {
    if (!('data' in error) || typeof error.data !== 'object' || error.data === null) return;
    const problem = problemOf(0, error.data);
    if (problem.status === 429 || problem.status >= 500) return this.connectAgain(problem.retryAfterMs ?? RETRY_MS);
    try {
      if (problem.status === 401 && (await this.renewed())) {
        const pauseMs = this.isRetry ? RETRY_MS : 0;
        this.isRetry = true;
        return this.connectAgain(pauseMs);
      }
    } catch {
      // The session may live: the server cannot be asked now.
      return this.connectAgain(RETRY_MS);
    }
    // Chats of the connection that has replaced this one continue.
    if (this.isClosed) return;
    this.isRefused = true;
    this.events.refused(problem);
  }

  /** Whether the session lives, and has a token that the server has not refused. */
  private async renewed(): Promise<boolean> {
    const spent = (await this.session.held())?.access_token;
    return spent !== undefined && (await this.session.renew(spent)) !== undefined;
  }

  private connectAgain(ms: number): void {
    clearTimeout(this.reconnect);
    if (!this.isClosed) this.reconnect = setTimeout(() => this.connect(), ms);
  }

  private connect(): void {
    this.isRefused = false;
    this.socket.connect();
  }
}
