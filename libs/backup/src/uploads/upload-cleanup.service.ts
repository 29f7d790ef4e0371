import { Injectable } from '@nestjs/common';
import { BlobStore, Database, parseKey } from '@adiuva/platform';
import type { AbandonedUpload } from './upload-row';
import { UploadReservations } from './upload-reservations.service';
import { UploadsStore } from './uploads.store';

/** Ends or resets the uploads that no client can complete. Each step may run again. */
@Injectable()
export class UploadCleanup {
  constructor(
    private readonly database: Database,
    private readonly blobs: BlobStore,
    private readonly uploads: UploadsStore,
    private readonly reservations: UploadReservations,
  ) {}

  /** Aborts expired uploads and releases their reservations. */
  async expire(): Promise<void> {
    for (const { id } of await this.uploads.abandoned('expired'))
      await this.reservations.drop(id, ['streaming', 'open', 'completing', 'completed'], true);
  }

  /**
   * After the server was restored from a backup, which has no parts of unfinished uploads: those uploads are open again, and the chunks that the
   * store does not have are missing, so that their clients send them again. Returns the number of uploads.
   */
  async reopen(): Promise<number> {
    const unfinished = await this.uploads.unfinished();
    for (const upload of unfinished) await this.reset(upload);
    return unfinished.length;
  }

  private async reset({ id, object, partsId }: AbandonedUpload): Promise<void> {
    const missing: number[] = [];
    for (const { number, tag } of await this.uploads.chunks(id))
      if (partsId !== null || !(await this.blobs.head(parseKey(tag)))) missing.push(number);
    const parts = partsId === null ? null : await this.blobs.beginParts(object);
    await this.database.transaction((tx) => this.uploads.reset(tx, id, missing, parts?.id ?? null));
  }
}
