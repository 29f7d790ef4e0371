import { Injectable } from '@nestjs/common';
import { ServerKeys } from '@adiuva/platform';
import { normalEmail } from './email-address';
import { SignInLimits } from './sign-in-limits.service';

/** How a client derives its login secret from the password. `m` is in KiB. */
export interface LoginDerivation {
  readonly salt: Buffer;
  readonly kdf: { readonly alg: 'argon2id'; readonly m: number; readonly t: number; readonly p: number };
}

const SALT_BYTES = 16;
/** 64 MiB and 3 passes: a quarter of a second on a desktop. */
const KDF = { alg: 'argon2id', m: 65_536, t: 3, p: 1 } as const;

/**
 * The salt of an address is a keyed hash of it, whether or not there is an account: the answer is stable, differs for every address and
 * server, and says nothing about who is registered.
 */
@Injectable()
export class PreLogin {
  constructor(
    private readonly keys: ServerKeys,
    private readonly limits: SignInLimits,
  ) {}

  /** @throws `rate_limited` */
  async derivation(email: string, address: string): Promise<LoginDerivation> {
    await this.limits.checkLookup(address);
    return { salt: this.keys.hmac('prelogin', normalEmail(email)).subarray(0, SALT_BYTES), kdf: KDF };
  }
}
