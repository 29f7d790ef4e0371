import type { Socket } from 'socket.io';

const LOOK_AGAIN_MS = 20;

/** What leaves by one socket: which chats it follows, and how many bytes wait in this process because the client reads slowly. */
export class SocketOutlet {
  private static readonly outlets = new WeakMap<Socket, SocketOutlet>();
  private readonly followed = new Map<string, () => void>();

  private constructor(private readonly socket: Socket) {
    socket.once('disconnect', () => {
      for (const unfollow of this.followed.values()) unfollow();
      this.followed.clear();
    });
  }

  static of(socket: Socket): SocketOutlet {
    const outlet = SocketOutlet.outlets.get(socket) ?? new SocketOutlet(socket);
    SocketOutlet.outlets.set(socket, outlet);
    return outlet;
  }

  /** Remembers how to stop following a chat; a socket that has gone already stops at once. */
  follow(requestId: string, unfollow: () => void): void {
    if (this.socket.disconnected) unfollow();
    else this.followed.set(requestId, unfollow);
  }

  ended(requestId: string): void {
    this.followed.delete(requestId);
  }

  /** Bytes in Engine.IO's queue and in the WebSocket below it. */
  unsent(): number {
    const { transport } = this.socket.conn;
    const queue: unknown = Reflect.get(this.socket.conn, 'writeBuffer');
    const queued = Array.isArray(queue) ? queue.reduce((sum: number, packet: unknown) => sum + sizeOf(packet), 0) : 0;
    const below: unknown = 'socket' in transport ? transport.socket : undefined;
    const buffered =
      typeof below === 'object' && below !== null && 'bufferedAmount' in below ? below.bufferedAmount : 0;
    return queued + (typeof buffered === 'number' ? buffered : 0);
  }

  drained(): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}

function sizeOf(packet: unknown): number {
  const data = typeof packet === 'object' && packet !== null && 'data' in packet ? packet.data : undefined;
  return typeof data === 'string' || Buffer.isBuffer(data) ? data.length : 0;
}
