import { checksum, fromBase64, toBase64, type Bytes } from '../crypto/bytes';
import {
  createKeyring,
  decodeKeyring,
  encodeKeyring,
  openPair,
  unlockWithPassword,
  unlockWithRecovery,
  withPassword,
  withRecovery,
} from '../crypto/keyring';
import { signDevice, type KeyPair } from '../crypto/key-pairs';
import type { PasswordKeys } from '../crypto/password';
import { assertStrong } from '../crypto/password-policy';
import { newRecoveryWords, recoveryPair, signRecovery } from '../crypto/recovery';
import type { Vault } from '../crypto/vault';
import type {
  AuditDto,
  AuthTokensDto,
  DeviceDto,
  ExportDto,
  RecoverableKeyringDto,
  RecoveryChallengeDto,
  SessionDto,
  StartedExportDto,
  TelemetryConsentDto,
  TelemetryDto,
  UserProfileDto,
} from '../generated/types.gen';
import type { Recovery, SignIn, SignInProof, SignUp } from './credentials';
import { botCheck, loginKeys } from './login-keys';
import { Keyrings, type VersionedKeyring } from './keyrings';
import { ApiProblem } from './problem';
import type { Http } from './http';
import type { Session } from './session';

/** The signed-in user with the unlocked keys. */
export interface SignedIn {
  readonly profile: UserProfileDto;
  readonly vault: Vault;
  /** Present when this sign-in made the keys, because the sign-up was cut before it had. Show them once. */
  readonly recoveryWords?: string;
}

/** Sign-up, sign-in and keys. The password never leaves the client: the server gets a secret derived from it by Argon2id. */
export class Account {
  private readonly keyrings: Keyrings;

  constructor(
    private readonly http: Http,
    private readonly session: Session,
  ) {
    this.keyrings = new Keyrings(http);
  }

  /**
   * Makes an account and its keys. Show `recoveryWords` once: without them a forgotten password cannot be undone. Throws
   * `WeakPasswordError`, `ApiProblem` `email_taken`. A sign-up that was cut is finished by `signIn`.
   */
  async signUp({
    email,
    password,
    name,
    turnstileToken,
  }: SignUp): Promise<SignedIn & { readonly recoveryWords: string }> {
    assertStrong(password, email);
    const { keys } = await loginKeys(this.http, email, password);
    const recoveryWords = await newRecoveryWords();
    const recovery_key = toBase64((await recoveryPair(recoveryWords)).publicKey);
    const body = {
      email,
      password: keys.authSecret,
      recovery_key,
      ...(name === undefined ? {} : { name }),
      ...botCheck(turnstileToken),
    };
    await this.session.begin(await this.http.json<AuthTokensDto>('POST', '/auth/register', { body, anonymous: true }));
    const profile = await this.profile();
    const { keyring, vault } = await createKeyring(profile.id, keys.keyEncryptionKey, recoveryWords);
    await this.keyrings.create(keyring);
    return { profile, vault, recoveryWords };
  }

  /** Throws `ApiProblem` 401 for a wrong password, `DecryptError` when the keyring is not of this password. */
  async signIn({ email, password, plainPassword = false, ...proof }: SignIn): Promise<SignedIn> {
    const { keys, kind } = await loginKeys(this.http, email, password);
    const profile = await this.logIn(email, keys.authSecret, proof).catch((error: unknown) => {
      const wrong = error instanceof ApiProblem && error.code === 'invalid_credentials';
      if (plainPassword && kind === 'plain' && wrong) return this.convert(email, password, keys, proof);
      throw error;
    });
    const stored = await this.keyring().catch(undefinedWhenMissing);
    if (!stored) return { profile, ...(await this.finishSignUp(profile.id, keys)) };
    const vault = await unlockWithPassword(profile.id, stored.keyring, keys.keyEncryptionKey);
    await this.keyrings.finishPasswordChange(stored, profile.id, keys.keyEncryptionKey);
    return { profile, vault };
  }

