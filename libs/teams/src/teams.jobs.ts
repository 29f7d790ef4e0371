import { Injectable } from '@nestjs/common';
import { jobHandler, jobKind, type JobHandler } from '@adiuva/platform';
import { z } from 'zod';
import { SsoCodes } from './sso/sso-codes.store';

/** The background work of teams. */
@Injectable()
export class TeamsJobs {
  readonly handlers: readonly JobHandler[];

  constructor(codes: SsoCodes) {
    this.handlers = [jobHandler(jobKind('sweep_sso_codes', z.unknown()), () => codes.sweep(), '43 3 * * *')];
  }
}
