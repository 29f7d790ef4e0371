import { spawn, type ChildProcess } from 'node:child_process';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { cpuMs } from './child';
import { Connection, httpRequest, measure, median } from './load';
import type { Report } from './report';
import { freePort, startServer } from './server';

const CONNECTIONS = 8;
const REQUESTS = 6_000;
const ROUNDS = 3;
const MAX_RATIO = 2;
const ME_CONNECTIONS = 16;
const ME_ROUNDS = 5;
const ME_MS = 2_000;
const MIN_ME_SHARE = 0.6;

/**
 * One authenticated cheap request (token, session, tier, limit, log line, request id; nothing is read from the database) against a bare Nest route: CPU of
 * the server process, as the machine may be busy; and the rate of `GET /auth/me`, which reads the database. Linux only.
 */
export async function bench(report: Report): Promise<void> {
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
      request: httpRequest('GET', '/api/v1/notifications/vapid-key', { Authorization: `Bearer ${token}` }),
    };
    const theirs = { port, request: httpRequest('GET', '/api/v1/agents', {}) };
    const ratios: number[] = [];
    for (let round = 0; round <= report.size(ROUNDS, 1); round += 1) {
      const [one, other] = [await cpuOf(server.process, ours), await cpuOf(bare, theirs)];
      if (round > 0) ratios.push(one / other);
      report.note(`round ${round}: ours ${micros(one)} µs, bare Nest ${micros(other)} µs a request`);
    }
    report.max("CPU of GET /notifications/vapid-key, times bare Nest's", median(ratios), MAX_RATIO);
    await me(
      report,
      { ...ours, request: httpRequest('GET', '/api/v1/auth/me', { Authorization: `Bearer ${token}` }) },
      theirs,
    );
  } finally {
    bare.kill();
    await server.stop();
  }
}

interface Target {
  readonly port: number;
  readonly request: Buffer;
}

async function me(report: Report, ours: Target, bare: Target): Promise<void> {
  const rates: { ours: number[]; bare: number[] } = { ours: [], bare: [] };
  for (let round = 0; round <= report.size(ME_ROUNDS, 1); round += 1) {
    const [one, other] = [await rateOf(report, ours), await rateOf(report, bare)];
    if (round === 0) continue;
    rates.ours.push(one);
    rates.bare.push(other);
  }
  const share = median(rates.ours.map((rate, index) => rate / (rates.bare[index] ?? Number.NaN)));
  report.min(`GET /auth/me, ${ME_CONNECTIONS} connections, share of the rate of bare Nest`, share, MIN_ME_SHARE);
  report.note(`${median(rates.ours).toFixed(0)}/s, bare Nest ${median(rates.bare).toFixed(0)}/s`);
}

async function rateOf(report: Report, { port, request }: Target): Promise<number> {
  const { perSecond } = await measure(port, ME_CONNECTIONS, report.size(ME_MS, 300), () => request);
  return perSecond;
}

async function cpuOf(child: ChildProcess, target: Target): Promise<number> {
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
