import { Module } from '@nestjs/common';
import { StorageModule } from '@adiuva/storage';
import { ChangesController } from './changes.controller';
import { RecordsController } from './records.controller';
import { RoomGuard } from './room.guard';
import { StorageGateway } from './storage.gateway';

@Module({
  imports: [StorageModule],
  controllers: [RecordsController, ChangesController],
  providers: [RoomGuard, StorageGateway],
})
export class StorageRoutesModule {}
