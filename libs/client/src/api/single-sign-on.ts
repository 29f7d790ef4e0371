import { ClientError } from '../client-error';
import { randomBytes, toBase64Url, utf8 } from '../crypto/bytes';
import { createKeyring, unlockWithPassword } from '../crypto/keyring';
import { assertStrong } from '../crypto/password-policy';
import type { AuthTokensDto, UserProfileDto } from '../generated/types.gen';
import type { Account, SignedIn } from './account';
import type { Http } from './http';
import { Keyrings } from './keyrings';
import { loginKeys } from './login-keys';
import type { Session } from './session';

/** What a page that leaves for the provider keeps until it is back, in `sessionStorage`. */
export interface PendingSso {
  readonly state: string;
  readonly verifier: string;
}

/** A sign-in that is in progress in the browser of the system. */
export interface SsoAttempt {
  /** Open it in the browser of the system, not in a window of the app. */
  readonly url: string;
  readonly pending: PendingSso;
  /** `SingleSignOn.finish` of this attempt. */
  finish(redirect: string, totp?: string): Promise<UserProfileDto>;
}

/** The sign-in has not happened; `code` is that of a problem, such as `no_seat`. */
export class SsoRefused extends ClientError {
  constructor(readonly code: string) {
    super('SsoRefused', `the single sign-on was refused: ${code}`);
  }
}

const START = '/auth/sso/start';

/**
 * Sign-in at the OpenID provider of a team (RFC 8252). It opens a session, not the encrypted data: the provider must never be able to. The
 * keys are those of a password that only this client knows, or of the recovery words.
 */
export class SingleSignOn {
  private readonly keyrings: Keyrings;

  constructor(
    private readonly http: Http,
    private readonly session: Session,
    private readonly account: Account,
  ) {
    this.keyrings = new Keyrings(http);
  }

  /**
   * `redirectUri`: `http://127.0.0.1:PORT/…` where the app listens, or its `app://` address; `/console/sso` of the server for its own
   * console. Throws `ApiProblem` 404 for an address whose domain has no single sign-on.
   */
  async begin(email: string, redirectUri: string): Promise<SsoAttempt> {
    const pending = { state: random(), verifier: random() };
    const digest = await crypto.subtle.digest('SHA-256', utf8(pending.verifier));
    const query = {
      email,
      redirect_uri: redirectUri,
      code_challenge: toBase64Url(new Uint8Array(digest)),
      state: pending.state,
    };
    // A refusal is an error here, in place of a problem document in the browser of the system.
    await this.http.send('GET', START, { query, anonymous: true, isRedirect: true });
    return {
      url: this.http.url(START, query),
      pending,
      finish: (redirect, totp) => this.finish(pending, redirect, totp),
    };
  }

  /**
   * Takes the URL that the browser was sent to at the redirect URI. Throws `SsoRefused`, and `ApiProblem` `totp_required` for a user with a second
   * factor: then it may be called again with `totp`.
   */
  async finish({ state, verifier }: PendingSso, redirect: string, totp?: string): Promise<UserProfileDto> {
    const answer = new URL(redirect).searchParams;
    if (answer.get('state') !== state) throw new SsoRefused('sso_failed');
    const code = answer.get('code');
    if (code === null) throw new SsoRefused(answer.get('error') ?? 'sso_failed');
    const body = { code, code_verifier: verifier, ...(totp === undefined ? {} : { totp }) };
    const call = { body, anonymous: true };
    await this.session.begin(await this.http.json<AuthTokensDto>('POST', '/auth/sso/exchange', call));
    return this.account.profile();
  }

  /** Makes the keys of an account that single sign-on has made. The server never gets the password in any form. Show the words once. */
  async createKeys(password: string): Promise<SignedIn & { readonly recoveryWords: string }> {
    const profile = await this.account.profile();
    assertStrong(password, profile.email);
    const { keys } = await loginKeys(this.http, profile.email, password);
    const { keyring, vault, recoveryWords } = await createKeyring(profile.id, keys.keyEncryptionKey);
    await this.keyrings.create(keyring);
    return { profile, vault, recoveryWords };
  }

  /** Unlocks the session with the password of the keys; `Account.unlock` does with the words. Throws `DecryptError`. */
  async unlock(password: string): Promise<SignedIn> {
    const profile = await this.account.profile();
    const { keys } = await loginKeys(this.http, profile.email, password);
    const { keyring } = await this.keyrings.read();
    return { profile, vault: await unlockWithPassword(profile.id, keyring, keys.keyEncryptionKey) };
  }
}

function random(): string {
  return toBase64Url(randomBytes(32));
}
