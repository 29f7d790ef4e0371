import { Module } from '@nestjs/common';
import { provideSettings } from '@adiuva/config';
import { QuotaModule } from '@adiuva/quota';
import { ChangeBell } from './change-bell.service';
import { FeedPurge } from './feed-purge.service';
import { ObjectRelease } from './object-release.service';
import { ObjectSweep } from './object-sweep.service';
import { RecordBatch } from './record-batch.service';
import { RecordBlobs } from './record-blobs.service';
import { RecordCommits } from './record-commits.service';
import { RecordFeed } from './record-feed.service';
import { Records } from './records.service';
import { RecordsStore } from './records.store';
import { StorageConfig } from './storage.config';
import { StorageJobs } from './storage.job';
import { StorageErasure } from './storage-erasure.service';

@Module({
  imports: [QuotaModule],
  providers: [
    provideSettings(StorageConfig),
    ChangeBell,
    FeedPurge,
    ObjectRelease,
    ObjectSweep,
    RecordBatch,
    RecordBlobs,
    RecordCommits,
    RecordFeed,
    Records,
    RecordsStore,
    StorageErasure,
    StorageJobs,
  ],
  exports: [
    Records,
    RecordBatch,
    RecordFeed,
    ObjectRelease,
    ObjectSweep,
    FeedPurge,
    StorageErasure,
    StorageJobs,
    StorageConfig,
    QuotaModule,
  ],
})
export class StorageModule {}
