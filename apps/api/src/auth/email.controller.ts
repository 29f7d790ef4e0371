import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Principal } from '@adiuva/kernel';
import { EmailVerification, type Origin } from '@adiuva/auth';
import type { MailLanguage } from '@adiuva/mail';
import { ClientAddress } from '../edge/http/client-address';
import { ClientLanguage } from '../edge/http/client-language';
import { Caller, IdempotencyKey, Public } from '../edge/principal';
import { ChangeEmailDto, MailedTokenDto } from './email.dto';

@ApiTags('auth')
@Controller('auth/email')
export class EmailController {
  constructor(private readonly verification: EmailVerification) {}

  @IdempotencyKey('repeatable')
  @Post('verification')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Mail a link that confirms the address',
    description:
      'The link is valid for 24 hours and replaces earlier ones. Five mails an hour. 501 `not_configured` without SMTP_URL in production.',
  })
  requestEmailVerification(@Caller() caller: Principal, @ClientLanguage() language: MailLanguage): Promise<void> {
    return this.verification.request(caller, language);
  }

  @Public()
  @IdempotencyKey('unstored')
  @Post('verify')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Confirm an address',
    description:
      'Takes the token of a mailed link, once. For a change of address the account changes to the new one now. 401 `invalid_credentials` for any other token.',
  })
  verifyEmail(@Body() { token }: MailedTokenDto, @ClientAddress() origin: Origin): Promise<void> {
    return this.verification.verify(token, origin);
  }

  @IdempotencyKey('repeatable')
  @Post()
  @HttpCode(202)
  @ApiOperation({
    summary: 'Change the address',
    description:
      'Mails a link to the new address and a notice to the old one. Nothing changes until the link is used. The response does not depend on whether the new address has an account.',
  })
  changeEmail(
    @Caller() caller: Principal,
    @Body() change: ChangeEmailDto,
    @ClientAddress() origin: Origin,
    @ClientLanguage() language: MailLanguage,
  ): Promise<void> {
    return this.verification.requestChange(caller, change, origin, language);
  }
}
