import { spawn, type ChildProcess } from 'node:child_process';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { cpuMs } from './child';
import { Connection, httpRequest } from './load';
import { freePort, startServer } from './server';

const CONNECTIONS = 8;
const REQUESTS = 6_000;
const ROUNDS = 3;
const MAX_RATIO = 2;

/**
 * CPU of the server process for one authenticated cheap request (token, session, tier, limit, log line, request id), against the same answer
 * from a bare Nest route. CPU time, not wall time: the machine may be busy. Linux only.
 */
export async function bench(): Promise<void> {
  const port = await freePort();
  const bare = spawn(
    process.execPath,
    ['--require', resolve(__dirname, '../test/support/typescript.js'), join(__dirname, 'bare-nest.ts')],
    {
      env: { ...process.env, PORT: String(port) },
      stdio: 'inherit',
    },
  );
  const server = await startServer({ RATE_LIMIT_FREE: '100000000', LOG_LEVEL: 'info' });
  try {
    await answering(`http://127.0.0.1:${port}/api/v1/agents`);
    const { access_token: token } = await server.register();
    const ours = {
      port: Number(new URL(server.url).port),
      request: httpRequest('GET', '/api/v1/agents', { Authorization: `Bearer ${token}` }),
    };
    const theirs = { port, request: httpRequest('GET', '/api/v1/agents', {}) };
    const ratios: number[] = [];
    for (let round = 0; round <= ROUNDS; round += 1) {
      const [one, other] = [await cpuOf(server.process, ours), await cpuOf(bare, theirs)];
      if (round > 0) ratios.push(one / other);
      process.stdout.write(
        `${round === 0 ? 'warm-up' : `round ${round}`}: ours ${micros(one)} µs, bare Nest ${micros(other)} µs a request, ratio ${(one / other).toFixed(2)}\n`,
      );
    }
    const median = [...ratios].sort((one, other) => one - other)[Math.floor(ratios.length / 2)] ?? Number.NaN;
    process.stdout.write(`median ratio ${median.toFixed(2)}, at most ${MAX_RATIO} allowed\n`);
    if (!(median <= MAX_RATIO)) throw new Error('the edge costs too much');
  } finally {
    bare.kill();
    await server.stop();
  }
}

async function cpuOf(child: ChildProcess, target: { port: number; request: Buffer }): Promise<number> {
  const connections = Array.from({ length: CONNECTIONS }, () => new Connection(target.port));
  const before = cpuMs(child);
  await Promise.all(
    connections.map(async (connection) => {
      for (let at = 0; at < REQUESTS / CONNECTIONS; at += 1) {
        const { status } = await connection.send(target.request);
        if (status !== 200) throw new Error(`answered ${status}`);
      }
    }),
  );
  const spent = cpuMs(child) - before;
  for (const connection of connections) connection.end();
  return spent / REQUESTS;
}

async function answering(url: string): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (
      await fetch(url).then(
        (response) => response.ok,
        () => false,
      )
    )
      return;
    await pause(50);
  }
  throw new Error('the bare route does not answer');
}

function micros(ms: number): string {
  return (ms * 1000).toFixed(0);
}
