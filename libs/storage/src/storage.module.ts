import { Module } from '@nestjs/common';
import { provideSettings } from '@adiuva/config';
import { AuthModule } from '@adiuva/auth';
import { QuotaModule } from '@adiuva/quota';
import { ChangeNotifier } from './change-notifier.service';
import { ChangeRetention } from './changes/change-retention.service';
import { ReleasedObjectCleaner } from './objects/released-object-cleaner.service';
import { OrphanCollector } from './objects/orphan-collector.service';
import { RecordBatch } from './records/record-batch.service';
import { RecordBlobs } from './records/record-blobs.service';
import { RecordReader } from './records/record-reader.service';
import { RecordWriter } from './records/record-writer.service';
import { ChangeFeed } from './changes/change-feed.service';
import { Records } from './records/records.service';
import { RecordsStore } from './records/records.store';
import { StorageConfig } from './storage.config';
import { StorageJobs } from './storage.jobs';
import { StorageErasure } from './storage.erasure';
import { SyncFeed } from './sync-feed.service';

@Module({
  imports: [AuthModule, QuotaModule],
  providers: [
    provideSettings(StorageConfig),
    ChangeNotifier,
    ChangeRetention,
    ReleasedObjectCleaner,
    OrphanCollector,
    RecordBatch,
    RecordBlobs,
    RecordReader,
    RecordWriter,
    ChangeFeed,
    Records,
    RecordsStore,
    StorageErasure,
    StorageJobs,
    SyncFeed,
  ],
  exports: [
    Records,
    RecordBatch,
    RecordReader,
    SyncFeed,
    ChangeFeed,
    ReleasedObjectCleaner,
    OrphanCollector,
    ChangeRetention,
    StorageErasure,
    StorageJobs,
    StorageConfig,
    QuotaModule,
  ],
})
export class StorageModule {}
