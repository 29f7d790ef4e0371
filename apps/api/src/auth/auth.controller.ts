import { Body, Controller, Delete, Get, HttpCode, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags, ApiOperation } from '@nestjs/swagger';
import type { Principal } from '@adiuva/kernel';
import { Accounts, AuthErasure, PasswordChanges, PasswordSignIn, type Origin } from '@adiuva/auth';
import type { MailLanguage } from '@adiuva/mail';
import { ClientAddress } from '../edge/http/client-address';
import { ClientLanguage } from '../edge/http/client-language';
import { BotChecked, Caller, IdempotencyKey, Public } from '../edge/principal';
import { AuthTokensDto, ChangePasswordDto, EraseAccountDto, LoginDto, RegisterDto, UserProfileDto } from './auth.dto';

@ApiTags('auth')
@Controller('auth')
export class AuthController {
  constructor(
    private readonly accounts: Accounts,
    private readonly erasure: AuthErasure,
    private readonly signIn: PasswordSignIn,
    private readonly passwords: PasswordChanges,
  ) {}

  @Public()
  @IdempotencyKey('atomic')
  @BotChecked()
  @Post('register')
  @ApiCreatedResponse({ type: AuthTokensDto })
  @ApiOperation({
    summary: 'Create an account',
    description:
      'Returns the tokens of the first session. The password has 10 to 256 characters and is not a common one.',
  })
  async register(@Body() body: RegisterDto, @ClientAddress() origin: Origin): Promise<AuthTokensDto> {
    return AuthTokensDto.of(await this.accounts.register(body.toRegistration(), origin));
  }

  @Public()
  @IdempotencyKey('unstored')
  @BotChecked()
  @Post('login')
  @HttpCode(200)
  @ApiOkResponse({ type: AuthTokensDto })
  @ApiOperation({
    summary: 'Sign in',
    description:
      'Unknown accounts and wrong passwords have the same response, in the same time. With a second factor a right password alone is 401 `totp_required`; each code is accepted once.',
  })
  async login(@Body() body: LoginDto, @ClientAddress() origin: Origin): Promise<AuthTokensDto> {
    return AuthTokensDto.of(await this.signIn.complete(body.email, body.password, body.totp, origin));
  }

  @Get('me')
  @ApiOkResponse({ type: UserProfileDto })
  @ApiOperation({
    summary: 'The signed-in user',
    description: 'Id, e-mail address, tier and role, read from the database.',
  })
  async getProfile(@Caller() caller: Principal): Promise<UserProfileDto> {
    return UserProfileDto.of(await this.accounts.get(caller.userId), caller.tier);
  }

  @IdempotencyKey('atomic')
  @Post('password')
  @HttpCode(204)
  @ApiOperation({ summary: 'Change the password', description: 'Revokes every other session, and mails a notice.' })
  changePassword(
    @Caller() caller: Principal,
    @Body() body: ChangePasswordDto,
    @ClientAddress() origin: Origin,
    @ClientLanguage() language: MailLanguage,
  ): Promise<void> {
    return this.passwords.change(caller, { current: body.current_password, next: body.new_password }, origin, language);
  }

  @Delete('account')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Delete the account',
    description: 'Tokens end immediately. A job erases rows, blobs, vectors and keys.',
  })
  async deleteAccount(
    @Caller() caller: Principal,
    @Body() body: EraseAccountDto,
    @ClientAddress() origin: Origin,
  ): Promise<void> {
    await this.erasure.request(caller, body.password, origin);
  }
}
