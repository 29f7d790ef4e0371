import { Injectable } from '@nestjs/common';
import type { AuthenticationResponseJSON, PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/server';
import { Problem } from '@adiuva/kernel';
import { Database, returnedRows } from '@adiuva/platform';
import type { Origin } from '../accounts.service';
import { lockLiveUser } from '../live-user.store';
import type { AuthTokens } from '../sessions.service';
import { SignIn } from '../sign-in.service';
import { SignInLimits } from '../sign-in-limits.service';
import { challengeIn, PasskeyChallenges } from './passkey-challenges.service';
import { RelyingParty } from './relying-party.service';

interface StoredPasskey {
  readonly id: string;
  readonly user_id: string;
  readonly public_key: Buffer;
  readonly counter: string;
}

const PURPOSE = 'sign-in';

/**
 * Sign-in with a passkey that names its own account: no address is asked for, so nothing about accounts is revealed. The library is loaded
 * with the first passkey: it takes 160 ms and 290 modules.
 */
@Injectable()
export class PasskeySignIn {
  constructor(
    private readonly database: Database,
    private readonly challenges: PasskeyChallenges,
    private readonly relyingParty: RelyingParty,
    private readonly limits: SignInLimits,
    private readonly signIn: SignIn,
  ) {}

  /** @throws `rate_limited` */
  async options(origin: Origin): Promise<PublicKeyCredentialRequestOptionsJSON> {
    await this.limits.checkLookup(origin.address);
    const { generateAuthenticationOptions } = await import('@simplewebauthn/server');
    return generateAuthenticationOptions({
      rpID: this.relyingParty.id,
      challenge: this.challenges.issue(PURPOSE),
      userVerification: 'required',
    });
  }

  /** @throws `invalid_credentials`, the same for an unknown passkey and a wrong signature; `rate_limited` */
  async complete(response: AuthenticationResponseJSON, origin: Origin): Promise<AuthTokens> {
    const passkey = await this.find(response);
    try {
      if (!passkey) throw refused();
      const counter = await this.verify(passkey, response);
      await this.signIn.checkRules(passkey.user_id);
      return await this.database.transaction(async (tx) => {
        await lockLiveUser(tx, passkey.user_id);
        await this.challenges.spend(tx, challengeIn(response.response.clientDataJSON));
        const used = await returnedRows(
          tx,
          `UPDATE passkeys SET counter = $2, last_used_at = now() WHERE id = $1 AND (counter < $2 OR $2 = 0) RETURNING id`,
          [passkey.id, counter],
        );
        if (used.length === 0) throw refused();
        return this.signIn.openSession(tx, passkey.user_id, origin);
      });
    } catch (error) {
      if (error instanceof Problem && error.code === 'invalid_credentials') await this.countFailure(passkey, origin);
      throw error;
    }
  }

  private async countFailure(passkey: StoredPasskey | undefined, origin: Origin): Promise<void> {
    await this.limits.countUnknownToken(origin.address);
    await this.limits.attemptFailed(passkey?.user_id, 'passkey');
  }

  private async find({ id, response }: AuthenticationResponseJSON): Promise<StoredPasskey | undefined> {
    const [passkey] = await this.database.query<StoredPasskey>(
      `SELECT p.id, p.user_id, p.public_key, p.counter FROM passkeys p JOIN users u ON u.id = p.user_id
       WHERE p.credential_id = $1 AND u.erased_at IS NULL`,
      [id],
    );
    const named = Buffer.from(response.userHandle ?? '', 'base64url').toString('utf8');
    return named === passkey?.user_id ? passkey : undefined;
  }

  /** The counter of the authenticator. */
  private async verify(passkey: StoredPasskey, response: AuthenticationResponseJSON): Promise<number> {
    const { verifyAuthenticationResponse } = await import('@simplewebauthn/server');
    const result = await verifyAuthenticationResponse({
      response,
      expectedChallenge: (challenge) => this.challenges.isValid(PURPOSE, challenge),
      expectedOrigin: this.relyingParty.origins,
      expectedRPID: this.relyingParty.id,
      credential: {
        id: response.id,
        publicKey: new Uint8Array(passkey.public_key),
        counter: Number(passkey.counter),
      },
      requireUserVerification: true,
    }).catch(() => undefined);
    if (!result?.verified) throw refused();
    return result.authenticationInfo.newCounter;
  }
}

function refused(): Problem {
  return new Problem('invalid_credentials', { detail: 'This passkey does not sign in' });
}
