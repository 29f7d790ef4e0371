import { Injectable } from '@nestjs/common';
import { jobHandler, jobKind, type JobHandler } from '@adiuva/platform';
import { z } from 'zod';
import { TokenBudget } from './budget/token-budget.service';

/** The background work of language models. */
@Injectable()
export class LlmJobs {
  readonly handlers: readonly JobHandler[];

  constructor(tokens: TokenBudget) {
    this.handlers = [jobHandler(jobKind('sweep_token_usage', z.unknown()), () => tokens.sweep(), '31 4 1 * *')];
  }
}
