import type { TotpRecoveryCodesDto, TotpUriDto } from '../generated/types.gen';
import type { Http } from './http';
import { loginKeys } from './login-keys';

/** The second factor of the signed-in user. */
export class SignInSecurity {
  constructor(private readonly http: Http) {}

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
}
