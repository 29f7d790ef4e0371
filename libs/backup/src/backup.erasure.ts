import { Injectable } from '@nestjs/common';
import { BlobStore, Database } from '@adiuva/platform';
import { prefixOfUser } from './backups/backup-key';
import { BackupsStore } from './backups/backups.store';
import { BackupMaintenance } from './maintenance/backup-maintenance.service';
import { partsOf } from './uploads/upload-reservations.service';
import { UploadsStore } from './uploads/uploads.store';

/** Erases the backups of a user whose account is erased. May be run again at any point. */
@Injectable()
export class BackupErasure {
  constructor(
    private readonly database: Database,
    private readonly blobs: BlobStore,
    private readonly uploads: UploadsStore,
    private readonly backups: BackupsStore,
    private readonly maintenance: BackupMaintenance,
  ) {}

  /** Uploads first, so that none of them can become a backup any more. */
  async erase(userId: string): Promise<void> {
    for (const upload of await this.uploads.abandoned({ userId })) {
      const parts = partsOf(upload);
      await this.database.transaction((tx) => this.uploads.erase(tx, upload.id));
      if (parts) await this.blobs.abortParts(parts);
    }
    await this.database.transaction((tx) => this.backups.erase(tx, userId));
    await this.maintenance.deleteUnnamed(prefixOfUser(userId));
  }
}
