import { Module } from '@nestjs/common';
import { provideSettings } from '@adiuva/config';
import { MailOutbox } from './mail-outbox.service';
import { MailKeyRotation } from './mail-key-rotation.service';
import { MailSender } from './mail-sender.port';
import { MailConfig } from './mail.config';
import { MailErasure } from './mail.erasure';
import { MailJobs } from './mail.jobs';
import { MailSettings } from './mail-settings.service';
import { Mails } from './mails.service';
import { SmtpMailSender } from './smtp.adapter';

@Module({
  providers: [
    provideSettings(MailConfig),
    { provide: MailSender, useClass: SmtpMailSender },
    MailErasure,
    MailJobs,
    MailOutbox,
    MailKeyRotation,
    Mails,
    MailSettings,
  ],
  exports: [MailErasure, MailJobs, MailOutbox, MailKeyRotation, Mails],
})
export class MailModule {}
