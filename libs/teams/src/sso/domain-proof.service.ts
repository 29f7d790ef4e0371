import { Injectable } from '@nestjs/common';
import { ServerKeys } from '@adiuva/platform';
import { TxtRecords } from './txt-records.port';

/** The TXT record that proves that a team controls a domain. */
export interface DomainProof {
  readonly name: string;
  readonly value: string;
}

const PREFIX = 'adiuva-sso=';

/** Whether a domain belongs to a team: a TXT record has what only this server can compute for the two. */
@Injectable()
export class DomainProofs {
  constructor(
    private readonly keys: ServerKeys,
    private readonly records: TxtRecords,
  ) {}

  of(teamId: string, domain: string): DomainProof {
    const token = this.keys.hmac('sso', textOf(teamId, domain)).toString('base64url');
    return { name: `_adiuva-sso.${domain}`, value: `${PREFIX}${token}` };
  }

  /** `unknown` where the DNS does not answer. */
  async look(teamId: string, domain: string): Promise<'proved' | 'missing' | 'unknown'> {
    const texts = await this.records.resolve(this.of(teamId, domain).name);
    if (!texts) return 'unknown';
    const isProved = texts.some((text) => {
      const token = Buffer.from(text.trim().slice(PREFIX.length), 'base64url');
      return text.trim().startsWith(PREFIX) && this.keys.verifyHmac('sso', textOf(teamId, domain), token);
    });
    return isProved ? 'proved' : 'missing';
  }
}

function textOf(teamId: string, domain: string): string {
  return `domain|${teamId}|${domain}`;
}
