import { Module } from '@nestjs/common';
import { provideSettings } from '@adiuva/config';
import { ServerConfig } from '@adiuva/config';
import { BlobConfig } from './blobs.config';
import { DiskBlobStore } from './disk/blobs.disk.adapter';
import { S3BlobStore } from './s3/blobs.s3.adapter';
import { BlobStore } from './blob-store.port';

@Module({
  providers: [
    provideSettings(BlobConfig),
    {
      provide: BlobStore,
      useFactory: (blobs: BlobConfig, server: ServerConfig): BlobStore =>
        blobs.s3
          ? new S3BlobStore(blobs.s3)
          : new DiskBlobStore({ root: blobs.root(server.DATA_DIR), fsync: blobs.BLOB_SYNC === 'fsync' }),
      inject: [BlobConfig, ServerConfig],
    },
  ],
  exports: [BlobConfig, BlobStore],
})
export class BlobsModule {}
