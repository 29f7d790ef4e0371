import { Injectable } from '@nestjs/common';
import { Database, ServerKeys } from '@adiuva/platform';
import { indexesOf, spellingsOf } from './email-address';
import { SignInLimits } from './sign-in-limits.service';

/** How a client derives its login secret from the password. `m` is in KiB. */
export interface LoginDerivation {
  readonly salt: Buffer;
  /** What the account was last given as its password: a secret that the client derives, or the password itself. */
  readonly kind: 'derived' | 'plain';
  readonly kdf: { readonly alg: 'argon2id'; readonly m: number; readonly t: number; readonly p: number };
}

const SALT_BYTES = 16;
/** 64 MiB and 3 passes: a quarter of a second on a desktop. */
const KDF = { alg: 'argon2id', m: 65_536, t: 3, p: 1 } as const;

/**
 * The salt of an address is a keyed hash of it, whether or not there is an account: the answer is stable, differs for every address and
 * server, and says nothing about who is registered. An account keeps its salt when its address changes. The kind is that of the account; for an address without one it is a bit of the hash.
 */
@Injectable()
export class PreLogin {
  constructor(
    private readonly keys: ServerKeys,
    private readonly limits: SignInLimits,
    private readonly database: Database,
  ) {}

  /** @throws `rate_limited` */
  async derivation(email: string, address: string): Promise<LoginDerivation> {
    await this.limits.checkLookup(address);
    const indexes = indexesOf(this.keys, email);
    const [account] = await this.database.query<{ derived: boolean; login_salt: Buffer | null; spelling: number }>(
      `SELECT login_salt, recovery_key IS NOT NULL OR EXISTS (SELECT FROM keyrings k WHERE k.user_id = u.id) AS derived,
         array_position($1::bytea[], email_index) AS spelling
       FROM users u WHERE email_index = ANY($1) AND erased_at IS NULL ORDER BY spelling LIMIT 1`,
      [indexes],
    );
    const spelling = spellingsOf(email)[(account?.spelling ?? 1) - 1] ?? email;
    const hash = this.keys.hmac('prelogin', spelling);
    const derived = account?.derived ?? (hash[SALT_BYTES] ?? 0) % 2 === 0;
    return {
      salt: (account?.login_salt ?? hash).subarray(0, SALT_BYTES),
      kind: derived ? 'derived' : 'plain',
      kdf: KDF,
    };
  }
}
