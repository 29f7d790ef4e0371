import { toBase64, type Bytes } from '../crypto/bytes';
import {
  createKeyring,
  decodeKeyring,
  encodeKeyring,
  openPair,
  unlockWithPassword,
  unlockWithRecovery,
  withPassword,
  type Keyring,
} from '../crypto/keyring';
import { signDevice, type KeyPair } from '../crypto/key-pairs';
import { passwordKeys, type PasswordKeys } from '../crypto/password';
import type { Vault } from '../crypto/vault';
import type {
  AuthTokensDto,
  DeviceDto,
  KeyringDto,
  PreLoginDto,
  SessionDto,
  UserProfileDto,
} from '../generated/types.gen';
import type { Http } from './http';
import type { Session } from './session';

export interface SignUp {
  readonly email: string;
  readonly password: string;
  readonly name?: string;
}

export interface SignIn {
  readonly email: string;
  readonly password: string;
}

/** Who is signed in, with his unlocked keys. */
export interface SignedIn {
  readonly profile: UserProfileDto;
  readonly vault: Vault;
}

/** Sign-up, sign-in and keys. The password itself never leaves the client: the server gets a secret derived from it by Argon2id. */
export class Account {
  constructor(
    private readonly http: Http,
    private readonly session: Session,
  ) {}

  /** Makes an account and its keys. Show `recoveryWords` once: without them a forgotten password cannot be undone by anybody. */
  async signUp({ email, password, name }: SignUp): Promise<SignedIn & { readonly recoveryWords: string }> {
    const keys = await this.derive(email, password);
    const body = { email, password: keys.authSecret, ...(name === undefined ? {} : { name }) };
    await this.session.begin(await this.http.json<AuthTokensDto>('POST', '/auth/register', { body, anonymous: true }));
    const profile = await this.profile();
    return { profile, ...(await this.makeKeyring(profile.id, keys)) };
  }

  /** Throws `ApiProblem` 401 for a wrong password, `DecryptError` when the keyring is not of this password. */
  async signIn({ email, password }: SignIn): Promise<SignedIn> {
    const keys = await this.derive(email, password);
    const body = { email, password: keys.authSecret };
    await this.session.begin(await this.http.json<AuthTokensDto>('POST', '/auth/login', { body, anonymous: true }));
    const profile = await this.profile();
    const { keyring } = await this.keyring();
    return { profile, vault: await unlockWithPassword(profile.id, keyring, keys.keyEncryptionKey) };
  }

  /** Unlocks with the words that the user wrote down; he must be signed in. */
  async recover(words: string): Promise<SignedIn> {
    const profile = await this.profile();
    return { profile, vault: await unlockWithRecovery(profile.id, (await this.keyring()).keyring, words) };
  }

  /**
   * Changes the password and ends all other sessions. The keyring opens with both passwords until the server has acknowledged the
   * change, so a crash in between locks nobody out.
   */
  async changePassword(vault: Vault, email: string, current: string, next: string): Promise<void> {
    const [before, after] = [await this.derive(email, current), await this.derive(email, next)];
    const stored = await this.keyring();
    const between = await this.saveKeyring(
      await withPassword(stored.keyring, vault, after.keyEncryptionKey, true),
      stored.version,
    );
    const body = { current_password: before.authSecret, new_password: after.authSecret };
    await this.http.json('POST', '/auth/password', { body });
    await this.saveKeyring(await withPassword(stored.keyring, vault, after.keyEncryptionKey, false), between.version);
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

  /** Erases the account with all that it holds. */
  async erase(email: string, password: string): Promise<void> {
    const { authSecret } = await this.derive(email, password);
    await this.http.json('DELETE', '/auth/account', { body: { password: authSecret } });
    await this.session.end();
  }

  devices(): Promise<DeviceDto[]> {
    return this.http.json('GET', '/devices');
  }

  /** Registers this device's key, vouched for by the account's identity. */
  async registerDevice(vault: Vault, name: string, device: Pick<KeyPair, 'publicKey'>): Promise<DeviceDto> {
    const identity = await openPair(vault, (await this.keyring()).keyring, 'identity');
    const signature = toBase64(signDevice(identity, vault.userId, device.publicKey));
    return this.http.json('POST', '/devices', { body: { name, public_key: toBase64(device.publicKey), signature } });
  }

  async revokeDevice(id: string): Promise<void> {
    await this.http.json('DELETE', `/devices/${id}`);
  }

  /** The account's identity key, to check what devices were vouched for. */
  async identityKey(vault: Vault): Promise<Bytes> {
    const { keyring } = await this.keyring();
    return (await openPair(vault, keyring, 'identity')).publicKey;
  }

  async keyring(): Promise<{ readonly keyring: Keyring; readonly version: number }> {
    const { keyring, version } = await this.http.json<KeyringDto>('GET', '/auth/keyring');
    return { keyring: decodeKeyring(keyring), version };
  }

  private async makeKeyring(userId: string, keys: PasswordKeys): Promise<{ vault: Vault; recoveryWords: string }> {
    const { keyring, vault, recoveryWords } = await createKeyring(userId, keys.keyEncryptionKey);
    const headers = { 'if-none-match': '*' };
    await this.http.json('PUT', '/auth/keyring', { body: { keyring: encodeKeyring(keyring) }, headers });
    return { vault, recoveryWords };
  }

  /** Throws `ApiProblem` 412 when another device has changed the keyring meanwhile. */
  private saveKeyring(keyring: Keyring, version: number): Promise<KeyringDto> {
    const body = { keyring: encodeKeyring(keyring) };
    return this.http.json('PUT', '/auth/keyring', { body, headers: { 'if-match': `"${version}"` } });
  }

  private async derive(email: string, password: string): Promise<PasswordKeys> {
    const { salt, kdf } = await this.http.json<PreLoginDto>('GET', '/auth/prelogin', {
      query: { email },
      anonymous: true,
    });
    return passwordKeys(password, salt, kdf);
  }
}
