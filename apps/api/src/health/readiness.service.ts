import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { z } from 'zod';
import { Models } from '@adiuva/llm';
import { BlobStore, Database, RateLimits } from '@adiuva/platform';
import { VectorStore } from '@adiuva/vectors';
import { Background } from '../../../worker/src/background.service';
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
    private readonly background: Background,
    private readonly vectors: VectorStore,
    private readonly limits: RateLimits,
  ) {}

  /** From now on the node reports that it is stopping, so that it gets no more requests. */
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
      jobs: this.background.state,
      rate_limits: this.limitsState(),
    };
    if (this.stopping) return { status: 'stopping', checks };
    // Without Redis the node serves, with its own share of the limits.
    const { rate_limits: _, ...needed } = checks;
    return { status: Object.values(needed).includes('down') ? 'not_ready' : 'ready', checks };
  }

  private limitsState(): CheckState {
    if (this.limits.areShared === undefined) return 'disabled';
    return this.limits.areShared ? 'up' : 'down';
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
