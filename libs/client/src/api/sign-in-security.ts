import type {
  AgentTokenDto,
  AuthTokensDto,
  PasskeyDto,
  PasswordResetDto,
  TotpRecoveryCodesDto,
  TotpUriDto,
} from '../generated/types.gen';
import { assertStrong } from '../crypto/password-policy';
import type { Session } from './session';
import type { Http } from './http';
import { botCheck, loginKeys } from './login-keys';

/** What `PublicKeyCredential.toJSON()` gives. */
export type PasskeyJson = Readonly<Record<string, unknown>>;

/** How an account is protected: second factor, confirmed address, reset by mail. */
export class SignInSecurity {
  constructor(
    private readonly http: Http,
    private readonly session: Session,
  ) {}

  /** The address to show as a QR code. Sign-ins ask for no code until `confirmTotp`. Throws `ApiProblem` 409 when a second factor is set up. */
  async beginTotp(): Promise<string> {
    return (await this.http.json<TotpUriDto>('POST', '/auth/totp')).otpauth_uri;
  }

  /** The recovery codes. Show them once: each replaces a code of the app one time. Throws `ApiProblem` `wrong_code`. */
  async confirmTotp(code: string): Promise<readonly string[]> {
    const body = { code };
    return (await this.http.json<TotpRecoveryCodesDto>('POST', '/auth/totp/confirm', { body })).recovery_codes;
  }

  /** Needs the password and a code of the app or a recovery code. Throws `ApiProblem` `invalid_credentials`. */
  async disableTotp(email: string, password: string, code: string): Promise<void> {
    const { keys } = await loginKeys(this.http, email, password);
    await this.http.json('DELETE', '/auth/totp', { body: { password: keys.authSecret, code } });
  }

  /** For `PublicKeyCredential.parseCreationOptionsFromJSON`. */
  passkeyCreationOptions(): Promise<Record<string, unknown>> {
    return this.http.json('POST', '/auth/passkeys/register/options');
  }

  /** Takes `credential.toJSON()`. The results of the PRF extension stay here: they may unwrap the keyring. */
  registerPasskey(credential: PasskeyJson, name: string): Promise<PasskeyDto> {
    return this.http.json('POST', '/auth/passkeys/register', { body: { ...withoutExtensions(credential), name } });
  }

  passkeys(): Promise<PasskeyDto[]> {
    return this.http.json('GET', '/auth/passkeys');
  }

  async deletePasskey(id: string): Promise<void> {
    await this.http.json('DELETE', `/auth/passkeys/${id}`);
  }

  /** For `PublicKeyCredential.parseRequestOptionsFromJSON`. */
  passkeyRequestOptions(): Promise<Record<string, unknown>> {
    return this.http.json('POST', '/auth/passkeys/login/options', { anonymous: true });
  }

  /** Opens the session of the passkey's user; `Account.unlock` then opens the keys. Takes `credential.toJSON()`. */
  async signInWithPasskey(credential: PasskeyJson): Promise<void> {
    const body = withoutExtensions(credential);
    await this.session.begin(
      await this.http.json<AuthTokensDto>('POST', '/auth/passkeys/login', { body, anonymous: true }),
    );
  }

  /** A token of at most 5 minutes with which a worker acts for the user. Throws `ApiProblem` 501 where the server has no key for it. */
  agentToken(scopes: readonly string[], seconds = 300): Promise<AgentTokenDto> {
    return this.http.json('POST', '/auth/agent-token', { body: { scopes, ttl_s: seconds } });
  }

  /** Mails a link that confirms the address; valid for 24 hours. */
  async requestEmailVerification(): Promise<void> {
    await this.http.json('POST', '/auth/email/verification');
  }

  /** Takes the token of the link, for a first address and for a changed one. Throws `ApiProblem` 401 for one that is not valid any more. */
  async verifyEmail(token: string): Promise<void> {
    await this.http.json('POST', '/auth/email/verify', { body: { token }, anonymous: true });
  }

  /** Mails a link to the new address. The account keeps the old one until the link is used. */
  async changeEmail(email: string, password: string, newEmail: string): Promise<void> {
    const { keys } = await loginKeys(this.http, email, password);
    await this.http.json('POST', '/auth/email', { body: { email: newEmail, password: keys.authSecret } });
  }

  /** Mails a link that resets the password, where the address has an account; the response does not tell. */
  async forgotPassword(email: string, turnstileToken?: string): Promise<void> {
    const body = { email, ...botCheck(turnstileToken) };
    await this.http.json('POST', '/auth/password/forgot', { body, anonymous: true });
  }

  /**
   * Sets a password with the token of a mailed link. Returns whether encrypted data exists that it does not open: then only the recovery
   * words do (`Account.unlock`). Throws `WeakPasswordError`, `ApiProblem` 401.
   */
  async resetPassword(email: string, token: string, newPassword: string): Promise<{ readonly keyringLost: boolean }> {
    assertStrong(newPassword, email);
    const { keys } = await loginKeys(this.http, email, newPassword);
    const body = { token, new_password: keys.authSecret };
    const { keyring_lost } = await this.http.json<PasswordResetDto>('POST', '/auth/password/reset', {
      body,
      anonymous: true,
    });
    return { keyringLost: keyring_lost };
  }
}

function withoutExtensions(credential: PasskeyJson): PasskeyJson {
  return { ...credential, clientExtensionResults: {} };
}
