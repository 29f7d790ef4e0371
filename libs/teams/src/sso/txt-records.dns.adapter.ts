import { NODATA, NOTFOUND, Resolver } from 'node:dns/promises';
import { Injectable } from '@nestjs/common';
import { SsoConfig } from './sso.config';
import { TxtRecords } from './txt-records.port';

const TIMEOUT_MS = 2_000;
const TRIES = 2;

@Injectable()
export class DnsTxtRecords extends TxtRecords {
  private readonly resolver = new Resolver({ timeout: TIMEOUT_MS, tries: TRIES });

  constructor({ SSO_DNS_SERVERS: servers }: SsoConfig) {
    super();
    if (servers.length > 0) this.resolver.setServers(servers);
  }

  async resolve(name: string): Promise<readonly string[] | undefined> {
    try {
      const records = await this.resolver.resolveTxt(name);
      return records.map((parts) => parts.join(''));
    } catch (error) {
      return saysNone(error) ? [] : undefined;
    }
  }
}

function saysNone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === NODATA || error.code === NOTFOUND);
}
