import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { z } from 'zod';
import { Models } from '@adiuva/llm';
import { ServerConfig } from '@adiuva/config';
import { BlobStore, Database, JobRunner } from '@adiuva/platform';
import { VectorStore } from '@adiuva/vectors';
import type { CheckState, ReadinessDto } from './health.dto';

const CHECK_TIMEOUT_MS = 1_000;

/** Whether this node can serve: asks what it depends on, each for at most a second. */
@Injectable()
export class Readiness implements BeforeApplicationShutdown {
  static readonly version = versionOfThis();
  private stopping = false;

  constructor(
    private readonly database: Database,
    private readonly blobs: BlobStore,
    private readonly models: Models,
    private readonly jobs: JobRunner,
    private readonly vectors: VectorStore,
    private readonly config: ServerConfig,
  ) {}

  /** From now on the node says that it is stopping, so that nobody sends it more. */
  beforeApplicationShutdown(): void {
    this.stopping = true;
  }

  stop(): void {
    this.stopping = true;
  }

  async report(): Promise<ReadinessDto> {
    const checks = {
      database: await state(this.database.isUp()),
      blobs: await state(answers((signal) => this.blobs.check(signal))),
      vectors: await state(this.vectors.isUp()),
      llm: this.models.state,
      jobs: this.jobsState(),
    };
    if (this.stopping) return { status: 'stopping', checks };
    return { status: Object.values(checks).some((check) => check === 'down') ? 'not_ready' : 'ready', checks };
  }

  private jobsState(): CheckState {
    if (!this.config.JOBS_IN_PROCESS) return 'disabled';
    return this.jobs.up ? 'up' : 'down';
  }
}

async function answers(check: (signal: AbortSignal) => Promise<void>): Promise<boolean> {
  return check(AbortSignal.timeout(CHECK_TIMEOUT_MS)).then(
    () => true,
    () => false,
  );
}

async function state(check: Promise<boolean>): Promise<CheckState> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(false), CHECK_TIMEOUT_MS)));
  const up = await Promise.race([check, late]);
  clearTimeout(timer);
  return up ? 'up' : 'down';
}

function versionOfThis(): string {
  // The same distance from the sources and from what is compiled out of them into dist/.
  for (const up of ['../../../..', '../../../../..']) {
    try {
      return z
        .object({ version: z.string() })
        .parse(JSON.parse(readFileSync(join(__dirname, up, 'package.json'), 'utf8'))).version;
    } catch {
      continue;
    }
  }
  return '0.0.0';
}