  /**
   * Sets a new password with the words that the user wrote down, without a session; all other sessions end. Throws `WeakPasswordError`,
   * `ApiProblem` 401 when the words are not of this account, `RangeError` for words that are none.
   */
  async recover({ email, words, newPassword }: Recovery): Promise<SignedIn> {
    assertStrong(newPassword, email);
    const pair = await recoveryPair(words);
    const { challenge } = await this.recoverStep<RecoveryChallengeDto>({ email });
    const found = await this.recoverStep<RecoverableKeyringDto>({
      email,
      challenge,
      signature: toBase64(signRecovery(pair, 'read', challenge)),
    });
    const old = decodeKeyring(found.keyring);
    const vault = await unlockWithRecovery(found.user_id, old, words);
    const { keys } = await loginKeys(this.http, email, newPassword);
    const keyring = encodeKeyring(await withPassword(old, vault, keys.keyEncryptionKey, false));
    const digests = [await checksum(new TextEncoder().encode(keys.authSecret)), await checksum(fromBase64(keyring))];
    const signature = toBase64(signRecovery(pair, 'reset', challenge, ...digests));
    const reset = { email, challenge, signature, new_password: keys.authSecret, keyring };
    await this.session.begin(await this.recoverStep<AuthTokensDto>(reset));
    return { profile: await this.profile(), vault };
  }

  /**
   * Unlocks a signed-in session with the recovery words. With `password`, that of the account after a reset by mail, the keys open with it from
   * now on, and the words recover the account again. Throws `DecryptError` for other words, `ApiProblem` 401 for a wrong password.
   */
  async unlock(words: string, password?: string): Promise<SignedIn> {
    const profile = await this.profile();
    const stored = await this.keyring();
    const vault = await unlockWithRecovery(profile.id, stored.keyring, words);
    if (password !== undefined) {
      const { keys } = await loginKeys(this.http, profile.email, password);
      const keyring = await withPassword(stored.keyring, vault, keys.keyEncryptionKey, false);
      const recovery_key = toBase64((await recoveryPair(words)).publicKey);
      await this.keyrings.replace(stored, keyring, { recovery_key, password: keys.authSecret });
    }
    return { profile, vault };
  }

  /**
   * Changes the password and ends all other sessions. The keyring opens with both passwords until the server has acknowledged the
   * change, so a crash in between locks no user out.
   */
  async changePassword(vault: Vault, email: string, current: string, next: string): Promise<void> {
    assertStrong(next, email);
    const [before, after] = [await loginKeys(this.http, email, current), await loginKeys(this.http, email, next)];
    const stored = await this.keyring();
    const between = await this.keyrings.replace(
      stored,
      await withPassword(stored.keyring, vault, after.keys.keyEncryptionKey, true),
    );
    const body = { current_password: before.keys.authSecret, new_password: after.keys.authSecret };
    await this.http.json('POST', '/auth/password', { body });
    await this.keyrings.replace(between, await withPassword(stored.keyring, vault, after.keys.keyEncryptionKey, false));
  }

  /** New recovery words in place of the old ones. Show them once. Throws `ApiProblem` 401 for a wrong password. */
  async renewRecoveryWords(vault: Vault, email: string, password: string): Promise<string> {
    const { keys } = await loginKeys(this.http, email, password);
    const stored = await this.keyring();
    const { keyring, recoveryWords } = await withRecovery(stored.keyring, vault);
    const recovery_key = toBase64((await recoveryPair(recoveryWords)).publicKey);
    await this.keyrings.replace(stored, keyring, { recovery_key, password: keys.authSecret });
    return recoveryWords;
  }

  /** Figures about the app. Throws `ApiProblem` 403 until the user has agreed. */
  async reportTelemetry(events: TelemetryDto['events']): Promise<void> {
    await this.http.json('POST', '/telemetry', { body: { events } });
  }

  async hasTelemetryConsent(): Promise<boolean> {
    return (await this.http.json<TelemetryConsentDto>('GET', '/telemetry/consent')).enabled;
  }

  async setTelemetryConsent(enabled: boolean): Promise<void> {
    await this.http.json('PUT', '/telemetry/consent', { body: { enabled } });
  }

