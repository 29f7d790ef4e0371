import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { Clock, newId, Problem, type Principal } from '@adiuva/kernel';
import { Audit } from '@adiuva/audit';
import { Accounts, lockLiveUser, UserEncryption, type Origin } from '@adiuva/auth';
import {
  BlobStore,
  Database,
  jobKind,
  Jobs,
  ObjectDeletion,
  openStream,
  parseKey,
  RateLimits,
  ServerKeys,
} from '@adiuva/platform';
import { z } from 'zod';
import type { AccountExportRow, ExportStatus } from './export.entity';

export interface AccountExport {
  readonly id: string;
  readonly status: ExportStatus | 'expired';
  /** Of the download; null until the archive is ready. */
  readonly token: string | null;
  readonly sizeBytes: number | null;
  readonly expiresAt: Date | null;
}

export const BUILD_EXPORT = jobKind('build_export', z.object({ exportId: z.uuid() }));
export const labelOf = (id: string): string => `account_exports.archive|${id}`;
export const keyColumn = (id: string): string => `account_exports.key|${id}`;

const MAX_ATTEMPTS = 5;
/** Any caller with the link may use it: each download opens a key and is recorded. */
const DOWNLOADS_AN_HOUR = 20;
const HOUR_SECONDS = 3_600;
/** Each archive is kept for a day beside what the user stores, and is as large. */
const EXPORTS_A_DAY = 5;
const DAY_SECONDS = 24 * HOUR_SECONDS;
const TOKEN = /^([0-9a-f-]{36})\.(\d{10})\.([\w-]{43})$/;

/** What the database, the blob store and keys of the server are to exports. */
@Injectable()
export class ExportStores {
  constructor(
    readonly database: Database,
    readonly blobs: BlobStore,
    readonly deletion: ObjectDeletion,
    readonly keys: ServerKeys,
    readonly encryption: UserEncryption,
    readonly jobs: Jobs,
  ) {}
}

/** Exports of accounts: asked for with the password, built by a job, downloaded by a signed link of 24 hours. */
@Injectable()
export class Exports {
  constructor(
    private readonly stores: ExportStores,
    private readonly accounts: Accounts,
    private readonly audit: Audit,
    private readonly limits: RateLimits,
    private readonly clock: Clock,
  ) {}

  /** @throws `invalid_credentials`, `rate_limited`, `conflict` while one is being built */
  async request(caller: Principal, password: string, origin: Origin): Promise<string> {
    await this.accounts.confirmPassword(caller, password, origin);
    await this.admit(`export:${caller.userId}`, EXPORTS_A_DAY, DAY_SECONDS);
    const id = newId();
    await this.stores.database.transaction(async (tx) => {
      await lockLiveUser(tx, caller.userId, 'UPDATE');
      const queued = await tx.query<unknown[]>(
        `INSERT INTO account_exports (id, user_id) SELECT $1, $2
         WHERE NOT EXISTS (SELECT FROM account_exports WHERE user_id = $2 AND status = 'queued') RETURNING 1`,
        [id, caller.userId],
      );
      if (queued.length === 0) throw new Problem('conflict', { detail: 'An export is being made' });
      await this.stores.jobs.add(
        tx,
        BUILD_EXPORT,
        { exportId: id },
        { key: `export:${id}`, maxAttempts: MAX_ATTEMPTS },
      );
      await this.audit.recordOwn(tx, caller.userId, 'export.requested', { export_id: id });
    });
    return id;
  }

  /** @throws `not_found` */
  async get({ userId }: Principal, id: string): Promise<AccountExport> {
    const [row] = await this.stores.database.query<AccountExportRow>(
      'SELECT * FROM account_exports WHERE id = $1 AND user_id = $2',
      [id, userId],
    );
    if (!row) throw new Problem('not_found');
    const isOver = row.expires_at !== null && row.expires_at <= this.clock.now();
    const isReady = row.status === 'ready' && row.expires_at !== null && !isOver;
    return {
      id,
      status: isOver ? 'expired' : row.status,
      token: isReady && row.expires_at ? this.tokenFor(id, row.expires_at) : null,
      sizeBytes: isReady ? Number(row.size_bytes) : null,
      expiresAt: row.expires_at,
    };
  }

  /** The archive, decrypted while it is sent. @throws `not_found` for a token that is forged or expired, `rate_limited` */
  async open(token: string): Promise<{ readonly bytes: Readable; readonly size: number }> {
    const { database, blobs, encryption } = this.stores;
    const id = this.idOf(token);
    await this.admit(`export-download:${id}`, DOWNLOADS_AN_HOUR, HOUR_SECONDS);
    const [row] = await database.query<AccountExportRow>(
      `SELECT * FROM account_exports WHERE id = $1 AND status = 'ready' AND expires_at > now() AND NOT account_disabled(user_id)`,
      [id],
    );
    if (!row?.key || !row.blob_key) throw new Problem('not_found');
    const cipher = await encryption.open(row.user_id);
    const key = Buffer.from(cipher.open(keyColumn(row.id), row.key), 'base64');
    const sealed = await blobs.open(parseKey(row.blob_key));
    await database.transaction((tx) =>
      this.audit.recordOwn(tx, row.user_id, 'export.downloaded', { export_id: row.id }),
    );
    return { bytes: Readable.from(openStream(key, labelOf(row.id), sealed)), size: Number(row.size_bytes) };
  }

  private async admit(key: string, limit: number, windowSeconds: number): Promise<void> {
    const { allowed, resetSeconds } = await this.limits.consume(key, limit, windowSeconds);
    if (!allowed) throw new Problem('rate_limited', { retryAfter: resetSeconds });
  }

  private tokenFor(id: string, expiresAt: Date): string {
    const text = `${id}.${Math.floor(expiresAt.getTime() / 1_000)}`;
    return `${text}.${this.stores.keys.hmac('download', `export|${text}`).toString('base64url')}`;
  }

  private idOf(token: string): string {
    const [, id = '', expires = '', mac = ''] = TOKEN.exec(token) ?? [];
    const given = Buffer.from(mac, 'base64url');
    const isGenuine =
      given.toString('base64url') === mac && this.stores.keys.verifyHmac('download', `export|${id}.${expires}`, given);
    if (!isGenuine || Number(expires) * 1_000 <= this.clock.now().getTime()) throw new Problem('not_found');
    return id;
  }
}
