import { connect, createServer, type Server, type Socket } from 'node:net';
import type { NodeProcess } from '../support/processes/node-process';

const PROBE_MS = 200;
const PROBE_TIMEOUT_MS = 2_000;
/** A node that is too busy to answer a probe in time is not dead: it is left out after as many in a row. A refusal counts immediately. */
const MAX_TIMEOUTS = 3;

/** A TCP balancer as simple as they come: new connections go in turn to the nodes whose readiness is 200; no sticky sessions. */
export class Balancer {
  /** Connections that were refused because no node was ready. */
  unserved = 0;
  private ready: readonly NodeProcess[] = [];
  private turn = 0;
  private readonly timer: NodeJS.Timeout;
  private readonly sockets = new Set<Socket>();
  private readonly timeouts = new Map<NodeProcess, number>();

  private constructor(
    private readonly nodes: readonly NodeProcess[],
    private readonly server: Server,
    readonly port: number,
  ) {
    this.timer = setInterval(() => void this.probe(), PROBE_MS);
    server.on('connection', (inside) => this.pass(inside));
  }

  static async before(nodes: readonly NodeProcess[], port: number): Promise<Balancer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    const balancer = new Balancer(nodes, server, port);
    await balancer.probe();
    return balancer;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  stop(): void {
    clearInterval(this.timer);
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
  }

  private async probe(): Promise<void> {
    const states = await Promise.all(this.nodes.map((node) => this.isReady(node)));
    this.ready = this.nodes.filter((_, at) => states[at]);
  }

  private async isReady(node: NodeProcess): Promise<boolean> {
    try {
      const { ok } = await fetch(`${node.url}/api/v1/health/ready`, { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) });
      this.timeouts.delete(node);
      return ok;
    } catch (error) {
      if (!(error instanceof DOMException && error.name === 'TimeoutError')) return false;
      const count = (this.timeouts.get(node) ?? 0) + 1;
      this.timeouts.set(node, count);
      return count < MAX_TIMEOUTS && this.ready.includes(node);
    }
  }

  private pass(inside: Socket): void {
    inside.on('error', () => inside.destroy());
    this.turn += 1;
    const { ready } = this;
    const at = this.turn % Math.max(1, ready.length);
    this.tryNodes(inside, [...ready.slice(at), ...ready.slice(0, at)]);
  }

  /** As a balancer does: a node that refuses the connection, because it has just been killed, is passed over. */
  private tryNodes(inside: Socket, [node, ...others]: readonly NodeProcess[]): void {
    if (!node) {
      this.unserved += 1;
      return void inside.destroy();
    }
    const outside = connect(node.port, '127.0.0.1');
    const refused = (): void => this.tryNodes(inside, others);
    outside.once('error', refused);
    outside.once('connect', () => {
      outside.off('error', refused);
      this.join(inside, outside);
    });
  }

  private join(inside: Socket, outside: Socket): void {
    if (inside.destroyed) return void outside.destroy();
    for (const [socket, other] of [
      [inside, outside],
      [outside, inside],
    ] as const) {
      this.sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        this.sockets.delete(socket);
        other.destroy();
      });
    }
    inside.pipe(outside).pipe(inside);
  }
}
