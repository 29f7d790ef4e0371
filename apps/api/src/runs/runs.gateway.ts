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
    this.pubSub.subscribe(RUN_QUESTION, ({ user_id, run_id, node }) => {
      const step = { runId: String(run_id), node: Number(node) };
      const ask = async (): Promise<void> => {
        // One device after the other, until one answers.
        for (const { id } of await namespace.local.in(`user:${String(user_id)}`).fetchSockets()) {
          const device = namespace.sockets.get(id);
          if (device && (await this.calls.ask(device, String(user_id), step))) return;
        }
      };
      this.quietly(ask());
    });
  }

  /** A device that connects is asked what has waited for one. */
  handleConnection(socket: Socket): void {
    this.quietly(this.auth.caller(socket).then(({ userId }) => this.calls.ask(socket, userId)));
  }

  private quietly(work: Promise<unknown>): void {
    work.catch((error: unknown) => this.log.warn('device_calls_failed', { error }));
  }
}
