import { Injectable } from '@nestjs/common';
import { invalidField, newId, Problem } from '@adiuva/kernel';
import { Accounts, lockLiveUser, UserEncryption, type UserCipher } from '@adiuva/auth';
import { Mails } from '@adiuva/mail';
import { Database, ServerKeys } from '@adiuva/platform';
import { PushEndpoints } from '../web-push/push-endpoints.service';
import { addressKey, addressText, subscriptionError, type Address, type Channel } from '../channel';
import type { NotificationChannelRow } from './channel.entity';
import { ChannelVerification } from './channel-verification.service';

/** What a user asks for; without `email` it is the address of the account. */
export type NewChannel =
  Exclude<Address, { kind: 'email' }> | { readonly kind: 'email'; readonly email?: string | undefined };

const MAX_CHANNELS = 20;
const COUNT = 'SELECT count(*)::int AS count FROM notification_channels WHERE user_id = $1';
const INSERT = `INSERT INTO notification_channels (id, user_id, kind, status, address, address_hash) VALUES ($1, $2, $3, $4, $5, $6)`;
const REPLACE = 'UPDATE notification_channels SET address = $2, status = $3 WHERE id = $1';
const ACTIVATE = `UPDATE notification_channels SET status = 'active', code_hash = NULL WHERE user_id = $1 AND kind = 'email' AND address_hash = $2`;
const BY_ADDRESS = `SELECT * FROM notification_channels WHERE user_id = $1 AND kind = $2 AND address_hash = $3`;

/** What channels are made with, beside their table. */
@Injectable()
export class ChannelParts {
  constructor(
    readonly accounts: Accounts,
    readonly encryption: UserEncryption,
    readonly keys: ServerKeys,
    readonly endpoints: PushEndpoints,
    readonly mails: Mails,
  ) {}
}

/** Where a user can be reached. */
@Injectable()
export class Channels {
  constructor(
    private readonly database: Database,
    private readonly parts: ChannelParts,
    private readonly verification: ChannelVerification,
  ) {}

  async list(userId: string): Promise<Channel[]> {
    const rows = await this.database.query<NotificationChannelRow>(
      'SELECT * FROM notification_channels WHERE user_id = $1 ORDER BY id',
      [userId],
    );
    const cipher = await this.parts.encryption.open(userId);
    return rows.map((row) => toChannel(cipher, row));
  }

  /**
   * A telephone, and an address other than the confirmed one of the account, starts as `pending` and is sent a code. The same address again
   * gives its channel.
   * Throws `not_configured`, `validation_failed`, `rate_limited`, `conflict` beyond 20 channels.
   */
  async create(userId: string, wanted: NewChannel): Promise<Channel> {
    const address = await this.addressOf(userId, wanted);
    const hash = this.hashOf(address);
    const cipher = await this.parts.encryption.open(userId);
    const status = await this.statusOf(userId, address);
    const { row, isNew } = await this.database.transaction(async (tx) => {
      await lockLiveUser(tx, userId, 'UPDATE');
      const [known] = await tx.query<NotificationChannelRow[]>(BY_ADDRESS, [userId, address.kind, hash]);
      if (known) {
        // A browser may have new keys for the same endpoint; the account may have confirmed its address since.
        const row = { ...known, status: status === 'active' ? status : known.status };
        const sealed = cipher.seal(`notification_channels.address|${known.id}`, addressText(address));
        await tx.query(REPLACE, [known.id, sealed, row.status]);
        return { row, isNew: false };
      }
      const [counted] = await tx.query<{ count: number }[]>(COUNT, [userId]);
      if ((counted?.count ?? 0) >= MAX_CHANNELS)
        throw new Problem('conflict', { detail: `There are ${MAX_CHANNELS} channels already` });
      const id = newId();
      const sealed = cipher.seal(`notification_channels.address|${id}`, addressText(address));
      await tx.query(INSERT, [id, userId, address.kind, status, sealed, hash]);
      const [made] = await tx.query<NotificationChannelRow[]>(BY_ADDRESS, [userId, address.kind, hash]);
      if (!made) throw new Problem('conflict');
      return { row: made, isNew: true };
    });
    if (isNew && row.status === 'pending') await this.sendFirstCode(userId, row, addressText(address));
    return toChannel(cipher, row);
  }

