import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { featuresOf, Problem } from '@adiuva/kernel';
import { UserEncryption, type UserCipher } from '@adiuva/auth';
import { TeamSeats } from '@adiuva/billing';
import { Database, returnedRows, ServerKeys, type Tx } from '@adiuva/platform';
import type { ProviderSettings } from './openid-provider.adapter';

export interface SsoConnection {
  readonly teamId: string;
  readonly ownerId: string;
  readonly provider: ProviderSettings;
  readonly enforce: boolean;
}

export interface SsoDomain {
  readonly domain: string;
  readonly proved: boolean;
}

interface ConnectionRow {
  readonly team_id: string;
  readonly user_id: string;
  readonly settings: Buffer;
  readonly enforce: boolean;
}

/** How long the record of a proved domain may be missing. */
const MISSING_DAYS = 3;

const SettingsShape = z.object({ issuer: z.string(), clientId: z.string(), clientSecret: z.string() });
const COLUMNS = 'c.team_id, t.user_id, c.settings, c.enforce FROM sso_connections c JOIN teams t ON t.id = c.team_id';

/** Providers and domains of teams. A domain is found by its keyed hash; everything else is sealed under the owner's data key. */
@Injectable()
export class SsoConnections {
  constructor(
    private readonly database: Database,
    private readonly keys: ServerKeys,
    private readonly encryption: UserEncryption,
    private readonly seats: TeamSeats,
  ) {}

  async ofTeam(teamId: string): Promise<SsoConnection | undefined> {
    const [row] = await this.database.query<ConnectionRow>(`SELECT ${COLUMNS} WHERE c.team_id = $1`, [teamId]);
    return row && this.open(row);
  }

  async isSetBy(ownerId: string): Promise<boolean> {
    const rows = await this.database.query(`SELECT ${COLUMNS} WHERE t.user_id = $1`, [ownerId]);
    return rows.length > 0;
  }

  /** Of the team that has proved the domain and whose plan includes single sign-on. */
  async ofDomain(domain: string): Promise<SsoConnection | undefined> {
    const [row] = await this.database.query<ConnectionRow>(
      `SELECT ${COLUMNS} JOIN sso_domains d ON d.team_id = c.team_id WHERE d.domain_index = $1 AND d.proved_at IS NOT NULL`,
      [this.indexOf(domain)],
    );
    return row && (await this.isIncluded(row.user_id)) ? this.open(row) : undefined;
  }

  /** Of the team whose member the user is, where it is enforced. */
  async enforcedFor(userId: string): Promise<SsoConnection | undefined> {
    const [row] = await this.database.query<ConnectionRow>(
      `SELECT ${COLUMNS} JOIN team_members m ON m.team_id = c.team_id WHERE m.user_id = $1 AND c.enforce`,
      [userId],
    );
    return row && (await this.isIncluded(row.user_id)) ? this.open(row) : undefined;
  }

  /** Whether what the owner pays for includes single sign-on. */
  async isIncluded(ownerId: string): Promise<boolean> {
    const paid = await this.seats.subscribed(ownerId);
    return paid !== undefined && featuresOf(paid.tier).sso;
  }

  async domains(teamId: string, ownerId: string): Promise<readonly SsoDomain[]> {
    const rows = await this.database.query<{ domain: Buffer; proved: boolean }>(
      'SELECT domain, proved_at IS NOT NULL AS proved FROM sso_domains WHERE team_id = $1',
      [teamId],
    );
    const cipher = await this.encryption.open(ownerId);
    const domains = rows.map(({ domain, proved }) => ({ domain: cipher.open(domainColumn(teamId), domain), proved }));
    return domains.sort((one, other) => (one.domain < other.domain ? -1 : 1));
  }

  async hasProved(teamId: string, domain: string): Promise<boolean> {
    const rows = await this.database.query(
      'SELECT 1 FROM sso_domains WHERE team_id = $1 AND domain_index = $2 AND proved_at IS NOT NULL',
      [teamId, this.indexOf(domain)],
    );
    return rows.length === 1;
  }

  /** The other team that has proved the domain. */
  async provedByOther(teamId: string, domain: string): Promise<string | undefined> {
    const [row] = await this.database.query<{ team_id: string }>(
      'SELECT team_id FROM sso_domains WHERE domain_index = $1 AND proved_at IS NOT NULL AND team_id <> $2',
      [this.indexOf(domain), teamId],
    );
    return row?.team_id;
  }

