import type { BackupDownload, BackupMatch, RangeRequest } from '@adiuva/backup';
import type { BlobResponse } from '../edge/http/blob-response';
import { isKnown, rangeOf, type Validators } from '../edge/http/conditional-request';
import type { EdgeRequest } from '../edge/principal';

/** Decides by the request's conditions and range what of a backup to send. @throws Problem `range_not_satisfiable` */
export function requestedOf({ headers }: EdgeRequest): (found: BackupMatch) => RangeRequest {
  return (found) => {
    const validators = validatorsOf(found);
    return isKnown(headers, validators) ? 'nothing' : (rangeOf(headers, validators, found.backup.sizeBytes) ?? 'all');
  };
}

export function backupAnswer(reading: BackupDownload): BlobResponse {
  const { backup, bytes, range, modifiedAt } = reading;
  return {
    bytes,
    range,
    size: backup.sizeBytes,
    tag: validatorsOf(reading).etag,
    checksum: backup.checksum,
    modifiedAt,
    headers: {
      'X-Backup-Id': backup.id,
      'X-Backup-Version': backup.version,
      'X-Backup-Timestamp': String(backup.timestamp),
      'X-Backup-Checksum': backup.checksum,
    },
  };
}

/** Two backups of the same bytes have the same tag: a client that has those bytes has them. */
function validatorsOf({ backup, modifiedAt }: BackupMatch): Validators {
  return { etag: `"${backup.checksum}"`, modifiedAt };
}
