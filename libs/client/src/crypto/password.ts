import { ClientError } from '../client-error';
import { derive } from './derive';
import { fromBase64, owned, toBase64, type Bytes } from './bytes';

/** Parameters of Argon2id as the wire has them: `m` in KiB, `t` passes, `p` lanes. */
export interface KdfParameters {
  readonly alg: string;
  readonly m: number;
  readonly t: number;
  readonly p: number;
}

/** What the password becomes: only `authSecret` ever leaves the client. */
export interface PasswordKeys {
  /** Sent in place of the password, in base64. */
  readonly authSecret: string;
  /** Wraps the account key; never sent. */
  readonly keyEncryptionKey: Bytes;
}

/** What the client asks of a new account: 64 MiB, 3 passes, 1 lane. */
export const DEFAULT_KDF: KdfParameters = { alg: 'argon2id', m: 65_536, t: 3, p: 1 };
/** OWASP's minimum, below which a server is refused: it might be weakening the password to guess it. */
export const KDF_FLOOR = { m: 19_456, t: 2, p: 1 } as const;
const KDF_CEILING = { m: 1_048_576, t: 16, p: 16 } as const;
const SALT_LENGTH = 16;

/** The server asked for a derivation too weak to be safe or too heavy to be honest. */
export class KdfRefused extends ClientError {
  constructor(reason: string) {
    super('KdfRefused', `the server's key derivation is refused: ${reason}`);
  }
}

/** The password in NFKC, so that the same letters typed on another system are the same password. `salt` is base64 of at least 16 bytes. */
export async function passwordKeys(password: string, salt: string, kdf: KdfParameters): Promise<PasswordKeys> {
  assertHonest(kdf, salt);
  const { argon2id } = await import('./argon2');
  const secret = await argon2id({
    password: password.normalize('NFKC'),
    salt: fromBase64(salt),
    memorySize: kdf.m,
    iterations: kdf.t,
    parallelism: kdf.p,
    hashLength: 32,
    outputType: 'binary',
  });
  return {
    authSecret: toBase64(derive(secret, 'adiuva/account/1/auth')),
    keyEncryptionKey: derive(owned(secret), 'adiuva/account/1/kek'),
  };
}

function assertHonest(kdf: KdfParameters, salt: string): void {
  if (kdf.alg !== 'argon2id') throw new KdfRefused('it is not Argon2id');
  if (![kdf.m, kdf.t, kdf.p].every(Number.isSafeInteger)) throw new KdfRefused('a parameter is not a whole number');
  if (kdf.m < KDF_FLOOR.m || kdf.t < KDF_FLOOR.t || kdf.p < KDF_FLOOR.p) throw new KdfRefused('it is too weak');
  if (kdf.m > KDF_CEILING.m || kdf.t > KDF_CEILING.t || kdf.p > KDF_CEILING.p) throw new KdfRefused('it is too heavy');
  if (fromBase64(salt).length < SALT_LENGTH) throw new KdfRefused('the salt is shorter than 16 bytes');
}
