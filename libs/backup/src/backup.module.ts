import { Module } from '@nestjs/common';
import { provideSettings } from '@adiuva/config';
import { QuotaModule } from '@adiuva/quota';
import { BackupConfig } from './backup.config';
import { BackupDrafts } from './backup-drafts.service';
import { BackupJobs } from './backup-jobs.service';
import { BackupRetention } from './backup-retention.service';
import { BackupScrub } from './backup-scrub.service';
import { BackupTrash } from './backup-trash.service';
import { BackupUpkeep } from './backup-upkeep.service';
import { BackupUploads } from './backup-uploads.service';
import { Backups } from './backups.service';
import { BackupsStore } from './backups.store';
import { ScrubStore } from './scrub.store';
import { StreamedBackups } from './streamed-backups.service';
import { UploadCompletion } from './upload-completion.service';
import { UploadsStore } from './uploads.store';

const FACES = [
  Backups,
  BackupTrash,
  BackupRetention,
  StreamedBackups,
  BackupUploads,
  UploadCompletion,
  BackupScrub,
  BackupUpkeep,
  BackupJobs,
];

@Module({
  imports: [QuotaModule],
  providers: [provideSettings(BackupConfig), BackupsStore, UploadsStore, ScrubStore, BackupDrafts, ...FACES],
  exports: FACES,
})
export class BackupModule {}
