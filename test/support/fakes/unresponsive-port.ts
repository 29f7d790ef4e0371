import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** Listens, says where, and never comes back to take a connection. */
const DEAF = `
const server = require('node:net').createServer().listen(0, '127.0.0.1', 1, () => {
  require('node:fs').writeSync(1, String(server.address().port) + '\\n');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
});`;
const ROOM = 8;

/** A port on which connections are neither taken nor refused: its queue is full, and the kernel drops who comes. */
export class UnresponsivePort {
  private constructor(
    readonly port: number,
    private readonly process: ChildProcess,
    private readonly fillers: readonly Socket[],
  ) {}

  static async open(): Promise<UnresponsivePort> {
    const child = spawn(process.execPath, ['-e', DEAF], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const port = Number(line.toString('utf8'));
    const fillers = Array.from({ length: ROOM }, () => connect(port, '127.0.0.1').on('error', () => undefined));
    await once(fillers[0] ?? connect(port), 'connect');
    return new UnresponsivePort(port, child, fillers);
  }

  close(): void {
    for (const filler of this.fillers) filler.destroy();
    this.process.kill('SIGKILL');
  }
}
