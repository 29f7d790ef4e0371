import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ForgottenPasswords, PasswordResets, type Origin } from '@adiuva/auth';
import type { MailLanguage } from '@adiuva/mail';
import { ClientAddress } from '../edge/http/client-address';
import { ClientLanguage } from '../edge/http/client-language';
import { BotChecked, IdempotencyKey, Public } from '../edge/principal';
import { ForgetPasswordDto, PasswordResetDto, ResetPasswordDto } from './email.dto';

@ApiTags('auth')
@Controller('auth/password')
export class PasswordResetController {
  constructor(
    private readonly forgotten: ForgottenPasswords,
    private readonly resets: PasswordResets,
  ) {}

  @Public()
  @IdempotencyKey('unstored')
  @BotChecked()
  @Post('forgot')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Mail a link that resets the password',
    description:
      'The same response in the same time whether or not the address has an account. The link is valid for 30 minutes and replaces earlier ones.',
  })
  forgetPassword(
    @Body() { email }: ForgetPasswordDto,
    @ClientAddress() origin: Origin,
    @ClientLanguage() language: MailLanguage,
  ): Promise<void> {
    return this.forgotten.request(email, origin, language);
  }

  @Public()
  @IdempotencyKey('unstored')
  @Post('reset')
  @HttpCode(200)
  @ApiOkResponse({ type: PasswordResetDto })
  @ApiOperation({
    summary: 'Reset the password with a mailed link',
    description:
      'Ends all sessions; a second factor remains. Where the address was not confirmed before, passkeys are deleted, and recovery words do not recover the account until `PUT /auth/keyring` has a `recovery_key` again. The server cannot open encrypted data: without a keyring that the client has wrapped again, `keyring_lost` is true and only the recovery words still open the old data.',
  })
  async resetPassword(@Body() body: ResetPasswordDto, @ClientAddress() origin: Origin): Promise<PasswordResetDto> {
    return { keyring_lost: await this.resets.reset(body.toReset(), origin) };
  }
}
