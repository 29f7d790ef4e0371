import type { RecordSummary, RecordDownload, RangeRequest } from '@adiuva/storage';
import type { BlobResponse } from '../edge/http/blob-response';
import { isKnown, rangeOf, versionTag } from '../edge/http/conditional-request';
import type { EdgeRequest } from '../edge/principal';

/** Decides by `If-None-Match`, `Range` and `If-Range` what of a record to send. @throws Problem `range_not_satisfiable` */
export function requestedOf({ headers }: EdgeRequest): (record: RecordSummary) => RangeRequest {
  return (record) => {
    const validators = { etag: versionTag(record.version) };
    return isKnown(headers, validators) ? 'nothing' : (rangeOf(headers, validators, record.sizeBytes) ?? 'all');
  };
}

export function blobAnswer({ record, range, bytes }: RecordDownload): BlobResponse {
  return {
    bytes,
    range,
    size: record.sizeBytes,
    tag: versionTag(record.version),
    checksum: record.checksum,
    modifiedAt: record.updatedAt,
    headers: { 'X-Table': record.table, 'X-Version': String(record.version) },
  };
}
