import { readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { isIP } from 'node:net';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { invalidField } from '@adiuva/kernel';
import { ConfigurationError } from '@adiuva/config';
import { hasPrivateAddress, PRIVATE_ADDRESS, publicLookup } from '@adiuva/platform';
import { NotificationsConfig } from '../notifications.config';

const MAX_IDLE_SOCKETS = 64;

/**
 * Which endpoints the server calls. An endpoint is a URL that a user sends: https alone, and only addresses of the public Internet. The
 * address is checked in the look-up of each connection, so that a name cannot lead elsewhere later.
 */
@Injectable()
export class PushEndpoints implements OnModuleDestroy {
  readonly agent: Agent;
  private readonly trusted: Agent;
  private readonly privateHosts: ReadonlySet<string>;

  constructor(config: NotificationsConfig) {
    const options = { keepAlive: true, maxSockets: config.NOTIFICATIONS_CONCURRENCY, maxFreeSockets: MAX_IDLE_SOCKETS };
    this.agent = new Agent({ ...options, lookup: publicLookup() });
    this.trusted = new Agent({ ...options, ...authorities(config.WEB_PUSH_CA_FILE) });
    this.privateHosts = new Set(config.WEB_PUSH_PRIVATE_HOSTS);
  }

  /** Throws `validation_failed` for an endpoint that is never called. */
  async check(endpoint: string): Promise<void> {
    const url = this.parse(endpoint);
    if (url === undefined || !(await this.isReachable(url)))
      throw invalidField('subscription.endpoint', 'must be an https URL with a public address');
  }

  /** The endpoint where it may be called; undefined otherwise. */
  parse(endpoint: string): URL | undefined {
    const url = URL.parse(endpoint);
    if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '') return undefined;
    if (this.privateHosts.has(url.host)) return url;
    // A literal address is not looked up by the agent.
    return hasPrivateAddress(url) ? undefined : url;
  }

  agentFor(url: URL): Agent {
    return this.privateHosts.has(url.host) ? this.trusted : this.agent;
  }

  onModuleDestroy(): void {
    this.agent.destroy();
    this.trusted.destroy();
  }

  private isReachable(url: URL): Promise<boolean> {
    if (this.privateHosts.has(url.host) || isIP(url.hostname.replace(/^\[|\]$/g, '')) !== 0)
      return Promise.resolve(true);
    return new Promise((resolve) => {
      publicLookup()(url.hostname, { all: true }, (error) => resolve(error?.code !== PRIVATE_ADDRESS));
    });
  }
}

function authorities(file: string | undefined): { ca?: string } {
  if (file === undefined) return {};
  try {
    return { ca: readFileSync(file, 'utf8') };
  } catch {
    throw new ConfigurationError(['WEB_PUSH_CA_FILE: the file cannot be read']);
  }
}
