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
      useFactory: (blobs: BlobConfig, server: ServerConfig): BlobStore => openBlobStore(blobs, server.DATA_DIR),
      inject: [BlobConfig, ServerConfig],
    },
  ],
  exports: [BlobConfig, BlobStore],
})
export class BlobsModule {}

/** The bucket or the folder that the configuration names. */
export function openBlobStore(config: BlobConfig, dataDir: string): BlobStore {
  if (config.s3) return new S3BlobStore(config.s3);
  return new DiskBlobStore({ root: config.root(dataDir), fsync: config.BLOB_SYNC === 'fsync' });
}
