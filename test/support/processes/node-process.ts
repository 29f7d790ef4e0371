import { spawn, type ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../../..');
const START_MS = 240_000;
/** Of Linux, a second. */
const CLOCK_TICKS = 100;

/** A program of ours in a process of its own, so that it can be measured, killed and started again. */
export class NodeProcess {
  private child: ChildProcess | null = null;

  constructor(
    private readonly program: string,
    private readonly settings: Readonly<Record<string, string>>,
    readonly port: number,
  ) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get pid(): number {
    return this.child?.pid ?? 0;
  }

  /** Seconds of CPU that it has used: what is beyond them of a start was waiting for the machine or for the database. */
  get cpuSeconds(): number {
    const [utime, stime] =
      readFileSync(`/proc/${this.pid}/stat`, 'utf8').split(') ')[1]?.split(' ').slice(11, 13) ?? [];
    return (Number(utime) + Number(stime)) / CLOCK_TICKS;
  }

  /** Resolves when `path` answers 200. */
  async start(path = '/api/v1/health/ready'): Promise<number> {
    const begun = performance.now();
    const hook = join(ROOT, 'test/support/typescript.js');
    const environment = {
      PATH: process.env['PATH'] ?? '',
      HOME: process.env['HOME'] ?? '',
      PORT: String(this.port),
      ...this.settings,
    };
    const child = spawn(
      process.execPath,
      [...(this.program.endsWith('.ts') ? ['--require', hook] : []), join(ROOT, this.program)],
      {
        cwd: ROOT,
        env: environment,
        stdio: ['ignore', 'ignore', 'inherit'],
      },
    );
    this.child = child;
    while (!(await answers(`${this.url}${path}`))) {
      if (child.exitCode !== null) throw new Error(`${this.program} has ended with ${child.exitCode}`);
      if (performance.now() - begun > START_MS) throw new Error(`${this.program} did not get ready`);
      await new Promise((again) => setTimeout(again, 50));
    }
    return performance.now() - begun;
  }

  /** As the machine would: without a word. */
  async kill(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    const { child } = this;
    this.child = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((done) => child.once('exit', done));
    child.kill(signal);
    await gone;
  }
}

/** Below those that the system gives to connections and to servers without a port of their own, so that it stays free until its server starts. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_000);
    const server = createServer();
    const isFree = await new Promise<boolean>((known) => {
      server.once('error', () => known(false)).listen(port, '127.0.0.1', () => server.close(() => known(true)));
    });
    if (isFree) return port;
  }
}

async function answers(url: string): Promise<boolean> {
  return fetch(url, { signal: AbortSignal.timeout(10_000) }).then(
    (answer) => answer.ok,
    () => false,
  );
}
