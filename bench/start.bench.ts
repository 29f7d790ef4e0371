import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { cpuMs, residentMb, startChild } from './child';
import { median } from './load';
import type { Report } from './report';
import { BenchServer, freePort } from './server';

const ROUNDS = 5;
const IDLE_MS = 10_000;
const LATER_CHATS = 20;
const GATES = { first: 2_000, again: 1_200, idleMb: 130, chat: 100 };

interface Start {
  readonly server: BenchServer;
  /** Until a request is answered, in milliseconds. */
  readonly ready: number;
  readonly cpu: number;
}

/**
 * The first start in an empty folder and a start in a used one, each with the embedded database, beside a bare Nest application; then the
 * memory of an idle server, and its first chat beside later ones. Needs `npm run build` first; Linux only.
 */
export async function bench(report: Report): Promise<void> {
  const figures = { first: [] as number[], again: [] as number[], cpu: [] as number[], bare: [] as number[] };
  const [idle, chats, later]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < report.size(ROUNDS, 1); round += 1) {
    const dataDir = mkdtempSync(join(tmpdir(), 'adiuva-bench-'));
    try {
      const first = await started(dataDir);
      await stopped(first.server.process);
      const again = await started(dataDir);
      figures.first.push(first.ready);
      figures.again.push(again.ready);
      figures.cpu.push(again.cpu);
      figures.bare.push(await bareStart());
      await pause(report.size(IDLE_MS, 1_000));
      idle.push(residentMb(again.server.process));
      const times = await chatTimes(again.server);
      chats.push(times[0] ?? Number.NaN);
      later.push(median(times.slice(1)));
      await stopped(again.server.process);
    } finally {
      rmSync(dataDir, { recursive: true, force: true });
    }
  }
  const peer = { name: 'bare Nest', value: median(figures.bare) };
  report.max('first start until ready', median(figures.first), GATES.first, { unit: 'ms', peer });
  report.max('start in a used folder until ready', median(figures.again), GATES.again, { unit: 'ms', peer });
  report.note(`processor time of a start in a used folder: ${median(figures.cpu).toFixed(0)} ms`);
  report.max('resident memory of an idle server', median(idle), GATES.idleMb, { unit: 'MB' });
  const ofLater = { name: 'later ones', value: median(later) };
  report.max('first chat of a process', median(chats), GATES.chat, { unit: 'ms', peer: ofLater });
}

async function started(dataDir: string): Promise<Start> {
  const port = await freePort();
  const begun = performance.now();
  const child = spawn(process.execPath, [resolve(__dirname, '../dist/apps/api/src/start.js')], {
    env: {
      ...process.env,
      PORT: String(port),
      DATA_DIR: dataDir,
      LOG_LEVEL: 'warn',
      SHUTDOWN_DELAY_MS: '0',
      RATE_LIMIT_FREE: '1000',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const url = `http://127.0.0.1:${port}`;
  await answers(`${url}/api/v1/health`, child);
  return { server: new BenchServer(url, child, dataDir), ready: performance.now() - begun, cpu: cpuMs(child) };
}

async function bareStart(): Promise<number> {
  const begun = performance.now();
  const { process: child } = await startChild('bare-nest.ts');
  child.kill();
  return performance.now() - begun;
}

async function answers(url: string, child: ChildProcess): Promise<void> {
  for (;;) {
    const ok = await fetch(url).then(
      (response) => response.ok,
      () => false,
    );
    if (ok) return;
    if (child.exitCode !== null) throw new Error('the server did not start; is it built?');
    await pause(5);
  }
}

/** From the message to the end of the answer of the built-in assistant, one after the other. */
async function chatTimes(server: BenchServer): Promise<readonly number[]> {
  const socket = await server.socket();
  const times: number[] = [];
  for (let chat = 0; chat <= LATER_CHATS; chat += 1) {
    const begun = performance.now();
    await new Promise<void>((resolve, reject) => {
      socket.once('chat:done', () => resolve());
      socket.once('chat:error', ({ problem }: { problem: { title: string } }) => reject(new Error(problem.title)));
      socket.emit('chat:send', {
        message: `Add a task: buy milk tomorrow at ${8 + (chat % 10)}`,
        request_id: `c${chat}`,
      });
    });
    times.push(performance.now() - begun);
  }
  socket.disconnect();
  return times;
}

async function stopped(child: ChildProcess): Promise<void> {
  const ended = new Promise((done) => child.once('exit', done));
  child.kill('SIGTERM');
  await ended;
}
