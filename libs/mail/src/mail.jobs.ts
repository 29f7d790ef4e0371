import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { jobHandler, jobKind, type JobHandler } from '@adiuva/platform';
import { Mails, SEND_MAIL } from './mails.service';

@Injectable()
export class MailJobs {
  readonly handlers: readonly JobHandler[];

  constructor(mails: Mails) {
    this.handlers = [
      jobHandler(SEND_MAIL, ({ id }, signal) => mails.deliver(id, signal)),
      jobHandler(jobKind('recover_mails', z.unknown()), () => mails.recover(), '* * * * *'),
    ];
  }
}
