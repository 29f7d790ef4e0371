import { connect, createServer, type Server, type Socket } from 'node:net';
import { freePort } from '../processes/node-process';

/** Stands between us and a server on this machine, and can be shut: what passes is cut, and new connections are refused. */
export class TcpProxy {
  private readonly sockets = new Set<Socket>();
  private server: Server | null = null;
  private port = 0;
  private frozen = false;
  private lost: string | null = null;

  private constructor(private readonly target: URL) {}

  static async before(url: string): Promise<TcpProxy> {
    const gate = new TcpProxy(new URL(url));
    await gate.open();
    return gate;
  }

  /** The target's address, through the gate. */
  get url(): string {
    const through = new URL(this.target);
    through.hostname = '127.0.0.1';
    through.port = String(this.port);
    return through.toString();
  }

  async open(): Promise<void> {
    const server = createServer((inside) => this.pass(inside));
    // The system gives it to no process while it is shut.
    this.port ||= await freePort();
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(this.port, '127.0.0.1', resolve));
    this.server = server;
  }

  async close(): Promise<void> {
    const { server } = this;
    this.server = null;
    for (const socket of this.sockets) socket.destroy();
    if (server) await new Promise((resolve) => server.close(resolve));
  }

  /** From now on bytes of the server are not passed on, as if it were frozen; connections stay open and new ones are accepted. */
  freeze(): void {
    this.frozen = true;
    for (const socket of this.sockets) socket.unpipe();
  }

  /** In front of PostgreSQL: the next transaction with this text in a statement is committed, and its connection is cut before the answer. */
  loseAnswerOfCommit(text: string): void {
    this.lost = text;
  }

  private pass(inside: Socket): void {
    if (this.frozen) {
      this.sockets.add(inside.on('error', () => undefined));
      return;
    }
    const outside = connect(Number(this.target.port), this.target.hostname);
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
    let armed = false;
    inside.on('data', (bytes: Buffer) => {
      if (this.lost !== null && bytes.includes(this.lost)) [armed, this.lost] = [true, null];
      if (!armed || !bytes.includes('COMMIT')) return;
      outside.unpipe(inside);
      outside.once('data', () => inside.destroy()).resume();
    });
  }
}
