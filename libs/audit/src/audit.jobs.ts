import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { jobHandler, jobKind, type JobHandler } from '@adiuva/platform';
import { AuditLinker } from './audit-linker.service';

@Injectable()
export class AuditJobs {
  readonly handlers: readonly JobHandler[];

  constructor(linker: AuditLinker) {
    this.handlers = [jobHandler(jobKind('link_audit_events', z.unknown()), () => linker.link(), '* * * * *')];
  }
}
