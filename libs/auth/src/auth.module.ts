import { Module } from '@nestjs/common';
import { provideSettings } from '@adiuva/config';
import { MailModule } from '@adiuva/mail';
import { AccountRecovery } from './account-recovery.service';
import { AccessTokens } from './access-tokens.service';
import { Accounts } from './accounts.service';
import { AuthConfig } from './auth.config';
import { AuthErasure } from './auth.erasure';
import { AuthJobs } from './auth.jobs';
import { Devices } from './devices.service';
import { Installation } from './installation.service';
import { KeyRotation } from './key-rotation.service';
import { Keyrings } from './keyrings.service';
import { PasswordHasher } from './password-hasher.adapter';
import { PreLogin } from './pre-login.service';
import { RecoveryKeys } from './recovery-keys.service';
import { SessionLookup } from './session-lookup.service';
import { Sessions } from './sessions.service';
import { SignInLimits } from './sign-in-limits.service';
import { SecondFactor } from './factors/second-factor.service';
import { TotpSettings } from './factors/totp-settings.service';
import { SignIn } from './sign-in.service';
import { UserEncryption } from './user-encryption.service';

const SERVICES = [
  AccessTokens,
  AccountRecovery,
  Accounts,
  AuthErasure,
  AuthJobs,
  Devices,
  Installation,
  KeyRotation,
  Keyrings,
  PreLogin,
  RecoveryKeys,
  SessionLookup,
  SecondFactor,
  Sessions,
  SignIn,
  SignInLimits,
  TotpSettings,
  UserEncryption,
];

@Module({
  imports: [MailModule],
  providers: [provideSettings(AuthConfig), PasswordHasher, ...SERVICES],
  exports: [AuthConfig, ...SERVICES],
})
export class AuthModule {}
