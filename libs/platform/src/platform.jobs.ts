import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Idempotency } from './idempotency/idempotency.service';
import { jobHandler, jobKind, type JobHandler } from './jobs/job';

/** The background work of the platform itself. */
@Injectable()
export class PlatformJobs {
  readonly handlers: readonly JobHandler[];

  constructor(idempotency: Idempotency) {
    this.handlers = [
      jobHandler(jobKind('sweep_idempotency_keys', z.unknown()), () => idempotency.sweep(), '23 * * * *'),
    ];
  }
}
