import { Injectable } from '@nestjs/common';
import { isId, Problem, type Page, type PageRequest, type Principal, type Role, type Tier } from '@adiuva/kernel';
import { Audit } from '@adiuva/audit';
import { ACCOUNT_DISABLED, ACCOUNT_ENABLED, Accounts, lockUser, RESUME_NOTIFICATIONS, Sessions } from '@adiuva/auth';
import { Database, Jobs, type Tx } from '@adiuva/platform';
import { Entitlements } from '../entitlements/entitlements.service';

/** An account as administrators see it. */
export interface ManagedUser {
  readonly id: string;
  readonly email: string;
  readonly tier: Tier;
  readonly seats: number;
  readonly role: Role;
  readonly disabled: boolean;
  readonly emailVerified: boolean;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
}

export interface UserCounts {
  readonly total: number;
  readonly disabled: number;
  readonly active: number;
  readonly byTier: Readonly<Record<string, number>>;
}

interface UserFilter {
  readonly q?: string | undefined;
  readonly tier?: Tier | undefined;
}

export interface UserChange {
  readonly tier?: Tier | undefined;
  readonly disabled?: boolean | undefined;
}

type Found = Omit<ManagedUser, 'email' | 'emailVerified'>;

const FROM = `FROM users u LEFT JOIN entitlements e ON e.user_id = u.id WHERE u.erased_at IS NULL
  AND ($1::uuid IS NULL OR u.id = $1) AND ($2::text IS NULL OR COALESCE(e.tier, 'free') = $2)`;
const PAGE = `SELECT u.id, u.role, u.disabled_at IS NOT NULL AS disabled, u.created_at AS "createdAt", COALESCE(e.tier, 'free') AS tier,
    COALESCE(e.seats, 1) AS seats, (SELECT max(s.last_used_at) FROM sessions s WHERE s.user_id = u.id) AS "lastUsedAt"
  ${FROM} ORDER BY u.id DESC LIMIT $3 OFFSET $4`;
const COUNTS = `SELECT count(*)::int AS total, count(*) FILTER (WHERE disabled_at IS NOT NULL)::int AS disabled,
    (SELECT count(DISTINCT user_id)::int FROM sessions WHERE revoked_at IS NULL AND last_used_at > now() - interval '30 days') AS active
  FROM users WHERE erased_at IS NULL`;
const BY_TIER = `SELECT COALESCE(e.tier, 'free') AS tier, count(*)::int AS users FROM users u LEFT JOIN entitlements e ON e.user_id = u.id
  WHERE u.erased_at IS NULL GROUP BY 1 ORDER BY 1`;

/** Accounts and their tiers for administrators; never content. */
@Injectable()
export class UserAdministration {
  constructor(
    private readonly database: Database,
    private readonly accounts: Accounts,
    private readonly sessions: Sessions,
    private readonly entitlements: Entitlements,
    private readonly audit: Audit,
    private readonly jobs: Jobs,
  ) {}

  /** Newest first. `q` is an id or a whole address, which is found by its keyed hash. */
  async list({ q, tier }: UserFilter, page: PageRequest): Promise<Page<ManagedUser>> {
    const id = q === undefined ? null : isId(q) ? q : ((await this.accounts.lookUp(q)).userId ?? undefined);
    return id === undefined ? { items: [], total: 0 } : this.page(id, tier ?? null, page);
  }

  /** @throws `not_found` */
  async get(id: string): Promise<ManagedUser> {
    const { items } = await this.page(id, null, { page: 1, limit: 1 });
    const [user] = items;
    if (!user) throw new Problem('not_found');
    return user;
  }

  /** `admin` is null for an operator's command. @throws `not_found`, `conflict` for disabling the own account */
  async change(admin: Principal | null, id: string, { tier, disabled }: UserChange): Promise<ManagedUser> {
    const before = await this.get(id);
    if (disabled === true && id === admin?.userId)
      throw new Problem('conflict', { detail: 'Administrators do not disable themselves' });
    await this.database.transaction(async (tx) => {
      await lockUser(tx, id, 'UPDATE');
      if (tier !== undefined)
        await this.entitlements.set(tx, id, { tier, seats: before.seats }, 'administrator', admin?.userId ?? null);
      if (disabled !== undefined) await this.setDisabled(tx, admin, id, disabled);
    });
    return this.get(id);
  }

  async counts(): Promise<UserCounts> {
    const [counts] = await this.database.query<Omit<UserCounts, 'byTier'>>(COUNTS);
    const tiers = await this.database.query<{ tier: string; users: number }>(BY_TIER);
    const byTier = Object.fromEntries(tiers.map(({ tier, users }) => [tier, users]));
    return { total: 0, disabled: 0, active: 0, ...counts, byTier };
  }

  private async setDisabled(tx: Tx, admin: Principal | null, id: string, disabled: boolean): Promise<void> {
    const [changed] = await tx.query<[unknown[], number]>(
      `UPDATE users SET disabled_at = CASE WHEN $2 THEN now() END WHERE id = $1 AND (disabled_at IS NULL) = $2 RETURNING id`,
      [id, disabled],
    );
    if (changed.length === 0) return;
    await this.jobs.add(tx, disabled ? ACCOUNT_DISABLED : ACCOUNT_ENABLED, { userId: id });
    if (!disabled) await this.jobs.add(tx, RESUME_NOTIFICATIONS, { userId: id });
    const actorId = admin?.userId ?? null;
    if (disabled) await this.sessions.revokeAll(tx, id, 'account.disabled', actorId);
    else await this.audit.record(tx, { action: 'account.enabled', userId: id, actorId });
  }

  private async page(id: string | null, tier: Tier | null, { page, limit }: PageRequest): Promise<Page<ManagedUser>> {
    const [counted] = await this.database.query<{ total: number }>(`SELECT count(*)::int AS total ${FROM}`, [id, tier]);
    const rows = await this.database.query<Found>(PAGE, [id, tier, limit, (page - 1) * limit]);
    const items = await Promise.all(
      rows.map(async (row) => {
        const { email, emailVerified } = await this.accounts.get(row.id);
        return { ...row, email, emailVerified };
      }),
    );
    return { items, total: counted?.total ?? 0 };
  }
}
