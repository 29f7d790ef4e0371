import { Aead } from './aead';
import { derive } from './derive';
import { randomBytes, type Bytes } from './bytes';

/** What a key is for. Each purpose has its own key, so bytes sealed for one never open as another. */
export type Purpose = 'records' | 'backup' | 'vectors' | 'keyring' | 'goals';

const ACCOUNT_KEY_LENGTH = 32;

/** The unlocked account key of one user, in memory only. Everything of the user is sealed under keys derived from it. */
export class Vault {
  private readonly aeads = new Map<Purpose, Aead>();

  constructor(
    readonly userId: string,
    private readonly accountKey: Bytes,
  ) {
    if (accountKey.length !== ACCOUNT_KEY_LENGTH) throw new RangeError('an account key has 32 bytes');
  }

  /** A new account's vault, with a random key. */
  static create(userId: string): Vault {
    return new Vault(userId, randomBytes(ACCOUNT_KEY_LENGTH));
  }

  aead(purpose: Purpose): Aead {
    const known = this.aeads.get(purpose);
    if (known) return known;
    const made = new Aead(this.key(purpose), purpose);
    this.aeads.set(purpose, made);
    return made;
  }

  key(purpose: Purpose): Bytes {
    return derive(this.accountKey, `adiuva/key/1/${purpose}`);
  }

  /** The account key sealed under a key that wraps it; only the keyring and key stores call this. */
  wrap(wrapping: Aead, place: string): Promise<Bytes> {
    return wrapping.seal(this.accountKey, place);
  }
}
