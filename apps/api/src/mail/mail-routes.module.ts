import { Module } from '@nestjs/common';
import { MailModule } from '@adiuva/mail';
import { OutboxController } from './outbox.controller';

@Module({ imports: [MailModule], controllers: [OutboxController] })
export class MailRoutesModule {}
