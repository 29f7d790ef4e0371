import { Module } from '@nestjs/common';
import { StorageModule } from '@adiuva/storage';
import { ChangesController } from './changes.controller';
import { RecordsController } from './records.controller';
import { QuotaPrecheckGuard } from './quota-precheck.guard';
import { StorageGateway } from './storage.gateway';

@Module({
  imports: [StorageModule],
  controllers: [RecordsController, ChangesController],
  providers: [QuotaPrecheckGuard, StorageGateway],
})
export class StorageRoutesModule {}