  /** Replaces provider and domains; domains that stay keep their proof. Another provider has other people, so the links end. */
  async save(tx: Tx, connection: SsoConnection, domains: readonly string[]): Promise<void> {
    const { teamId, ownerId, provider, enforce } = connection;
    const cipher = await this.encryption.openIn(tx, ownerId);
    const [before] = await tx.query<ConnectionRow[]>(`SELECT ${COLUMNS} WHERE c.team_id = $1 FOR UPDATE OF t`, [
      teamId,
    ]);
    await tx.query(
      `INSERT INTO sso_connections (team_id, settings, enforce) VALUES ($1, $2, $3)
       ON CONFLICT (team_id) DO UPDATE SET settings = excluded.settings, enforce = excluded.enforce, updated_at = now()`,
      [teamId, cipher.seal(settingsColumn(teamId), JSON.stringify(provider)), enforce],
    );
    const old = before && openSettings(cipher, before);
    if (old && (old.issuer !== provider.issuer || old.clientId !== provider.clientId))
      await tx.query('DELETE FROM sso_identities WHERE team_id = $1', [teamId]);
    const wanted = domains.map((domain) => this.indexOf(domain));
    await tx.query('DELETE FROM sso_domains WHERE team_id = $1 AND NOT domain_index = ANY ($2)', [teamId, wanted]);
    for (const domain of domains)
      await tx.query(
        'INSERT INTO sso_domains (team_id, domain_index, domain) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
        [teamId, this.indexOf(domain), cipher.seal(domainColumn(teamId), domain)],
      );
  }

  /** `from` is the team that had proved the domain before and no longer can. */
  async prove(tx: Tx, teamId: string, domain: string, from: string | undefined): Promise<void> {
    const index = this.indexOf(domain);
    if (from !== undefined)
      await tx.query('UPDATE sso_domains SET proved_at = NULL WHERE team_id = $1 AND domain_index = $2', [from, index]);
    await tx.query(
      'UPDATE sso_domains SET proved_at = now(), missing_since = NULL WHERE team_id = $1 AND domain_index = $2',
      [teamId, index],
    );
  }

  /** Of the teams that have proved a domain. */
  async teamsWithDomains(): Promise<readonly string[]> {
    const rows = await this.database.query<{ team_id: string }>(
      'SELECT DISTINCT team_id FROM sso_domains WHERE proved_at IS NOT NULL',
    );
    return rows.map((row) => row.team_id);
  }

  /** Whether the record of a proved domain was found now. Returns whether the domain has lost its proof, after days without the record. */
  async seen(tx: Tx, teamId: string, domain: string, found: boolean): Promise<boolean> {
    const [row] = await returnedRows<{ lost: boolean }>(
      tx,
      `UPDATE sso_domains SET missing_since = CASE WHEN $3 THEN NULL ELSE COALESCE(missing_since, now()) END,
         proved_at = CASE WHEN $3 OR missing_since IS NULL OR missing_since > now() - make_interval(days => ${MISSING_DAYS}) THEN proved_at END
       WHERE team_id = $1 AND domain_index = $2 AND proved_at IS NOT NULL RETURNING proved_at IS NULL AS lost`,
      [teamId, this.indexOf(domain), found],
    );
    return row?.lost ?? false;
  }

  /** Who must sign in at the provider, where the team enforces it. */
  async memberIds(teamId: string): Promise<readonly string[]> {
    const rows = await this.database.query<{ user_id: string }>('SELECT user_id FROM team_members WHERE team_id = $1', [
      teamId,
    ]);
    return rows.map((row) => row.user_id);
  }

  async delete(tx: Tx, teamId: string): Promise<boolean> {
    const [deleted] = await tx.query<[unknown[], number]>(
      'DELETE FROM sso_connections WHERE team_id = $1 RETURNING team_id',
      [teamId],
    );
    return deleted.length === 1;
  }

  /** @throws `not_found` where the owner is erased */
  private async open(row: ConnectionRow): Promise<SsoConnection> {
    const cipher = await this.encryption.open(row.user_id);
    return { teamId: row.team_id, ownerId: row.user_id, provider: openSettings(cipher, row), enforce: row.enforce };
  }

  private indexOf(domain: string): Buffer {
    return this.keys.hmac('account-index', `sso-domain|${domain}`);
  }
}

function openSettings(cipher: UserCipher, row: ConnectionRow): ProviderSettings {
  return SettingsShape.parse(JSON.parse(cipher.open(settingsColumn(row.team_id), row.settings)));
}

function settingsColumn(teamId: string): string {
  return `sso_connections.settings|${teamId}`;
}

function domainColumn(teamId: string): string {
  return `sso_domains.domain|${teamId}`;
}

/** For a domain that another team has proved, and still can. */
export function domainTaken(): Problem {
  return new Problem('conflict', { detail: 'Another team has proved one of the domains' });
}
