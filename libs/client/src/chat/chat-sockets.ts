import type { ChatRequest } from '../api/chat-api';
import { ConnectionProblem } from '../client-error';
import type { Session } from '../api/session';
import { ApiProblem } from '../api/problem';
import type { ChatEvent } from './chat-event';
import {
  ChatConnection,
  type RunOutputEvent,
  type RunStatusEvent,
  type RunToolCall,
  type SocketOptions,
} from './chat-connection';
import { ToolExecutor, type ChatTools } from './chat-tools';
import { EventQueue } from './event-queue';
import { LiveChat } from './live-chat';

export interface StreamOptions {
  /** Read tools; with any, the assistant may ask for the user's data. */
  readonly tools?: ChatTools;
  /** Aborting it cancels the model call; the stream then throws the signal's reason. */
  readonly signal?: AbortSignal;
}

/** What a device is told of runs. `connected` after each connect: events may have been missed. */
export interface RunEvents {
  connected(): void;
  status(event: RunStatusEvent): void;
  output(event: RunOutputEvent): void;
}

/** The server asks another device. */
const NOT_SERVING = 'not_serving';

/** Sends and resumes of a chat that the server never acknowledged; each waits for an acknowledgement. */
const MAX_ATTEMPTS = 8;

/** Another device stored something. After each connect, and for a new listener, there is one without members: events may have been missed. */
export interface StorageChangedEvent {
  readonly cursor?: string;
  readonly table?: string;
}

/**
 * One socket for all chats of a session, opened with the first. It is renewed with every access token, connects again when it is cut or
 * closed, and resumes each chat where it was.
 */
export class ChatSockets {
  private connection: ChatConnection | undefined;
  private readonly live = new Map<string, LiveChat>();
  private readonly listeners = new Set<(event: StorageChangedEvent) => void>();
  private readonly runs = new Set<{ readonly events: RunEvents; readonly executor: ToolExecutor }>();

  constructor(
    private readonly options: SocketOptions,
    private readonly session: Session,
  ) {}

  /**
   * Streams an answer: `for await (const event of chats.stream({message: '…'}))`. Leaving the loop early or aborting the signal cancels
   * the model call. Throws `ApiProblem` for what the server refuses or what fails, `ConnectionProblem` after
   * `close` and when the session ends.
   */
  stream(request: ChatRequest, { tools, signal }: StreamOptions = {}): AsyncIterableIterator<ChatEvent> {
    const id = crypto.randomUUID();
    const stopped = new AbortController();
    const events = new EventQueue<ChatEvent>(() => {
      this.cancel(id);
      chat.end();
    });
    const stop = (): void => {
      this.cancel(id);
      chat.fail(signal?.reason);
    };
    const chat = new LiveChat(id, events, new ToolExecutor(tools ?? {}, stopped.signal), () => {
      signal?.removeEventListener('abort', stop);
      stopped.abort();
      this.live.delete(id);
    });
    if (signal?.aborted) {
      chat.fail(signal.reason);
      return events;
    }
    this.live.set(id, chat);
    signal?.addEventListener('abort', stop);
    void this.begin(chat, {
      ...request,
      request_id: id,
      resume_key: chat.resumeKey,
      ...(tools === undefined ? {} : { client_tools: true }),
    });
    return events;
  }

  /** Calls `listener` when another device stored records; sync then. Gives the function that ends it. */
  onStorageChanged(listener: (event: StorageChangedEvent) => void): () => void {
    const { isConnected } = this.connected();
    this.listeners.add(listener);
    if (isConnected) queueMicrotask(() => this.listeners.has(listener) && listener({}));
    return () => void this.listeners.delete(listener);
  }

  /** Makes this device answer the tool calls of runs, and follows their events. Gives the function that ends it. */
  onRuns(tools: ChatTools, events: RunEvents): () => void {
    const stopped = new AbortController();
    const listener = { events, executor: new ToolExecutor(tools, stopped.signal) };
    this.runs.add(listener);
    if (this.connection?.isConnected) events.connected();
    this.connected();
    return () => {
      this.runs.delete(listener);
      stopped.abort();
    };
  }

  /** Ends the socket; running chats fail. */
  close(): void {
    this.failAll(new ConnectionProblem('closed', 'The connection was closed'));
    this.connection?.close();
    this.connection = undefined;
  }

  /** Sends the chat. Where the connection was cut before the acknowledgement, a server may have it or not: ask, then send again. */
  private async begin(chat: LiveChat, body: object): Promise<void> {
    try {
      let sent = false;
      for (let attempt = 0; attempt < MAX_ATTEMPTS && this.live.has(chat.id); attempt += 1) {
        if (sent) {
          const known = await this.resume(chat);
          if (known) return;
          sent = known === undefined;
        } else {
          if (await this.send(body, attempt > 0)) return chat.started();
          sent = true;
        }
      }
      chat.fail(new ConnectionProblem('unreachable', 'The server does not acknowledge the chat'));
    } catch (error) {
      chat.fail(error);
    }
  }

  /** Whether the server has acknowledged. A conflict of a repeated send says that the first one has arrived, perhaps at another node. */
  private async send(body: object, isRepeated: boolean): Promise<boolean> {
    try {
      return await this.connected().ask('chat:send', body);
    } catch (error) {
      if (isRepeated && error instanceof ApiProblem && error.code === 'conflict') return false;
      throw error;
    }
  }

  /** Whether the server knows the chat; undefined when the connection was cut meanwhile. */
  private async resume(chat: LiveChat): Promise<boolean | undefined> {
    try {
      const place = { request_id: chat.id, next_index: chat.nextIndex, resume_key: chat.resumeKey };
      if (!(await this.connected().ask('chat:resume', place))) return undefined;
      chat.started();
      return true;
    } catch (error) {
      if (!chat.accepted && error instanceof ApiProblem && error.status === 404) return false;
      throw error;
    }
  }

  private cancel(id: string): void {
    if (this.live.has(id)) this.connection?.tell('chat:cancel', { request_id: id });
  }

  private failAll(error: unknown): void {
    for (const chat of [...this.live.values()]) chat.fail(error);
  }

  private connected(): ChatConnection {
    this.connection ??= new ChatConnection(this.options, this.session, {
      frame: (kind, frame) => this.live.get(frame.request_id)?.take(kind, frame),
      toolCall: (frame, reply) => void this.live.get(frame.request_id)?.toolCall(frame).then(reply),
      runToolCall: (frame, reply) => this.answerRun(frame, reply),
      runStatus: (event) => this.runs.forEach(({ events }) => events.status(event)),
      runOutput: (event) => this.runs.forEach(({ events }) => events.output(event)),
      storageChanged: (event) => this.listeners.forEach((listener) => listener(event)),
      connected: () => {
        this.resumeAll();
        this.listeners.forEach((listener) => listener({}));
        this.runs.forEach(({ events }) => events.connected());
      },
      ended: () => this.failAll(new ConnectionProblem('closed', 'The session has ended')),
      refused: (problem) => this.failAll(problem),
    });
    return this.connection;
  }

  /** A device that serves no runs leaves the call to another. */
  private answerRun({ call_id, name, arguments: input }: RunToolCall, reply: (answer: unknown) => void): void {
    const [listener] = this.runs;
    if (listener) void listener.executor.answer(call_id, name, input).then(reply);
    else reply({ ok: false, error: NOT_SERVING });
  }

  /** After a reconnect: each chat names the token it waits for, and the server sends what was missed once. */
  private resumeAll(): void {
    for (const chat of this.live.values()) {
      if (chat.accepted) this.resume(chat).catch((error: unknown) => chat.fail(error));
    }
  }
}
