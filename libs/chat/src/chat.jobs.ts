import { Injectable } from '@nestjs/common';
import { jobHandler, jobKind, type JobHandler } from '@adiuva/platform';
import { z } from 'zod';
import { Continuations } from './continuation.service';

/** The background work of chats. */
@Injectable()
export class ChatJobs {
  readonly handlers: readonly JobHandler[];

  constructor(continuations: Continuations) {
    this.handlers = [
      jobHandler(jobKind('sweep_continuations', z.unknown()), () => continuations.sweep(), '29 * * * *'),
    ];
  }
}
