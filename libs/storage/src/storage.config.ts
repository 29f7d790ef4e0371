import { setting, Settings } from '@adiuva/config';

const STORAGE = {
  RECORD_MAX_BYTES: setting.integer('Maximum bytes of one record', 25 * 1024 * 1024, {
    min: 1,
    max: 1024 * 1024 * 1024,
  }),
  RECORD_TOMBSTONE_DAYS: setting.integer(
    'Days for which the change feed keeps deletions and overwritten versions',
    90,
    { min: 1, max: 3_650 },
  ),
  BLOB_RELEASE_SECONDS: setting.integer(
    'Seconds until an object that was replaced or deleted is removed, so that reads in progress can end',
    60,
  ),
};

export class StorageConfig extends Settings('Storage', STORAGE) {}
