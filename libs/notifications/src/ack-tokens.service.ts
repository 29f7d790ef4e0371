import { Injectable } from '@nestjs/common';
import { isId, Problem } from '@adiuva/kernel';
import { ServerConfig } from '@adiuva/config';
import { ServerKeys } from '@adiuva/platform';

const TTL_MS = 48 * 3_600_000;
const ID_BYTES = 16;
const TIME_BYTES = 6;
const MAC_BYTES = 32;

/** Tokens of acknowledgement links: the bearer may acknowledge one notification for 48 hours, and do nothing else. */
@Injectable()
export class AckTokens {
  constructor(
    private readonly keys: ServerKeys,
    private readonly server: ServerConfig,
  ) {}

  link(notificationId: string, now = Date.now()): string {
    return `${this.server.publicUrl}/api/v1/notifications/ack/${this.issue(notificationId, now)}`;
  }

  /** The id of the notification. Throws `not_found` for a token that is forged or expired. */
  verify(token: string, now = Date.now()): string {
    const bytes = Buffer.from(token, 'base64url');
    const signed = bytes.subarray(0, ID_BYTES + TIME_BYTES);
    const wellFormed = bytes.length === ID_BYTES + TIME_BYTES + MAC_BYTES && bytes.toString('base64url') === token;
    if (!wellFormed || !this.keys.verifyHmac('notifications', purpose(signed), bytes.subarray(signed.length)))
      throw new Problem('not_found');
    if (signed.readUIntBE(ID_BYTES, TIME_BYTES) < now) throw new Problem('not_found');
    const hex = signed.subarray(0, ID_BYTES).toString('hex');
    const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
    if (!isId(id)) throw new Problem('not_found');
    return id;
  }

  private issue(notificationId: string, now: number): string {
    const signed = Buffer.alloc(ID_BYTES + TIME_BYTES);
    signed.write(notificationId.replaceAll('-', ''), 'hex');
    signed.writeUIntBE(now + TTL_MS, ID_BYTES, TIME_BYTES);
    return Buffer.concat([signed, this.keys.hmac('notifications', purpose(signed))]).toString('base64url');
  }
}

function purpose(signed: Buffer): string {
  return `acknowledge|${signed.toString('hex')}`;
}
