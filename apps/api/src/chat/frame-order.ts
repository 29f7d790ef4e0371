import type { Socket } from 'socket.io';

/** The frames of a socket about one chat, one after the other: a `chat:cancel` may come while its `chat:send` still waits for the database. */
export class FrameOrder {
  private readonly last = new WeakMap<Socket, Map<string, Promise<unknown>>>();

  /** Calls `work` after that of the earlier frames with this request id has settled. */
  async run<T>(socket: Socket, requestId: string, work: () => Promise<T>): Promise<T> {
    const waiting = this.last.get(socket) ?? new Map<string, Promise<unknown>>();
    this.last.set(socket, waiting);
    const earlier = waiting.get(requestId);
    const settled = earlier ? earlier.then(work) : work();
    const ignored = settled.catch(() => undefined);
    waiting.set(requestId, ignored);
    try {
      return await settled;
    } finally {
      if (waiting.get(requestId) === ignored) waiting.delete(requestId);
    }
  }
}
