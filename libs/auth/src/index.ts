export { AccountAdministration } from './account-administration.service';
export { AccessTokens, type AccessClaims } from './access-tokens.service';
export {
  AccountRecovery,
  type IssuedChallenge,
  type RecoverableKeyring,
  type Reset,
  type SignedChallenge,
} from './account-recovery.service';
export { Accounts, type Account, type Origin, type Registration } from './accounts.service';
export { AgentTokens, type AgentToken } from './agent-tokens/agent-tokens.service';
export { AuthConfig } from './auth.config';
export { AUTH_ENTITIES } from './auth.entities';
export { AuthErasure } from './auth.erasure';
export { ErasureMarks } from './erasure-marks.service';
export {
  ACCOUNT_DISABLED,
  ACCOUNT_ENABLED,
  RESUME_NOTIFICATIONS,
  accountErasureHandler,
  AuthJobs,
  type RowOwner,
  type UserDataOwner,
} from './auth.jobs';
export { AuthModule } from './auth.module';
export { emailError, normalEmail } from './email-address';
export { Devices, type Device, type NewDevice } from './devices.service';
export { Installation } from './installation.service';
export { KeyRotation } from './key-rotation.service';
export { Keyrings, type StoredKeyring } from './keyrings.service';
export { lockLiveUser, lockUser } from './live-user.store';
export { EmailVerification } from './mail-links/email-verification.service';
export { EMAIL_VERIFIED } from './mail-links/mail-links.service';
export { ForgottenPasswords, PasswordResets, type PasswordReset } from './mail-links/password-reset.service';
export { PasskeySignIn } from './passkeys/passkey-sign-in.service';
export { Passkeys, type Passkey } from './passkeys/passkeys.service';
export type {
  AuthenticationResponseJSON as PasskeyAssertion,
  PublicKeyCredentialCreationOptionsJSON as CreationOptions,
  PublicKeyCredentialRequestOptionsJSON as RequestOptions,
  RegistrationResponseJSON as PasskeyAttestation,
} from '@simplewebauthn/server';
export { PreLogin, type LoginDerivation } from './pre-login.service';
export { RecoveryKeys, type KeyringUpdate } from './recovery-keys.service';
export { SessionLookup } from './session-lookup.service';
export { SESSION_REVOKED } from './session-events.service';
export { SessionRefresh } from './session-refresh.service';
export { Sessions, type AuthTokens, type SessionView } from './sessions.service';
export { PasswordChanges } from './password-changes.service';
export { PasswordSignIn } from './password-sign-in.service';
export { SignIn } from './sign-in.service';
export { SignInRules } from './sign-in-rules.service';
export { SignInLimits } from './sign-in-limits.service';
export { SecondFactor } from './factors/second-factor.service';
export { TotpSettings } from './factors/totp-settings.service';
export { UserRow } from './user.entity';
export { UserEncryption, type UserCipher } from './user-encryption.service';