  /** Starts an export of everything that the server has of the user. Throws `ApiProblem` 401 for a wrong password. */
  async requestExport(email: string, password: string): Promise<string> {
    const { keys } = await loginKeys(this.http, email, password);
    const body = { password: keys.authSecret };
    return (await this.http.json<StartedExportDto>('POST', '/exports', { body })).id;
  }

  /** `download_url` once it is `ready`; it needs no token and is valid for 24 hours. */
  export(id: string): Promise<ExportDto> {
    return this.http.json('GET', `/exports/${encodeURIComponent(id)}`);
  }

  /** Sign-ins, ended sessions, changes of keys, devices and tier; newest first. `next` is the `after` of the next page. */
  audit(query: { readonly after?: string; readonly limit?: number } = {}): Promise<AuditDto> {
    return this.http.json('GET', '/audit', { query: { ...query } });
  }

  profile(): Promise<UserProfileDto> {
    return this.http.json('GET', '/auth/me');
  }

  sessions(): Promise<SessionDto[]> {
    return this.http.json('GET', '/auth/sessions');
  }

  async endSession(id: string): Promise<void> {
    await this.http.json('DELETE', `/auth/sessions/${id}`);
  }

  /** Ends this session on the server, and here whatever the server says. */
  async signOut(): Promise<void> {
    const tokens = await this.session.held();
    await this.session.end();
    if (tokens)
      await this.http.json('POST', '/auth/logout', { body: { refresh_token: tokens.refresh_token }, anonymous: true });
  }

  /** Erases the account with all its data. */
  async erase(email: string, password: string): Promise<void> {
    const { keys } = await loginKeys(this.http, email, password);
    await this.http.json('DELETE', '/auth/account', { body: { password: keys.authSecret } });
    await this.session.end();
  }

  devices(): Promise<DeviceDto[]> {
    return this.http.json('GET', '/devices');
  }

  /** Registers the key of this device, signed by the identity of the account. */
  async registerDevice(vault: Vault, name: string, device: Pick<KeyPair, 'publicKey'>): Promise<DeviceDto> {
    const identity = await openPair(vault, (await this.keyring()).keyring, 'identity');
    const signature = toBase64(signDevice(identity, vault.userId, device.publicKey));
    return this.http.json('POST', '/devices', { body: { name, public_key: toBase64(device.publicKey), signature } });
  }

  async revokeDevice(id: string): Promise<void> {
    await this.http.json('DELETE', `/devices/${id}`);
  }

  /** The identity key of the account, to check which devices it signed. */
  async identityKey(vault: Vault): Promise<Bytes> {
    const { keyring } = await this.keyring();
    return (await openPair(vault, keyring, 'identity')).publicKey;
  }

  keyring(): Promise<VersionedKeyring> {
    return this.keyrings.read();
  }

  private async logIn(email: string, password: string, { totp, turnstileToken }: SignInProof): Promise<UserProfileDto> {
    const body = { email, password, ...(totp === undefined ? {} : { totp }), ...botCheck(turnstileToken) };
    await this.session.begin(await this.http.json<AuthTokensDto>('POST', '/auth/login', { body, anonymous: true }));
    return this.profile();
  }

  /** Signs in with the plain password and puts the derived secret in its place. */
  private async convert(
    email: string,
    password: string,
    { authSecret }: PasswordKeys,
    proof: SignInProof,
  ): Promise<UserProfileDto> {
    const profile = await this.logIn(email, password, proof);
    await this.http.json('POST', '/auth/password', { body: { current_password: password, new_password: authSecret } });
    return profile;
  }

  private async finishSignUp(userId: string, keys: PasswordKeys): Promise<{ vault: Vault; recoveryWords: string }> {
    const { keyring, vault, recoveryWords } = await createKeyring(userId, keys.keyEncryptionKey);
    const recovery_key = toBase64((await recoveryPair(recoveryWords)).publicKey);
    await this.keyrings.create(keyring, { recovery_key, password: keys.authSecret });
    return { vault, recoveryWords };
  }

  private recoverStep<T>(body: object): Promise<T> {
    return this.http.json('POST', '/auth/recover', { body, anonymous: true });
  }
}

function undefinedWhenMissing(error: unknown): undefined {
  if (!(error instanceof ApiProblem) || error.status !== 404) throw error;
}
