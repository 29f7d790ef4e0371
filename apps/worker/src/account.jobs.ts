import { Injectable } from '@nestjs/common';
import { Sessions } from '@adiuva/auth';
import { jobHandler, Idempotency, jobKind, type JobHandler } from '@adiuva/platform';
import { z } from 'zod';

const NOTHING = z.unknown();

/** Forgets sessions and answers whose time is over. */
@Injectable()
export class AccountJobs {
  readonly handlers: readonly JobHandler[];

  constructor(sessions: Sessions, idempotency: Idempotency) {
    this.handlers = [
      jobHandler(jobKind('sweep_sessions', NOTHING), () => sessions.sweep(), '17 3 * * *'),
      jobHandler(jobKind('sweep_idempotency_keys', NOTHING), () => idempotency.sweep(), '23 * * * *'),
    ];
  }
}