  /** Throws `wrong_code`, `rate_limited` after 5 tries in an hour, `not_found`. */
  async verify(userId: string, id: string, code: string): Promise<void> {
    const row = await this.row(userId, id);
    if (row.status === 'active') return;
    await this.verification.check(row, await this.addressIn(row), code);
    await this.database.query(
      `UPDATE notification_channels SET status = 'active', code_hash = NULL WHERE id = $1 AND user_id = $2`,
      [id, userId],
    );
  }

  /** Throws `rate_limited` after 3 codes in an hour, `conflict` for a channel that is active, `not_found`. */
  async resend(userId: string, id: string): Promise<void> {
    const row = await this.row(userId, id);
    if (row.status === 'active') throw new Problem('conflict', { detail: 'This channel is active' });
    await this.verification.sendCode(row, await this.addressIn(row));
  }

  async change(
    userId: string,
    id: string,
    change: { label?: string | null | undefined; includeContent?: boolean | undefined },
  ): Promise<Channel> {
    const row = await this.row(userId, id);
    const cipher = await this.parts.encryption.open(userId);
    const label =
      change.label == null ? (change.label as null) : cipher.seal(`notification_channels.label|${id}`, change.label);
    const changed = {
      ...row,
      label: change.label === undefined ? row.label : label,
      include_content: change.includeContent ?? row.include_content,
    };
    await this.database.query(
      'UPDATE notification_channels SET label = $3, include_content = $4 WHERE id = $1 AND user_id = $2',
      [id, userId, changed.label, changed.include_content],
    );
    return toChannel(cipher, changed);
  }

  /** Throws `not_found`. */
  async delete(userId: string, id: string): Promise<void> {
    await this.row(userId, id);
    await this.remove(userId, id);
  }

  /** Removes a channel that exists no longer; nothing where it is removed already. */
  async remove(userId: string, id: string): Promise<void> {
    await this.database.query('DELETE FROM notification_channels WHERE id = $1 AND user_id = $2', [id, userId]);
  }

  /** The account has confirmed its address: a channel of that address needs no code. */
  async activateAccountAddress(userId: string): Promise<void> {
    const { email, emailVerified } = await this.parts.accounts.get(userId);
    if (emailVerified) await this.database.query(ACTIVATE, [userId, this.hashOf({ kind: 'email', email })]);
  }

  private hashOf(address: Address): Buffer {
    return this.parts.keys.hmac('notifications', `address|${address.kind}|${addressKey(address)}`);
  }

  private async addressOf(userId: string, wanted: NewChannel): Promise<Address> {
    const { endpoints, mails, accounts } = this.parts;
    switch (wanted.kind) {
      case 'web_push': {
        const error = subscriptionError(wanted.subscription);
        if (error !== null) throw invalidField('subscription', error);
        await endpoints.check(wanted.subscription.endpoint);
        return wanted;
      }
      case 'whatsapp':
      case 'voice':
        this.verification.assertConfigured();
        return wanted;
      case 'email':
        if (!mails.configured) throw new Problem('not_configured');
        return { kind: 'email', email: wanted.email ?? (await accounts.get(userId)).email };
    }
  }

  private async statusOf(userId: string, address: Address): Promise<'active' | 'pending'> {
    if (address.kind === 'web_push') return 'active';
    if (address.kind !== 'email') return 'pending';
    const { email, emailVerified } = await this.parts.accounts.get(userId);
    return emailVerified && address.email === email ? 'active' : 'pending';
  }

  /** A channel whose code cannot be sent is not kept. */
  private async sendFirstCode(userId: string, row: NotificationChannelRow, address: string): Promise<void> {
    try {
      await this.verification.sendCode(row, address);
    } catch (error) {
      await this.remove(userId, row.id);
      throw error;
    }
  }

  private async addressIn(row: NotificationChannelRow): Promise<string> {
    const cipher = await this.parts.encryption.open(row.user_id);
    return cipher.open(`notification_channels.address|${row.id}`, row.address);
  }

  private async row(userId: string, id: string): Promise<NotificationChannelRow> {
    const [row] = await this.database.query<NotificationChannelRow>(
      'SELECT * FROM notification_channels WHERE id = $1 AND user_id = $2',
      [id, userId],
    );
    if (!row) throw new Problem('not_found');
    return row;
  }
}

function toChannel(cipher: UserCipher, row: NotificationChannelRow): Channel {
  return {
    id: row.id,
    kind: row.kind,
    status: row.status,
    label: row.label && cipher.open(`notification_channels.label|${row.id}`, row.label),
    includeContent: row.include_content,
    createdAt: row.created_at,
  };
}
