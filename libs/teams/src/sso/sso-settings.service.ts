import { Injectable } from '@nestjs/common';
import { invalidField, Problem, type FieldError, type Principal } from '@adiuva/kernel';
import { lockLiveUser } from '@adiuva/auth';
import { Database } from '@adiuva/platform';
import { TeamAccess } from '../team-access.service';
import type { DomainProof } from './domain-proof.service';
import { OpenIdProviders, type ProviderSettings } from './openid-provider.adapter';
import { SsoConnections, type SsoConnection, type SsoDomain } from './sso-connections.store';
import { normalDomain } from './sso-domain';
import { SsoDomains } from './sso-domains.service';
import { SsoEvents } from './sso-events.service';

export interface NewSsoSettings {
  readonly issuer: string;
  readonly clientId: string;
  /** Undefined to keep that of the same issuer and client. */
  readonly clientSecret: string | undefined;
  readonly domains: readonly string[];
  readonly enforce: boolean;
}

export interface SsoSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly enforce: boolean;
  readonly domains: readonly (SsoDomain & { readonly proof: DomainProof })[];
  /** What must be registered at the provider. */
  readonly callbackUrl: string;
  /** Whether the plan includes single sign-on no more. */
  readonly locked: boolean;
}

/** How a team signs in, set by its owner: who sets it decides who its members are. */
@Injectable()
export class SsoSettingsService {
  constructor(
    private readonly database: Database,
    private readonly access: TeamAccess,
    private readonly connections: SsoConnections,
    private readonly ownership: SsoDomains,
    private readonly providers: OpenIdProviders,
    private readonly events: SsoEvents,
  ) {}

  /** Whether the team that the caller owns has single sign-on, locked or not. */
  isSet({ userId }: Principal): Promise<boolean> {
    return this.connections.isSetBy(userId);
  }

  /** Looks for the proof of domains that have none. @throws `not_found` */
  async get(caller: Principal, teamId: string): Promise<SsoSettings> {
    await this.access.owned(caller, teamId);
    const connection = await this.connections.ofTeam(teamId);
    if (!connection) throw new Problem('not_found');
    await this.ownership.prove(connection);
    return this.view(connection);
  }

  /** @throws `validation_failed`, `upgrade_required`, `upstream_failed` (the metadata of the issuer), `conflict` (a domain of another team) */
  async put(caller: Principal, teamId: string, wanted: NewSsoSettings): Promise<SsoSettings> {
    const { user_id: ownerId } = await this.access.owned(caller, teamId);
    if (!(await this.connections.isIncluded(ownerId)))
      throw new Problem('upgrade_required', { members: { required_tier: 'team' } });
    const provider = await this.providerOf(teamId, wanted);
    const domains = domainsOf(wanted.domains);
    await this.providers.configure(provider);
    const connection = { teamId, ownerId, provider, enforce: wanted.enforce };
    await this.database.transaction(async (tx) => {
      await lockLiveUser(tx, ownerId);
      await this.connections.save(tx, connection, domains);
      await this.events.changed(tx, connection);
    });
    await this.ownership.prove(connection);
    return this.view(connection);
  }

  /** Accounts and memberships remain. @throws `not_found` */
  async delete(caller: Principal, teamId: string): Promise<void> {
    const { user_id: ownerId } = await this.access.owned(caller, teamId);
    await this.database.transaction(async (tx) => {
      if (!(await this.connections.delete(tx, teamId))) throw new Problem('not_found');
      await this.events.deleted(tx, teamId, ownerId);
    });
  }

  private async providerOf(teamId: string, wanted: NewSsoSettings): Promise<ProviderSettings> {
    const error = this.providers.urlError(wanted.issuer);
    const hasQuery = URL.parse(wanted.issuer)?.search !== '';
    if (error !== undefined || hasQuery) throw invalidField('issuer', error ?? 'must not have a query');
    const { issuer, clientId } = wanted;
    const old = (await this.connections.ofTeam(teamId))?.provider;
    const kept = old?.issuer === issuer && old.clientId === clientId ? old.clientSecret : undefined;
    const clientSecret = wanted.clientSecret ?? kept;
    if (clientSecret === undefined) throw invalidField('client_secret', 'must be given for a new issuer or client');
    return { issuer, clientId, clientSecret };
  }

  private async view({ teamId, ownerId, provider, enforce }: SsoConnection): Promise<SsoSettings> {
    const domains = await this.connections.domains(teamId, ownerId);
    return {
      issuer: provider.issuer,
      clientId: provider.clientId,
      enforce,
      domains: domains.map((domain) => ({ ...domain, proof: this.ownership.proofOf(teamId, domain.domain) })),
      callbackUrl: this.providers.callbackUrl,
      locked: !(await this.connections.isIncluded(ownerId)),
    };
  }
}

function domainsOf(texts: readonly string[]): readonly string[] {
  const errors: FieldError[] = [];
  const domains = texts.map((text, index) => {
    const domain = normalDomain(text);
    if (domain === undefined) errors.push({ field: `domains.${index}`, message: 'must be a domain' });
    return domain ?? '';
  });
  if (errors.length > 0) throw new Problem('validation_failed', { errors });
  return [...new Set(domains)];
}
