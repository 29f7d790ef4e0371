import { Socket as Connection } from 'node:net';
import type { Socket } from 'socket.io';

const DRAIN_POLL_MS = 20;

/** Output of one socket: the chats that it follows, and the bytes that wait in this process because the client reads slowly. */
export class SocketWriter {
  private static readonly writers = new WeakMap<Socket, SocketWriter>();
  private readonly followed = new Map<string, { readonly unfollow: () => void; readonly isMovable: boolean }>();
  /** Writes the frames that are corked; undefined where none are. */
  private uncork: (() => void) | undefined;
  private uncorking = false;
  private draining = false;

  private constructor(private readonly socket: Socket) {
    socket.conn.on('flush', () => this.cork());
    socket.once('disconnect', () => {
      for (const { unfollow } of this.followed.values()) unfollow();
      this.followed.clear();
    });
  }

  static of(socket: Socket): SocketWriter {
    const writer = SocketWriter.writers.get(socket) ?? new SocketWriter(socket);
    SocketWriter.writers.set(socket, writer);
    return writer;
  }

  /**
   * Keeps the function that stops following a chat; on a disconnected socket it is called immediately. The client of a movable chat can
   * resume it through another node.
   */
  follow(requestId: string, unfollow: () => void, isMovable: boolean): void {
    if (this.socket.disconnected) unfollow();
    else this.followed.set(requestId, { unfollow, isMovable });
  }

  ended(requestId: string): void {
    this.followed.delete(requestId);
    // The frame that ends the chat is sent in this turn of the event loop.
    if (this.draining) setImmediate(() => this.closeIfMovable());
  }

  /** Closes the connection as soon as no chat depends on this node; the client connects again by itself. */
  drain(): void {
    this.draining = true;
    this.closeIfMovable();
  }

  /** Bytes in Engine.IO's queue and in the WebSocket below it. */
  unsent(): number {
    const { transport } = this.socket.conn;
    const queue: unknown = Reflect.get(this.socket.conn, 'writeBuffer');
    const queued = Array.isArray(queue) ? queue.reduce((sum: number, packet: unknown) => sum + sizeOf(packet), 0) : 0;
    const below = webSocketOf(transport);
    const buffered =
      typeof below === 'object' && below !== null && 'bufferedAmount' in below ? below.bufferedAmount : 0;
    return queued + (typeof buffered === 'number' ? buffered : 0);
  }

  /** Writes the frames of this turn of the event loop now. */
  flush(): void {
    this.uncork?.();
  }

  drained(): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, DRAIN_POLL_MS));
  }

  private closeIfMovable(): void {
    if ([...this.followed.values()].every(({ isMovable }) => isMovable)) this.socket.conn.close();
  }

  /**
   * The frames of one turn of the event loop leave in one write: a hundred chats on a socket would otherwise need a system call for each token.
   * Engine.IO keeps all but the first until that one is written; those follow immediately and not a turn later.
   */
  private cork(): void {
    const below = webSocketOf(this.socket.conn.transport);
    const connection: unknown = typeof below === 'object' && below !== null ? Reflect.get(below, '_socket') : undefined;
    if (this.uncork || !(connection instanceof Connection)) return;
    connection.cork();
    this.uncork = () => {
      this.uncork = undefined;
      this.uncorking = true;
      connection.uncork();
      process.nextTick(() => (this.uncorking = false));
    };
    if (this.uncorking) queueMicrotask(() => this.flush());
    else setImmediate(() => this.flush());
  }
}

function webSocketOf(transport: object): unknown {
  return 'socket' in transport ? transport.socket : undefined;
}

function sizeOf(packet: unknown): number {
  const data = typeof packet === 'object' && packet !== null && 'data' in packet ? packet.data : undefined;
  return typeof data === 'string' || Buffer.isBuffer(data) ? data.length : 0;
}
