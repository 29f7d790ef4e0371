import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { errorFinding, type Finding } from '../plugins/finding';
import type { InspectionReply, InspectionRequest } from './inspection-thread';
import { afterRunning } from './running-time';

/** In the folder and language of this file: JavaScript in `dist`, TypeScript where a loader compiles it. */
const THREAD = join(__dirname, `inspection-thread${extname(__filename)}`);
/** Of the thread's heap; the package itself and what is being unpacked are outside of it and bounded by the package limits. */
const HEAP = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 16 };
const MAX_IDLE = 2;

/**
 * Runs inspections in threads with a limit of time and heap, so that a package that slips through every rule ends its thread, not the
 * process. A thread is reused until it fails.
 */
@Injectable()
export class InspectionThreads implements OnModuleDestroy {
  private readonly threads = new Set<Worker>();
  private readonly idle: Worker[] = [];

  /** Hostile packages end in findings; throws only where a thread cannot start. */
  async inspect(request: InspectionRequest): Promise<readonly Finding[]> {
    const thread = this.idle.pop() ?? (await this.start());
    const findings = await inspectIn(thread, request);
    if (findings === null) {
      this.threads.delete(thread);
      await thread.terminate();
      return [errorFinding('too_slow', `The package cannot be checked within ${request.limits.milliseconds} ms`)];
    }
    if (this.threads.has(thread) && this.idle.length < MAX_IDLE) this.idle.push(thread);
    return findings;
  }

  async onModuleDestroy(): Promise<void> {
    const all = [...this.threads];
    this.threads.clear();
    this.idle.length = 0;
    await Promise.all(all.map((thread) => thread.terminate()));
  }

  private async start(): Promise<Worker> {
    const thread = new Worker(THREAD, { resourceLimits: HEAP, execArgv: loaders(process.execArgv) });
    thread.unref();
    this.threads.add(thread);
    thread.once('exit', () => {
      this.threads.delete(thread);
      if (this.idle.includes(thread)) this.idle.splice(this.idle.indexOf(thread), 1);
    });
    await new Promise<void>((resolve, reject) => {
      thread.once('message', () => resolve()).once('error', reject);
    });
    return thread;
  }
}

/** Null where the thread must be ended because it takes too long. */
async function inspectIn(thread: Worker, request: InspectionRequest): Promise<readonly Finding[] | null> {
  const copy = new Uint8Array(request.bytes);
  return new Promise((resolve) => {
    const stop = afterRunning(request.limits.milliseconds, () => settle(null));
    const settle = (findings: readonly Finding[] | null): void => {
      stop();
      thread.off('message', onReply).off('error', onError).off('exit', onExit);
      resolve(findings);
    };
    const broken = [errorFinding('damaged', 'The package cannot be checked')];
    const onReply = (reply: InspectionReply): void => settle(typeof reply === 'string' ? broken : reply);
    const onError = (error: unknown): void => {
      const full = error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
      settle(full ? [errorFinding('package_too_large', 'The package cannot be checked within its memory')] : broken);
    };
    const onExit = (): void => settle(broken);
    thread.on('message', onReply).on('error', onError).on('exit', onExit);
    thread.postMessage({ ...request, bytes: copy }, [copy.buffer]);
  });
}

/** Loaders, such as one that compiles TypeScript, apply to a thread as well; other options of the process do not. */
function loaders(options: readonly string[]): string[] {
  return options.flatMap((option, at) =>
    option === '--require' || option === '-r' ? [option, options[at + 1] ?? ''] : [],
  );
}
