import { spawn, type ChildProcess } from 'node:child_process';
import { join, resolve } from 'node:path';

export { freePort } from './node-process';

const ROOT = resolve(__dirname, '../../..');
const TYPESCRIPT = join(ROOT, 'test/support/typescript.js');

export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** One of our programs in a process of its own, as an operator starts it. */
export class Program {
  output = '';
  readonly ended: Promise<Ended>;

  private constructor(readonly child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    this.ended = new Promise((done) => child.once('close', (code) => done({ code, output: this.output })));
  }

  /** `program` is `apps/X/src/main.ts`, or what the build makes of it; the environment is `settings` and nothing of ours beside. */
  static start(program: string, words: readonly string[], settings: Record<string, string>): Program {
    const { PATH = '', HOME = '' } = process.env;
    const compiler = program.endsWith('.ts') ? ['--require', TYPESCRIPT] : [];
    const child = spawn(process.execPath, [...compiler, join(ROOT, program), ...words], {
      cwd: ROOT,
      env: { PATH, HOME, ...settings },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new Program(child);
  }

  /** Resolves when the server answers on `port`; rejects when it has ended instead. */
  async ready(port: number, ms = 240_000): Promise<void> {
    const end = Date.now() + ms;
    for (;;) {
      if (this.child.exitCode !== null) throw new Error(`it ended: ${this.output}`);
      const answers = await fetch(`http://127.0.0.1:${port}/api/v1/health`).then(
        (response) => response.ok,
        () => false,
      );
      if (answers) return;
      if (Date.now() > end) throw new Error(`it is not ready: ${this.output}`);
      await new Promise((done) => setTimeout(done, 50));
    }
  }
}
