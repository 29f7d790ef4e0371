import { ClientError } from '../client-error';
import type { Bytes } from '../crypto/bytes';
import { decodeKeyring, encodeKeyring, withoutFormerPasswords, type Keyring } from '../crypto/keyring';
import type { KeyringDto } from '../generated/types.gen';
import type { Http } from './http';
import { ApiProblem } from './problem';

export interface VersionedKeyring {
  readonly keyring: Keyring;
  readonly version: number;
}

/** Stored with the keyring in one transaction: the public half of the recovery words, and the login secret that confirms it. */
interface RecoveryKey {
  readonly recovery_key: string;
  readonly password: string;
}

/** The keyring of the account on the server. A write whose answer was lost is repeated, and recognizes what it stored itself. */
export class Keyrings {
  constructor(private readonly http: Http) {}

  async read(): Promise<VersionedKeyring> {
    const { keyring, version } = await this.http.json<KeyringDto>('GET', '/auth/keyring');
    return { keyring: decodeKeyring(keyring), version };
  }

  /** The first one. Throws `ApiProblem` 412 when there is one already. */
  create(keyring: Keyring, recovery?: RecoveryKey): Promise<VersionedKeyring> {
    return this.put(keyring, recovery, { 'if-none-match': '*' });
  }

  /** Throws `ApiProblem` 412 when another device has changed the keyring meanwhile. */
  replace({ version }: VersionedKeyring, keyring: Keyring, recovery?: RecoveryKey): Promise<VersionedKeyring> {
    return this.put(keyring, recovery, { 'if-match': `"${version}"` });
  }

  /** A change that was cut after the server took the new password: the former one must not open the keyring any more. */
  async finishPasswordChange(stored: VersionedKeyring, userId: string, keyEncryptionKey: Bytes): Promise<void> {
    const settled = await withoutFormerPasswords(stored.keyring, userId, keyEncryptionKey);
    if (!settled) return;
    await this.replace(stored, settled).catch((error: unknown) => {
      // Another device may be finishing it, too; otherwise the next sign-in does.
      if (!(error instanceof ClientError)) throw error;
    });
  }

  private async put(
    keyring: Keyring,
    recovery: RecoveryKey | undefined,
    headers: Readonly<Record<string, string>>,
  ): Promise<VersionedKeyring> {
    const encoded = encodeKeyring(keyring);
    const body = { keyring: encoded, ...recovery };
    try {
      const { version } = await this.http.json<KeyringDto>('PUT', '/auth/keyring', { body, headers });
      return { keyring, version };
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.status !== 412) throw error;
      const stored = await this.http.json<KeyringDto>('GET', '/auth/keyring');
      if (stored.keyring !== encoded) throw error;
      return { keyring, version: stored.version };
    }
  }
}
