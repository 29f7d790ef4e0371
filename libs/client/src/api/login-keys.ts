import { passwordKeys, type PasswordKeys } from '../crypto/password';
import type { PreLoginDto } from '../generated/types.gen';
import type { Http } from './http';

/** What a password gives with the salt of the account: the secret for the server, and the key that opens the keyring. */
export async function loginKeys(
  http: Http,
  email: string,
  password: string,
): Promise<{ readonly keys: PasswordKeys; readonly kind: PreLoginDto['kind'] }> {
  const prelogin = http.json<PreLoginDto>('GET', '/auth/prelogin', { query: { email }, anonymous: true });
  const { salt, kind, kdf } = await prelogin;
  return { keys: await passwordKeys(password, salt, kdf), kind };
}

/** The field of the bot check, where the server asks for it. */
export function botCheck(turnstileToken: string | undefined): { readonly turnstile_token?: string } {
  return turnstileToken === undefined ? {} : { turnstile_token: turnstileToken };
}
