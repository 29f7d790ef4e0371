import { PassThrough, Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { newId, type Principal } from '@adiuva/kernel';
import { Entitlements } from '@adiuva/billing';
import { isRefusal, Log, newDataKey, parseKey, safeKey, sealedSize, sealStream, type BlobKey } from '@adiuva/platform';
import { ZipFile } from 'yazl';
import type { AccountExportRow } from './export.entity';
import { archiveFile, type DamagedFile } from './archive-file';
import { jsonFile, type ExportFile } from './export-source';
import { ExportSources } from './export-sources.service';
import { ExportStores, keyColumn, labelOf } from './exports.service';

const LIFETIME = `interval '24 hours'`;
/** Rows stay a while after the archive, so that a client learns that it is expired. */
const KEPT = `interval '7 days'`;
const PREFIX = 'exports/';
/** Longer than an archive and its job live. */
const ORPHAN_MS = 9 * 24 * 60 * 60 * 1_000;
const MAX_BYTES = 5_000_000_000_000;

/** Builds the archive of an account and stores it encrypted; nothing of it is written in plaintext. */
@Injectable()
export class ExportBuilder {
  constructor(
    private readonly stores: ExportStores,
    private readonly sources: ExportSources,
    private readonly entitlements: Entitlements,
    private readonly log: Log,
  ) {}

  /** Idempotent: an attempt that was cut leaves an object that no row names, which the next one deletes. */
  async build(exportId: string, signal: AbortSignal): Promise<void> {
    const { database, blobs } = this.stores;
    const [row] = await database.query<AccountExportRow>(
      `SELECT * FROM account_exports WHERE id = $1 AND status = 'queued'`,
      [exportId],
    );
    if (!row) return;
    const key = newDataKey();
    const blobKey = safeKey('exports', row.user_id, exportId, newId());
    const counter = { size: 0 };
    const archive = counted(this.archive(await this.principal(row.user_id), signal), counter);
    const sealed = Readable.from(sealStream(key, labelOf(exportId), archive));
    await this.deleteObjects(`${PREFIX}${row.user_id}/${exportId}/`);
    await this.deletingAfter(always, blobKey, () =>
      blobs.put(blobKey, sealed, { maxBytes: sealedSize(MAX_BYTES) }, signal),
    );
    // Where it is not known whether the row names the archive it stays: the next attempt finds a finished export, or deletes it.
    await this.deletingAfter(isRefusal, blobKey, () => this.finish(row, blobKey, key, counter.size));
  }

  /** Deletes archives whose time is over, marks those that no job builds any more, and forgets old rows. */
  async sweep(): Promise<void> {
    const { database, deletion } = this.stores;
    const over = await database.query<{ id: string; blob_key: string }>(
      'SELECT id, blob_key FROM account_exports WHERE expires_at <= now() AND blob_key IS NOT NULL',
    );
    for (const { id, blob_key } of over) {
      if (!(await deletion.tryDelete([parseKey(blob_key)]))) break;
      await database.query('UPDATE account_exports SET blob_key = NULL, key = NULL WHERE id = $1', [id]);
    }
    await database.query(
      `UPDATE account_exports SET status = 'failed', expires_at = now() WHERE status = 'queued' AND created_at < now() - interval '2 days'`,
    );
    await database.query(`DELETE FROM account_exports WHERE expires_at < now() - ${KEPT} AND blob_key IS NULL`);
  }

  /**
   * Deletes what attempts that a crash has cut have left, also of accounts that are erased since. No archive lives so long, and each can be built
   * again, so that a database or store of another installation loses nothing.
   */
  async sweepObjects(before = new Date(Date.now() - ORPHAN_MS)): Promise<number> {
    const { database, blobs, deletion } = this.stores;
    let deleted = 0;
    for await (const { key, modifiedAt } of blobs.list(PREFIX)) {
      if (modifiedAt > before) continue;
      const named = await database.query('SELECT 1 FROM account_exports WHERE blob_key = $1', [key]);
      if (named.length > 0) continue;
      if (!(await deletion.tryDelete([parseKey(key)]))) break;
      deleted += 1;
    }
    return deleted;
  }

  private async finish(
    { id, user_id: userId }: AccountExportRow,
    blobKey: BlobKey,
    key: Buffer,
    size: number,
  ): Promise<void> {
    await this.stores.database.transaction(async (tx) => {
      const cipher = await this.stores.encryption.openIn(tx, userId);
      await tx.query(
        `UPDATE account_exports SET status = 'ready', key = $2, blob_key = $3, size_bytes = $4, expires_at = now() + ${LIFETIME}
         WHERE id = $1`,
        [id, cipher.seal(keyColumn(id), key.toString('base64')), blobKey, size],
      );
    });
  }

  private async deletingAfter<T>(
    isUnused: (error: unknown) => boolean,
    key: BlobKey,
    work: () => Promise<T>,
  ): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (isUnused(error)) await this.stores.blobs.delete([key]).catch(() => undefined);
      throw error;
    }
  }

  async deleteObjects(prefix: string): Promise<void> {
    const { blobs, deletion } = this.stores;
    for await (const { key } of blobs.list(prefix)) await deletion.delete([parseKey(key)]);
  }

  /** Files are added one after the other, so that one is open at a time. */
  private archive(owner: Principal, signal: AbortSignal): PassThrough {
    const zip = new ZipFile();
    const output = zip.outputStream.pipe(new PassThrough());
    const fail = (error: Error): void => void output.destroy(error);
    zip.once('error', fail);
    this.addAll(zip, owner, signal).then(() => zip.end(), fail);
    return output;
  }

  /** Damaged blobs do not keep the rest from the user; `damaged.json` names them, and is there also when it is empty. */
  private async addAll(zip: ZipFile, owner: Principal, signal: AbortSignal): Promise<void> {
    const damaged: DamagedFile[] = [];
    for (const source of this.sources.all)
      for await (const file of source(owner, signal)) {
        signal.throwIfAborted();
        const fault = await this.addFile(zip, file, signal);
        if (fault) damaged.push(fault);
      }
    if (damaged.length > 0) this.log.error('export_damaged', { user_id: owner.userId, count: damaged.length });
    await this.addFile(
      zip,
      jsonFile('damaged.json', async () => damaged),
      signal,
    );
  }

  private async addFile(zip: ZipFile, file: ExportFile, signal: AbortSignal): Promise<DamagedFile | null> {
    const { damage, added } = await archiveFile(zip, file);
    // One object, unless the whole store fails: then the job is repeated.
    if (damage) await this.stores.blobs.check(signal);
    return damage ? { path: file.path, content: added ? 'incomplete' : 'missing' } : null;
  }

  private async principal(userId: string): Promise<Principal> {
    const { tier, seats } = await this.entitlements.of(userId);
    return { userId, sessionId: newId(), tier, seats, role: 'user' };
  }
}

const always = (): boolean => true;

async function* counted(bytes: AsyncIterable<Buffer>, counter: { size: number }): AsyncGenerator<Buffer> {
  for await (const part of bytes) {
    counter.size += part.length;
    yield part;
  }
}
