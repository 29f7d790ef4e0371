import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { Problem, type Principal } from '@adiuva/kernel';
import { Installation } from '@adiuva/auth';
import { BlobStore, coveringBlocks, verifyingBlocks, verifyingStream, type ByteRange } from '@adiuva/platform';
import { Quota } from '@adiuva/quota';
import type { Backup, StoredBackup } from './backup';
import { BackupsStore } from './backups.store';
import { ScrubRequests } from './scrub-requests.service';

/** What to send once the backup is known: a range, all of it, or nothing because the client has it. */
export type RangeRequest = ByteRange | 'all' | 'nothing';

/** The backup that answers a request, and since when it has been the answer. */
export interface BackupMatch {
  readonly backup: Backup;
  /** In a later second whenever the answer is another one, so that it can be compared as an HTTP date. */
  readonly modifiedAt: Date;
}

export interface BackupDownload extends BackupMatch {
  readonly range: ByteRange | null;
  /** Null when nothing is to be sent. Fails before its last byte when the stored bytes are damaged. */
  readonly bytes: Readable | null;
}

/** A user's backups. A user who has left a paid tier may still read them. */
@Injectable()
export class Backups {
  constructor(
    private readonly blobs: BlobStore,
    private readonly quota: Quota,
    private readonly backups: BackupsStore,
    private readonly scrub: ScrubRequests,
    private readonly installation: Installation,
  ) {}

  /** Newest first, by the server's clock. @throws `upgrade_required` */
  async history(owner: Principal): Promise<readonly Backup[]> {
    return (await this.all(owner)).filter(({ purgeAt }) => purgeAt === null);
  }

  /** Deleted ones that can still be restored, newest first. @throws `upgrade_required` */
  async trash(owner: Principal): Promise<readonly Backup[]> {
    return (await this.all(owner)).filter(({ purgeAt }) => purgeAt !== null);
  }

  /**
   * The one with that id; for null the newest backup that is not known to be damaged.
   * @throws `upgrade_required`, `not_found`, `upstream_failed` (damaged), `unavailable`, what `choose` throws
   */
  async read(
    owner: Principal,
    id: string | null,
    choose: (found: BackupMatch) => RangeRequest,
    signal?: AbortSignal,
  ): Promise<BackupDownload> {
    await this.quota.assertReadable(owner, 'backups');
    const backup = id === null ? await this.backups.latest(owner.userId) : await this.backups.get(owner.userId, id);
    if (!backup || backup.purgeAt !== null) throw new Problem('not_found');
    const modifiedAt = id === null ? await this.listChangedAt(owner.userId, backup.createdAt) : backup.createdAt;
    const found = { backup, modifiedAt };
    const wanted = choose(found);
    if (wanted === 'nothing') return { ...found, range: null, bytes: null };
    if (backup.damagedAt !== null)
      throw new Problem('upstream_failed', { detail: 'The stored bytes of this backup are damaged' });
    const range = wanted === 'all' ? null : wanted;
    return { ...found, range, bytes: await this.open(backup, range, signal) };
  }

  /** A restore of the database may have changed the list to an earlier state; dates that clients have seen are before it. */
  private async listChangedAt(userId: string, createdAt: Date): Promise<Date> {
    const [changedAt, restoredAt] = await Promise.all([this.backups.changedAt(userId), this.installation.restoredAt()]);
    return new Date(Math.max(...[changedAt, restoredAt, createdAt].map((date) => date?.getTime() ?? 0)));
  }

  private async open(backup: StoredBackup, range: ByteRange | null, signal?: AbortSignal): Promise<Readable> {
    const { blocks, sizeBytes, checksum, object } = backup;
    const covered = range && blocks ? coveringBlocks(blocks, sizeBytes, range) : undefined;
    const bytes = await this.blobs.open(object, covered, signal).catch((error: unknown) => this.missing(backup, error));
    const verified =
      range && blocks
        ? verifyingBlocks(bytes, blocks, sizeBytes, range)
        : verifyingStream(bytes, checksum, sizeBytes, range ?? undefined);
    verified.once('error', (error) => {
      if (error instanceof Problem && error.code === 'upstream_failed') void this.scrub.request(backup);
    });
    return verified;
  }

  /** A row without its object, or with a shorter one than the range needs, is damage, and is scrubbed immediately. */
  private async missing(backup: StoredBackup, error: unknown): Promise<never> {
    if (!(error instanceof Problem) || (error.code !== 'not_found' && error.code !== 'range_not_satisfiable'))
      throw error;
    await this.scrub.request(backup);
    throw new Problem('upstream_failed', { detail: 'The stored bytes are damaged', cause: error });
  }

  private async all(owner: Principal): Promise<readonly StoredBackup[]> {
    await this.quota.assertReadable(owner, 'backups');
    return this.backups.all(owner.userId);
  }
}
