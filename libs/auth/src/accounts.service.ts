import { Injectable } from '@nestjs/common';
import { invalidField, newId, Problem, type Principal, type Role } from '@adiuva/kernel';
import { Database, isDuplicate, MicroBatcher, ServerKeys, type Tx } from '@adiuva/platform';
import { emailError, indexesOf, normalEmail } from './email-address';
import { PasswordHasher } from './password-hasher.adapter';
import { passwordError } from './password-policy';
import { Sessions, type AuthTokens } from './sessions.service';
import { SignInLimits, type LoginAttempt } from './sign-in-limits.service';
import { UserEncryption, type UserCipher } from './user-encryption.service';

export interface Registration {
  readonly email: string;
  readonly password: string;
  readonly name?: string;
  /** Of an account whose secret is derived from the password by the client: Ed25519, 32 bytes. */
  readonly recoveryKey?: Buffer;
}

/** Where a request came from: the client's network address, and how it calls itself. */
export interface Origin {
  readonly address: string;
  readonly userAgent: string | undefined;
}

export interface Account {
  readonly id: string;
  readonly email: string;
  readonly name: string | null;
  readonly role: Role;
  readonly createdAt: Date;
  readonly emailVerified: boolean;
  readonly totpEnabled: boolean;
}

interface UserFields {
  readonly id: string;
  readonly email: Buffer;
  readonly display_name: Buffer | null;
  /** Null for an account that signs in elsewhere. */
  readonly password_hash: string | null;
  readonly role: Role;
  readonly created_at: Date;
  readonly email_verified: boolean;
}

interface AccountFields extends UserFields {
  readonly wrapped: Buffer;
  readonly totp_enabled: boolean;
}

/** The hash that a password was verified against. */
export interface VerifiedPassword {
  readonly id: string;
  readonly password_hash: string;
}

interface NewUser {
  readonly id: string;
  readonly cipher: UserCipher;
}

const COLUMNS =
  'id, email, display_name, password_hash, role, created_at, email_verified_at IS NOT NULL AS email_verified';
const ACCOUNTS = `SELECT ${COLUMNS}, wrapped,
    EXISTS (SELECT 1 FROM totp_secrets WHERE user_id = users.id AND confirmed_at IS NOT NULL) AS totp_enabled
  FROM users JOIN user_keys ON user_id = id WHERE id = ANY ($1::uuid[]) AND erased_at IS NULL`;
/** Lookups that share a statement. */
const MAX_LOOKUPS = 64;

/** Accounts: who has one, and whether a password opens it. Addresses and names are sealed; an address is found by its keyed hash. */
@Injectable()
export class Accounts {
  private readonly lookups = new MicroBatcher<string, AccountFields | null>((ids) => this.find(ids), MAX_LOOKUPS);

  constructor(
    private readonly database: Database,
    private readonly keys: ServerKeys,
    private readonly encryption: UserEncryption,
    private readonly hasher: PasswordHasher,
    private readonly sessions: Sessions,
    private readonly limits: SignInLimits,
  ) {}

  /** Throws `validation_failed` for a weak password, `email_taken`, `rate_limited`. */
  async register(registration: Registration, origin: Origin): Promise<AuthTokens> {
    const email = normalEmail(registration.email);
    const error = emailError(registration.email);
    if (error) throw invalidField('email', error);
    refuseWeak(registration.password, email, 'password');
    await this.limits.checkRegistration(origin.address);
    const passwordHash = await this.hasher.hash(registration.password);
    return this.database.transaction(async (tx) => {
      const { id, cipher } = await this.insert(tx, { email, passwordHash, name: registration.name, role: 'user' });
      await this.limits.rememberAddress(tx, id, origin.address);
      if (registration.recoveryKey)
        await tx.query('UPDATE users SET recovery_key = $2 WHERE id = $1', [id, registration.recoveryKey]);
      return this.sessions.open(tx, id, cipher, origin.userAgent);
    });
  }

  /** An account without a password, of an address that was confirmed elsewhere; a mailed link may set one. @throws `email_taken` */
  async createVerified(tx: Tx, address: string, name: string | undefined): Promise<string> {
    const { id } = await this.insert(tx, { email: normalEmail(address), passwordHash: null, name, role: 'user' });
    await tx.query('UPDATE users SET email_verified_at = now() WHERE id = $1', [id]);
    return id;
  }

  /** Throws `invalid_credentials`, after the same work whether or not the account exists, or `rate_limited`. */
  async verifyPassword(email: string, password: string, origin: Origin): Promise<VerifiedPassword> {
    const user = await this.findByAddress(email);
    const index = this.indexOf(normalEmail(email));
    const attempt = await this.limits.checkAttempt(index, user?.id, origin.address);
    const hash = user?.password_hash ?? undefined;
    if (!(await this.hasher.verify(hash, password)) || !user || hash === undefined) {
      await this.limits.attemptFailed(user?.id, 'password');
      throw new Problem('invalid_credentials');
    }
    await this.limits.refundAttempt(attempt);
    return { id: user.id, password_hash: hash };
  }

  /** Concurrent lookups share a round trip. Throws `not_found` when the user is erased. */
  async get(userId: string): Promise<Account> {
    const shared = await this.lookups.enqueue(userId);
    const user = shared === undefined ? (await this.find([userId]))[0] : shared;
    if (!user) throw new Problem('not_found');
    const cipher = this.encryption.unwrap(userId, user.wrapped);
    return {
      id: user.id,
      email: cipher.open('users.email', user.email),
      name: user.display_name && cipher.open('users.display_name', user.display_name),
      role: user.role,
      createdAt: user.created_at,
      emailVerified: user.email_verified,
      totpEnabled: user.totp_enabled,
    };
  }

