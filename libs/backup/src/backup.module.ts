import { Module } from '@nestjs/common';
import { provideSettings } from '@adiuva/config';
import { AuthModule } from '@adiuva/auth';
import { QuotaModule } from '@adiuva/quota';
import { BackupConfig } from './backup.config';
import { UploadReservations } from './uploads/upload-reservations.service';
import { BackupJobs } from './backup.jobs';
import { BackupMetrics } from './backup.metrics';
import { BackupRetention } from './retention/backup-retention.service';
import { BackupScrub } from './maintenance/backup-scrub.service';
import { BackupTrash } from './retention/backup-trash.service';
import { BackupErasure } from './backup.erasure';
import { BackupMaintenance } from './maintenance/backup-maintenance.service';
import { BackupUploads } from './uploads/backup-uploads.service';
import { Backups } from './backups/backups.service';
import { ScrubRequests } from './backups/scrub-requests.service';
import { BackupsStore } from './backups/backups.store';
import { ScrubStore } from './maintenance/scrub.store';
import { SingleRequestUpload } from './uploads/single-request-upload.service';
import { UploadCleanup } from './uploads/upload-cleanup.service';
import { UploadCompletion } from './uploads/upload-completion.service';
import { UploadsStore } from './uploads/uploads.store';

const FACES = [
  Backups,
  BackupTrash,
  BackupRetention,
  SingleRequestUpload,
  BackupUploads,
  UploadCleanup,
  UploadCompletion,
  BackupScrub,
  BackupErasure,
  BackupMaintenance,
  BackupJobs,
];

@Module({
  imports: [AuthModule, QuotaModule],
  providers: [
    provideSettings(BackupConfig),
    BackupsStore,
    UploadsStore,
    ScrubStore,
    UploadReservations,
    ScrubRequests,
    BackupMetrics,
    ...FACES,
  ],
  exports: FACES,
})
export class BackupModule {}
