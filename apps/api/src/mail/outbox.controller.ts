import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { MailOutbox } from '@adiuva/mail';
import { AdminOnly, Opaque } from '../edge/principal';
import { OutboxDto } from './outbox.dto';

@ApiTags('administration')
@AdminOnly()
@Controller('admin/outbox')
export class OutboxController {
  constructor(private readonly outbox: MailOutbox) {}

  @Get()
  @Opaque()
  @ApiOperation({
    summary: 'Mails of an installation without SMTP',
    description:
      'Without `SMTP_URL`, and never with `ENV=prod`, mails are kept for administrators instead of being sent: the last 100, newest first, for three days. Otherwise 404.',
  })
  @ApiOkResponse({ type: OutboxDto })
  async listOutboxMails(): Promise<OutboxDto> {
    return OutboxDto.of(await this.outbox.list());
  }
}