  /** Asks for the password again before what cannot be undone. Throws `invalid_credentials`, `rate_limited`. */
  async confirmPassword(caller: Principal, password: string, origin: Origin): Promise<VerifiedPassword> {
    const [user] = await this.database.query<{ email_index: Buffer; password_hash: string | null }>(
      'SELECT email_index, password_hash FROM users WHERE id = $1 AND erased_at IS NULL',
      [caller.userId],
    );
    const attempt: LoginAttempt = await this.limits.checkAttempt(
      user?.email_index ?? Buffer.alloc(0),
      caller.userId,
      origin.address,
    );
    const hash = user?.password_hash ?? undefined;
    if (!(await this.hasher.verify(hash, password)) || hash === undefined) {
      await this.limits.attemptFailed(caller.userId, 'password');
      throw new Problem('invalid_credentials');
    }
    await this.limits.refundAttempt(attempt);
    return { id: caller.userId, password_hash: hash };
  }

  /** Makes an administrator of an account, and the account first where there is none; `password` is then needed. */
  async makeAdmin(address: string, password: string): Promise<'created' | 'promoted'> {
    const email = normalEmail(address);
    const known = await this.findByAddress(address);
    if (known) {
      await this.database.query(`UPDATE users SET role = 'admin' WHERE id = $1`, [known.id]);
      return 'promoted';
    }
    const passwordHash = await this.hasher.hash(password);
    await this.database.transaction((tx) => this.insert(tx, { email, passwordHash, name: undefined, role: 'admin' }));
    return 'created';
  }

  /** A key of the address for limits, and the account that has it. */
  async lookUp(address: string): Promise<{ readonly key: string; readonly userId?: string }> {
    const index = this.indexOf(normalEmail(address));
    const user = await this.findByAddress(address);
    return { key: index.toString('base64url'), ...(user ? { userId: user.id } : {}) };
  }

  /** The id of the account with this address. Throws `not_found`. */
  async idOf(address: string): Promise<string> {
    const user = await this.findByAddress(address);
    if (!user) throw new Problem('not_found', { detail: 'There is no account with this address' });
    return user.id;
  }

  private async find(ids: readonly string[]): Promise<(AccountFields | null)[]> {
    const rows = await this.database.prepared<AccountFields>(ACCOUNTS, [ids]);
    const byId = new Map(rows.map((row) => [row.id, row]));
    return ids.map((id) => byId.get(id) ?? null);
  }

  private async insert(
    tx: Tx,
    user: { email: string; passwordHash: string | null; name: string | undefined; role: Role },
  ): Promise<NewUser> {
    const id = newId();
    await refuseTaken(tx, indexesOf(this.keys, user.email));
    try {
      await tx.query(`INSERT INTO users (id, email_index, password_hash, role) VALUES ($1, $2, $3, $4)`, [
        id,
        this.indexOf(user.email),
        user.passwordHash,
        user.role,
      ]);
    } catch (error) {
      throw isDuplicate(error, 'users_email_index') ? new Problem('email_taken') : error;
    }
    const cipher = await this.encryption.createKey(tx, id);
    const name = user.name ? cipher.seal('users.display_name', user.name) : null;
    await tx.query('UPDATE users SET email = $2, display_name = $3 WHERE id = $1', [
      id,
      cipher.seal('users.email', user.email),
      name,
    ]);
    return { id, cipher };
  }

  private async findByAddress(address: string): Promise<UserFields | undefined> {
    for (const index of indexesOf(this.keys, address)) {
      const user = await this.findByIndex(index);
      if (user) return user;
    }
    return undefined;
  }

  private async findByIndex(index: Buffer): Promise<UserFields | undefined> {
    const sql = `SELECT ${COLUMNS} FROM users WHERE email_index = $1 AND erased_at IS NULL`;
    const [user] = await this.database.prepared<UserFields>(sql, [index]);
    return user;
  }

  private indexOf(email: string): Buffer {
    return this.keys.hmac('account-index', email);
  }
}

/** For the spellings of which the unique index knows nothing. @throws `email_taken` */
export async function refuseTaken(tx: Tx, [, ...former]: readonly Buffer[]): Promise<void> {
  if (former.length === 0) return;
  const taken = await tx.query<unknown[]>('SELECT 1 FROM users WHERE email_index = ANY($1)', [former]);
  if (taken.length > 0) throw new Problem('email_taken');
}

/** Verifying takes long: under the lock of the user's row the password must still be the one that was verified. */
export async function lockVerified(
  tx: Tx,
  verified: VerifiedPassword,
  mode: 'SHARE' | 'UPDATE' = 'SHARE',
): Promise<void> {
  const rows = await tx.query<unknown[]>(
    `SELECT 1 FROM users WHERE id = $1 AND password_hash = $2 AND erased_at IS NULL FOR ${mode}`,
    [verified.id, verified.password_hash],
  );
  if (rows.length === 0) throw new Problem('invalid_credentials');
}

export function refuseWeak(password: string, email: string, field: string): void {
  const fault = passwordError(password, email);
  if (fault) throw invalidField(field, fault);
}
