import { Module } from '@nestjs/common';
import { StorageModule } from '@adiuva/storage';
import { BatchReadController } from './batch-read.controller';
import { ChangesController } from './changes.controller';
import { RecordsController } from './records.controller';
import { QuotaPrecheckGuard } from './quota-precheck.guard';
import { StorageGateway } from './storage.gateway';

@Module({
  imports: [StorageModule],
  controllers: [BatchReadController, RecordsController, ChangesController],
  providers: [QuotaPrecheckGuard, StorageGateway],
})
export class StorageRoutesModule {}
