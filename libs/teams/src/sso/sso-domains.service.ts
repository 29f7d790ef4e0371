import { Injectable } from '@nestjs/common';
import { Database, isDuplicate, Log } from '@adiuva/platform';
import { DomainProofs, type DomainProof } from './domain-proof.service';
import { domainTaken, SsoConnections, type SsoConnection } from './sso-connections.store';
import { SsoEvents } from './sso-events.service';

/** Which domains a team controls: proved when the settings are set or read, and verified again each day. */
@Injectable()
export class SsoDomains {
  constructor(
    private readonly database: Database,
    private readonly connections: SsoConnections,
    private readonly proofs: DomainProofs,
    private readonly events: SsoEvents,
    private readonly log: Log,
  ) {}

  proofOf(teamId: string, domain: string): DomainProof {
    return this.proofs.of(teamId, domain);
  }

  /** Looks for the records of domains that are not proved. @throws `conflict` for a domain that another team has proved, and still can */
  async prove(connection: SsoConnection): Promise<void> {
    const domains = await this.connections.domains(connection.teamId, connection.ownerId);
    await Promise.all(domains.filter(({ proved }) => !proved).map(({ domain }) => this.proveOne(connection, domain)));
  }

  /**
   * A domain whose record is gone for `GRACE_DAYS` is no longer proved: it may have another owner by now. A DNS server that does not answer
   * changes nothing.
   */
  async recheck(): Promise<void> {
    for (const teamId of await this.connections.teamsWithDomains()) {
      try {
        const connection = await this.connections.ofTeam(teamId);
        if (connection) await this.recheckTeam(connection);
      } catch (error) {
        this.log.warn('sso_recheck_failed', { error });
      }
    }
  }

  private async recheckTeam({ teamId, ownerId }: SsoConnection): Promise<void> {
    const domains = await this.connections.domains(teamId, ownerId);
    for (const { domain } of domains.filter(({ proved }) => proved)) {
      const state = await this.proofs.look(teamId, domain);
      if (state === 'unknown') continue;
      await this.database.transaction(async (tx) => {
        const lost = await this.connections.seen(tx, teamId, domain, state === 'proved');
        if (lost) await this.events.domainLost(tx, teamId, ownerId);
      });
    }
  }

  /** A domain changes its team when the record of the other one is gone. */
  private async proveOne(connection: SsoConnection, domain: string): Promise<void> {
    const { teamId } = connection;
    if ((await this.proofs.look(teamId, domain)) !== 'proved') return;
    const other = await this.connections.provedByOther(teamId, domain);
    if (other !== undefined && (await this.proofs.look(other, domain)) !== 'missing') throw domainTaken();
    await this.database
      .transaction(async (tx) => {
        await this.connections.prove(tx, teamId, domain, other);
        await this.events.domainProved(tx, connection);
      })
      .catch((error: unknown) => {
        throw isDuplicate(error, 'sso_domains_proved') ? domainTaken() : error;
      });
  }
}
