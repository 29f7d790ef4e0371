import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { io, type Socket } from 'socket.io-client';

/** Of every user that a bench makes. */
export const PASSWORD = 'a long walk by the sea';

/** The built server in a process of its own, on the embedded database and a folder of its own. */
export class BenchServer {
  constructor(
    readonly url: string,
    readonly process: ChildProcess,
    readonly dataDir: string,
  ) {}

  async register(): Promise<{ access_token: string; refresh_token: string }> {
    const response = await fetch(`${this.url}/api/v1/auth/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        email: `bench-${Date.now()}-${Math.random()}@example.org`,
        password: PASSWORD,
      }),
    });
    return (await response.json()) as { access_token: string; refresh_token: string };
  }

  async socket(): Promise<Socket> {
    const { access_token: token } = await this.register();
    const socket = io(`${this.url}/api/v1/chat/stream`, { auth: { token }, transports: ['websocket'], forceNew: true });
    await new Promise((done, failed) => {
      socket.once('connect', () => done(undefined));
      socket.once('connect_error', failed);
    });
    return socket;
  }

  async stop(): Promise<void> {
    const ended = new Promise((done) => this.process.once('exit', done));
    this.process.kill('SIGTERM');
    await ended;
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}

const READY_MS = 60_000;

/** Needs `npm run build` first. `settings` are environment variables. */
export async function startServer(settings: Record<string, string> = {}): Promise<BenchServer> {
  const dataDir = mkdtempSync(join(tmpdir(), 'adiuva-bench-'));
  const port = await freePort();
  const child = spawn(process.execPath, [resolve(__dirname, '../dist/apps/api/src/start.js')], {
    env: {
      ...process.env,
      PORT: String(port),
      DATA_DIR: dataDir,
      LOG_LEVEL: 'warn',
      SHUTDOWN_GRACE_MS: '500',
      ...settings,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const url = `http://127.0.0.1:${port}`;
  const end = Date.now() + READY_MS;
  while (
    !(await fetch(`${url}/api/v1/health`).then(
      (response) => response.ok,
      () => false,
    ))
  ) {
    if (Date.now() > end || child.exitCode !== null) throw new Error('the server did not start; is it built?');
    await pause(50);
  }
  return new BenchServer(url, child, dataDir);
}

export function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
