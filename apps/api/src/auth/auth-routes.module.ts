import { Module } from '@nestjs/common';
import { AuthModule } from '@adiuva/auth';
import { AuthController } from './auth.controller';
import { KeysController } from './keys.controller';
import { TokensController } from './tokens.controller';
import { TotpController } from './totp.controller';
import { EmailController } from './email.controller';
import { PasskeysController } from './passkeys.controller';
import { PasswordResetController } from './password-reset.controller';
import { RecoveryController } from './recovery.controller';
import { RecoverySteps } from './recovery-steps.service';
import { SessionsController } from './sessions.controller';

@Module({
  imports: [AuthModule],
  controllers: [
    AuthController,
    KeysController,
    EmailController,
    PasskeysController,
    PasswordResetController,
    RecoveryController,
    SessionsController,
    TokensController,
    TotpController,
  ],
  providers: [RecoverySteps],
})
export class AuthRoutesModule {}
