import { Injectable } from '@nestjs/common';
import { Audit } from '@adiuva/audit';
import type {
  PublicKeyCredentialCreationOptionsJSON,
  RegistrationResponseJSON,
  VerifiedRegistrationResponse,
} from '@simplewebauthn/server';
import { newId, Problem, type Principal } from '@adiuva/kernel';
import { Database, isDuplicate, returnedRows } from '@adiuva/platform';
import { Accounts } from '../accounts.service';
import { assertSessionLives, lockLiveUser } from '../live-user.store';
import { UserEncryption } from '../user-encryption.service';
import { challengeIn, PasskeyChallenges } from './passkey-challenges.service';
import type { PasskeyRow } from './passkey.entity';
import { RelyingParty } from './relying-party.service';

export interface Passkey {
  readonly id: string;
  readonly name: string;
  readonly backedUp: boolean;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
}

type Registered = Extract<VerifiedRegistrationResponse, { verified: true }>['registrationInfo'];

const MAX_PASSKEYS = 20;
const COLUMNS = 'id, credential_id, transports, name, backed_up, created_at, last_used_at';

/** The passkeys of a signed-in user. Each verifies the user on the device, so a sign-in with one needs no second factor. */
@Injectable()
export class Passkeys {
  constructor(
    private readonly database: Database,
    private readonly accounts: Accounts,
    private readonly encryption: UserEncryption,
    private readonly challenges: PasskeyChallenges,
    private readonly relyingParty: RelyingParty,
    private readonly audit: Audit,
  ) {}

  async registrationOptions(caller: Principal): Promise<PublicKeyCredentialCreationOptionsJSON> {
    const { email, name } = await this.accounts.get(caller.userId);
    const { generateRegistrationOptions } = await import('@simplewebauthn/server');
    const options = await generateRegistrationOptions({
      rpName: this.relyingParty.name,
      rpID: this.relyingParty.id,
      userID: new Uint8Array(Buffer.from(caller.userId)),
      userName: email,
      userDisplayName: name ?? email,
      challenge: this.challenges.issue(purposeOf(caller)),
      attestationType: 'none',
      excludeCredentials: (await this.rows(caller)).map((row) => ({
        id: row.credential_id,
        transports: row.transports.split(',').filter((word) => word !== ''),
      })),
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    });
    // The output of the PRF extension may unwrap the keyring on the client; it is never sent here.
    return { ...options, extensions: Object.assign({}, options.extensions, { prf: {} }) };
  }

  /** @throws `invalid_credentials` for a response that is not to our challenge, `conflict` for a known or too many passkeys */
  async register(caller: Principal, response: RegistrationResponseJSON, name: string): Promise<Passkey> {
    const { credential, credentialBackedUp } = await this.verify(caller, response);
    const cipher = await this.encryption.open(caller.userId);
    const id = newId();
    return this.database.transaction(async (tx) => {
      await lockLiveUser(tx, caller.userId, 'UPDATE');
      await assertSessionLives(tx, caller);
      await this.challenges.spend(tx, challengeIn(response.response.clientDataJSON));
      const [row] = await tx.query<{ known: string }[]>('SELECT count(*) AS known FROM passkeys WHERE user_id = $1', [
        caller.userId,
      ]);
      if (Number(row?.known) >= MAX_PASSKEYS) throw new Problem('conflict', { detail: 'There are too many passkeys' });
      const transports = (credential.transports ?? []).join(',');
      const [stored] = await tx
        .query<{ created_at: Date }[]>(
          `INSERT INTO passkeys (id, user_id, credential_id, public_key, counter, transports, backed_up, name)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING created_at`,
          [
            id,
            caller.userId,
            credential.id,
            Buffer.from(credential.publicKey),
            credential.counter,
            transports,
            credentialBackedUp,
            cipher.seal(nameColumn(id), name),
          ],
        )
        .catch((error: unknown) => {
          throw isDuplicate(error, 'passkeys_credential')
            ? new Problem('conflict', { detail: 'This passkey is registered' })
            : error;
        });
      await this.audit.recordOwn(tx, caller.userId, 'passkey.added', { passkey_id: id });
      return { id, name, backedUp: credentialBackedUp, createdAt: stored?.created_at ?? new Date(), lastUsedAt: null };
    });
  }

  async list(caller: Principal): Promise<Passkey[]> {
    const cipher = await this.encryption.open(caller.userId);
    return (await this.rows(caller)).map((row) => ({
      id: row.id,
      name: cipher.open(nameColumn(row.id), row.name),
      backedUp: row.backed_up,
      createdAt: row.created_at,
      lastUsedAt: row.last_used_at,
    }));
  }

  /** @throws `not_found` */
  async delete(caller: Principal, id: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      const values = [id, caller.userId];
      const deleted = await returnedRows(
        tx,
        'DELETE FROM passkeys WHERE id = $1 AND user_id = $2 RETURNING id',
        values,
      );
      if (deleted.length === 0) throw new Problem('not_found');
      await this.audit.recordOwn(tx, caller.userId, 'passkey.deleted', { passkey_id: id });
    });
  }

  private async verify(caller: Principal, response: RegistrationResponseJSON): Promise<Registered> {
    const { verifyRegistrationResponse } = await import('@simplewebauthn/server');
    const result = await verifyRegistrationResponse({
      response,
      expectedChallenge: (challenge) => this.challenges.isValid(purposeOf(caller), challenge),
      expectedOrigin: this.relyingParty.origins,
      expectedRPID: this.relyingParty.id,
      requireUserVerification: true,
    }).catch((error: unknown) => {
      throw new Problem('invalid_credentials', { detail: 'The passkey could not be verified', cause: error });
    });
    if (result.verified) return result.registrationInfo;
    throw new Problem('invalid_credentials', { detail: 'The passkey could not be verified' });
  }

  private rows({ userId }: Principal): Promise<PasskeyRow[]> {
    return this.database.query<PasskeyRow>(
      `SELECT ${COLUMNS} FROM passkeys WHERE user_id = $1 ORDER BY created_at, id LIMIT ${MAX_PASSKEYS}`,
      [userId],
    );
  }
}

function purposeOf({ userId }: Principal): string {
  return `register|${userId}`;
}

function nameColumn(id: string): string {
  return `passkeys.name|${id}`;
}
