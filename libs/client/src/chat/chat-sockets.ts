import { io, type Socket } from 'socket.io-client';
import type { ChatRequest } from '../api/chat-api';
import type { TokenSource } from '../api/http';
import { problemOf } from '../api/problem';
import type { ChatEvent } from './chat-event';
import { ToolExecutor, type ChatTools } from './chat-tools';
import { EventQueue } from './event-queue';
import { LiveChat, type ServerFrame } from './live-chat';

export interface StreamOptions {
  /** Reading tools; giving any lets the assistant ask for the user's data. */
  readonly tools?: ChatTools;
  /** Aborting it stops the model at once. */
  readonly signal?: AbortSignal;
}

export interface StorageChangedEvent {
  readonly cursor: string;
  readonly table: string;
}

export interface SocketOptions {
  readonly baseUrl: string;
  /** Milliseconds until a server that does not acknowledge is given up; 15,000 by default. */
  readonly ackTimeoutMs?: number;
}

type Acknowledge = (answer: unknown) => void;

const NAMESPACE = '/api/v1/chat/stream';
const ACK_TIMEOUT_MS = 15_000;

/** One socket for all chats of a session, opened with the first; reconnects by itself and goes on where each chat was cut off. */
export class ChatSockets {
  private socket: Socket | undefined;
  private readonly live = new Map<string, LiveChat>();
  private readonly listeners = new Set<(news: StorageChangedEvent) => void>();

  constructor(
    private readonly options: SocketOptions,
    private readonly tokens: TokenSource,
  ) {}

  /**
   * Streams an answer: `for await (const event of chats.stream({message: '…'}))`. Leaving the loop early or aborting the signal cancels the
   * model call. Throws `ApiProblem` for what the server refuses or what fails on its way.
   */
  stream(request: ChatRequest, { tools, signal }: StreamOptions = {}): AsyncIterableIterator<ChatEvent> {
    const id = crypto.randomUUID();
    const stopped = new AbortController();
    const events = new EventQueue<ChatEvent>(() => this.cancel(id));
    const chat = new LiveChat(id, events, new ToolExecutor(tools ?? {}, stopped.signal), () => {
      stopped.abort();
      this.live.delete(id);
    });
    this.live.set(id, chat);
    const stop = (): void => {
      this.cancel(id);
      chat.fail(signal?.reason);
    };
    if (signal?.aborted) stop();
    else {
      signal?.addEventListener('abort', stop, { once: true });
      const body = { ...request, request_id: id, ...(tools === undefined ? {} : { client_tools: true }) };
      void this.ask('chat:send', body).then(
        () => chat.started(),
        (error: unknown) => chat.fail(error),
      );
    }
    return events;
  }

  /** Hears of records that another device stored. Gives the function that ends it. */
  onStorageChanged(listener: (news: StorageChangedEvent) => void): () => void {
    this.connected();
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Ends the socket; chats under way fail. */
  close(): void {
    for (const chat of this.live.values()) chat.fail(new Error('the connection was closed'));
    this.socket?.disconnect();
    this.socket = undefined;
  }

  private cancel(id: string): void {
    if (this.live.has(id)) this.socket?.emit('chat:cancel', { request_id: id });
    this.live.get(id)?.end();
  }

  private async ask(event: string, body: object): Promise<void> {
    const timeout = this.options.ackTimeoutMs ?? ACK_TIMEOUT_MS;
    const answer: unknown = await this.connected().timeout(timeout).emitWithAck(event, body);
    const refused = typeof answer === 'object' && answer !== null && 'ok' in answer && answer.ok === false;
    if (refused) throw problemOf(0, 'problem' in answer ? answer.problem : undefined);
  }

  private connected(): Socket {
    if (this.socket) return this.socket;
    const auth = (give: (data: object) => void): void => {
      void this.tokens.current().then(
        (token) => give({ token }),
        () => give({}),
      );
    };
    const socket = io(new URL(NAMESPACE, this.options.baseUrl).href, {
      auth,
      transports: ['websocket'],
      forceNew: true,
    });
    socket.on('chat:token', (frame: ServerFrame) => this.chatOf(frame)?.token(frame));
    socket.on('chat:done', (frame: ServerFrame) => this.chatOf(frame)?.done(frame));
    socket.on('chat:error', (frame: ServerFrame) => this.chatOf(frame)?.fail(problemOf(0, frame.problem)));
    socket.on(
      'chat:tool_call',
      (frame: ServerFrame, reply: Acknowledge) => void this.chatOf(frame)?.toolCall(frame).then(reply),
    );
    socket.on('storage:changed', (news: StorageChangedEvent) => this.listeners.forEach((listener) => listener(news)));
    socket.on('connect', () => this.resumeAll());
    socket.on('connect_error', (error) => this.refused(socket, error));
    this.socket = socket;
    return socket;
  }

  private chatOf(frame: ServerFrame): LiveChat | undefined {
    return this.live.get(frame.request_id);
  }

  /** After a reconnect: each chat says which token it waits for, and the server sends what was missed once. */
  private resumeAll(): void {
    for (const chat of this.live.values()) {
      if (!chat.underWay) continue;
      const place = { request_id: chat.id, next_index: chat.nextIndex };
      this.ask('chat:resume', place).catch((error: unknown) => chat.fail(error));
    }
  }

  /** A problem document is the server's no, and final but for a spent token; anything else is a connection that Socket.IO tries again. */
  private refused(socket: Socket, error: Error): void {
    if (!('data' in error) || typeof error.data !== 'object' || error.data === null) return;
    const problem = problemOf(0, error.data);
    void this.renewed(problem.status).then((again) => {
      if (again) socket.connect();
      else for (const chat of this.live.values()) chat.fail(problem);
    });
  }

  private async renewed(status: number): Promise<boolean> {
    const spent = status === 401 ? await this.tokens.current() : undefined;
    if (spent === undefined) return false;
    return (await this.tokens.renew(spent).catch(() => undefined)) !== undefined;
  }
}
