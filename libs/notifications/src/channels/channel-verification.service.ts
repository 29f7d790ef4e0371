import { randomInt, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Problem } from '@adiuva/kernel';
import { Mails } from '@adiuva/mail';
import { Database, RateLimits, ServerKeys } from '@adiuva/platform';
import { NotificationPreferences } from '../preferences/preferences.service';
import type { NotificationChannelRow } from './channel.entity';
import { PhoneVerification } from './verification.port';

const HOUR_S = 3_600;
const MAX_CODES = 3;
const MAX_TRIES = 5;
const CODE_TTL_MINUTES = 10;
const STORE_CODE = `UPDATE notification_channels SET code_hash = $3, code_expires_at = now() + make_interval(mins => ${CODE_TTL_MINUTES})
  WHERE id = $1 AND user_id = $2`;

/** Proves that an address is the user's: Twilio keeps the codes of telephones, those of mails are kept as keyed hashes. */
@Injectable()
export class ChannelVerification {
  constructor(
    private readonly database: Database,
    private readonly limits: RateLimits,
    private readonly keys: ServerKeys,
    private readonly mails: Mails,
    private readonly phones: PhoneVerification,
    private readonly preferences: NotificationPreferences,
  ) {}

  assertConfigured(): void {
    if (!this.phones.configured) throw new Problem('not_configured');
  }

  /** The limits are those of the address, so that a channel that is made again does not reset them. */
  async sendCode(channel: NotificationChannelRow, address: string): Promise<void> {
    await this.consume('code', channel, MAX_CODES);
    if (channel.kind === 'whatsapp' || channel.kind === 'voice') return this.phones.sendCode(channel.kind, address);
    const code = String(randomInt(1_000_000)).padStart(6, '0');
    const { language } = await this.preferences.of(channel.user_id);
    await this.database.transaction(async (tx) => {
      await tx.query(STORE_CODE, [channel.id, channel.user_id, this.hash(channel.id, code)]);
      const mail = { to: address, template: 'channel_code', language, values: { code } } as const;
      await this.mails.enqueue(tx, channel.user_id, mail);
    });
  }

  /** Throws `wrong_code`, `rate_limited`. */
  async check(channel: NotificationChannelRow, address: string, code: string): Promise<void> {
    await this.consume('try', channel, MAX_TRIES);
    const right = channel.kind === 'email' ? this.matches(channel, code) : await this.phones.check(address, code);
    if (!right) throw new Problem('wrong_code');
  }

  private matches({ id, code_hash: hash, code_expires_at: expiry }: NotificationChannelRow, code: string): boolean {
    return hash !== null && expiry !== null && expiry > new Date() && timingSafeEqual(hash, this.hash(id, code));
  }

  private async consume(what: 'code' | 'try', channel: NotificationChannelRow, limit: number): Promise<void> {
    // Codes are counted for the address, whichever account asks for them; tries for each account.
    const owner = what === 'code' ? '' : `${channel.user_id}:`;
    const key = `notification-${what}:${owner}${channel.address_hash.toString('hex')}`;
    const { allowed, resetSeconds } = await this.limits.consume(key, limit, HOUR_S);
    if (!allowed) throw new Problem('rate_limited', { retryAfter: resetSeconds });
  }

  private hash(channelId: string, code: string): Buffer {
    return this.keys.hmac('notifications', `code|${channelId}|${code}`);
  }
}
