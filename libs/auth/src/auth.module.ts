import { Module } from '@nestjs/common';
import { AuditModule } from '@adiuva/audit';
import { provideSettings } from '@adiuva/config';
import { MailModule } from '@adiuva/mail';
import { AccountRecovery } from './account-recovery.service';
import { AccountAdministration } from './account-administration.service';
import { AccessTokens } from './access-tokens.service';
import { Accounts } from './accounts.service';
import { AgentTokensConfig } from './agent-tokens/agent-tokens.config';
import { AgentTokens } from './agent-tokens/agent-tokens.service';
import { AuthConfig } from './auth.config';
import { AuthErasure } from './auth.erasure';
import { AuthJobs } from './auth.jobs';
import { ErasureMarks } from './erasure-marks.service';
import { Devices } from './devices.service';
import { Installation } from './installation.service';
import { KeyRotation } from './key-rotation.service';
import { Keyrings } from './keyrings.service';
import { PasswordChanges } from './password-changes.service';
import { PasswordHasher } from './password-hasher.adapter';
import { PasswordSignIn } from './password-sign-in.service';
import { PreLogin } from './pre-login.service';
import { RecoveryKeys } from './recovery-keys.service';
import { SessionEvents } from './session-events.service';
import { SessionLookup } from './session-lookup.service';
import { SessionRefresh } from './session-refresh.service';
import { Sessions } from './sessions.service';
import { SignInLimits } from './sign-in-limits.service';
import { SecondFactor } from './factors/second-factor.service';
import { TotpSettings } from './factors/totp-settings.service';
import { AccountMails } from './mail-links/account-mails.service';
import { AccountTokens } from './mail-links/account-tokens.store';
import { AddressChange } from './mail-links/address-change.service';
import { EmailVerification } from './mail-links/email-verification.service';
import { MailLinks } from './mail-links/mail-links.service';
import { ForgottenPasswords, PasswordResets } from './mail-links/password-reset.service';
import { UnconfirmedAccess } from './mail-links/unconfirmed-access.service';
import { PasskeyChallenges } from './passkeys/passkey-challenges.service';
import { PasskeySignIn } from './passkeys/passkey-sign-in.service';
import { Passkeys } from './passkeys/passkeys.service';
import { RelyingParty } from './passkeys/relying-party.service';
import { SignIn } from './sign-in.service';
import { SignInRules } from './sign-in-rules.service';
import { UserEncryption } from './user-encryption.service';

const SERVICES = [
  AccessTokens,
  AccountAdministration,
  AccountMails,
  AccountRecovery,
  AccountTokens,
  AddressChange,
  AgentTokens,
  Accounts,
  AuthErasure,
  AuthJobs,
  ErasureMarks,
  Devices,
  EmailVerification,
  ForgottenPasswords,
  Installation,
  KeyRotation,
  Keyrings,
  MailLinks,
  PasskeyChallenges,
  Passkeys,
  PasskeySignIn,
  PasswordChanges,
  PasswordResets,
  PasswordSignIn,
  RelyingParty,
  PreLogin,
  RecoveryKeys,
  SessionLookup,
  SecondFactor,
  SessionEvents,
  SessionRefresh,
  Sessions,
  SignIn,
  SignInLimits,
  SignInRules,
  TotpSettings,
  UnconfirmedAccess,
  UserEncryption,
];

@Module({
  imports: [AuditModule, MailModule],
  providers: [provideSettings(AuthConfig), provideSettings(AgentTokensConfig), PasswordHasher, ...SERVICES],
  exports: [AuthConfig, ...SERVICES],
})
export class AuthModule {}
