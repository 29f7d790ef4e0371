import { WebSocketGateway, type OnGatewayConnection, type OnGatewayInit } from '@nestjs/websockets';
import type { Namespace, Socket } from 'socket.io';
import { Log, PubSub } from '@adiuva/platform';
import { RUN_QUESTION } from '@adiuva/runs';
import { SocketAuth } from '../chat/socket-auth.service';
import { DeviceCalls } from './device-calls.service';

/** Tells the user's connected devices what happens to runs, and asks them what steps wait for. */
@WebSocketGateway({ namespace: '/api/v1/chat/stream' })
export class RunsGateway implements OnGatewayInit<Namespace>, OnGatewayConnection<Socket> {
  constructor(
    private readonly pubSub: PubSub,
    private readonly auth: SocketAuth,
    private readonly calls: DeviceCalls,
    private readonly log: Log,
  ) {}

  afterInit(namespace: Namespace): void {
    const toOwner = (userId: unknown) => namespace.local.to(`user:${String(userId)}`);
    this.pubSub.subscribe('run.status', ({ user_id, run_id, status }) => {
      toOwner(user_id).emit('run:status', { run_id, status });
    });
    this.pubSub.subscribe('run.output', ({ user_id, run_id }) => {
      toOwner(user_id).emit('run:output', { run_id });
    });
    this.pubSub.subscribe(RUN_QUESTION, ({ user_id, run_id, node, tried }) => {
      const userId = String(user_id);
      const asked = new Set(String(tried ?? '').split(' '));
      const devices = async (): Promise<Socket[]> => {
        const sockets = await namespace.local.in(`user:${userId}`).fetchSockets();
        return sockets.flatMap(({ id }) => (asked.has(id) ? [] : (namespace.sockets.get(id) ?? [])));
      };
      this.quietly(this.calls.ask(userId, devices, { runId: String(run_id), node: Number(node) }));
    });
  }

  /** A device that connects is asked what has waited for one. */
  handleConnection(socket: Socket): void {
    const device = (): Promise<Socket[]> => Promise.resolve(socket.connected ? [socket] : []);
    this.quietly(this.auth.caller(socket).then(({ userId }) => this.calls.ask(userId, device)));
  }

  private quietly(work: Promise<unknown>): void {
    work.catch((error: unknown) => this.log.warn('device_calls_failed', { error }));
  }
}
