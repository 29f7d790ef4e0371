import { Injectable } from '@nestjs/common';
import { ServerKeys } from '@adiuva/platform';
import type { AuditEventRow, AuditHeadRow } from './audit-event.entity';
import { contentOf, type AuditEvent } from './audit-event';

/** What remains of an event of an erased account. */
type Redacted = Pick<AuditEventRow, 'id' | 'action' | 'at' | 'content'>;

/** The place of an event in a chain: its number, from 1, and the hash of it and all before. */
export interface ChainEnd {
  readonly position: number;
  readonly link: Buffer;
}

export const CHAIN_START: ChainEnd = { position: 0, link: Buffer.alloc(32) };

/** The keyed hashes of the audit log. */
@Injectable()
export class AuditKeys {
  constructor(private readonly keys: ServerKeys) {}

  content(event: AuditEvent): Buffer {
    return this.hmac('content', contentOf(event));
  }

  account(userId: string | null): Buffer {
    return this.hmac('account', userId ?? '');
  }

  /** Covers what an erasure leaves: `content` cannot be computed again without the ids and details. */
  redaction({ id, action, at, content }: Redacted): Buffer {
    return this.hmac('redaction', id, action, String(at.getTime()), content.toString('hex'));
  }

  accountLink(before: ChainEnd, content: Buffer): ChainEnd {
    return this.next('account-link', before, content.toString('hex'));
  }

  /** Covers the content and the chain of the account. */
  link(before: ChainEnd, account: Buffer, accountEnd: ChainEnd): ChainEnd {
    const { position, link } = accountEnd;
    return this.next('link', before, account.toString('hex'), String(position), link.toString('hex'));
  }

  head({ position, link }: ChainEnd): Buffer {
    return this.hmac('head', String(position), link.toString('hex'));
  }

  /** The end of the chain; undefined where the server has not written the row. */
  openHead({ position, link, mac }: AuditHeadRow): ChainEnd | undefined {
    const end = { position: Number(position), link };
    return this.head(end).equals(mac) ? end : undefined;
  }

  private next(label: string, before: ChainEnd, ...parts: readonly string[]): ChainEnd {
    const position = before.position + 1;
    return { position, link: this.hmac(label, String(position), before.link.toString('hex'), ...parts) };
  }

  private hmac(label: string, ...parts: readonly string[]): Buffer {
    return this.keys.hmac('audit', [label, ...parts].join('\n'));
  }
}
