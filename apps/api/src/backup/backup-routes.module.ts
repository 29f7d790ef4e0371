import { Module } from '@nestjs/common';
import { AuthModule } from '@adiuva/auth';
import { BackupModule } from '@adiuva/backup';
import { BackupController } from './backup.controller';
import { BackupDeletion } from './backup-deletion.service';
import { ChunkLimit } from './chunk-limit.service';
import { UploadsController } from './uploads.controller';

/** Uploads come first: their address would else be taken for the id of a backup. */
@Module({
  imports: [AuthModule, BackupModule],
  controllers: [UploadsController, BackupController],
  providers: [BackupDeletion, ChunkLimit],
})
export class BackupRoutesModule {}
