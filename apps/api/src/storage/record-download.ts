import { parseRange } from '@adiuva/platform';
import type { RecordSummary, RecordDownload, RangeRequest } from '@adiuva/storage';
import type { BlobResponse } from '../edge/http/blob-response';
import type { EdgeRequest } from '../edge/principal';
import { isKnown, tagOf } from './versions';

/** Decides by `If-None-Match`, `Range` and `If-Range` what of a record to send. @throws Problem `range_not_satisfiable` */
export function wantedOf(request: EdgeRequest): (record: RecordSummary) => RangeRequest {
  return (record) => {
    if (isKnown(request.headers['if-none-match'], record.version)) return 'nothing';
    const ifRange = request.headers['if-range'];
    const stale = ifRange !== undefined && ifRange !== tagOf(record.version);
    return (stale ? null : parseRange(request.headers.range, record.sizeBytes)) ?? 'all';
  };
}

export function blobAnswer({ record, range, bytes }: RecordDownload): BlobResponse {
  return {
    bytes,
    range,
    size: record.sizeBytes,
    tag: tagOf(record.version),
    checksum: record.checksum,
    modifiedAt: record.updatedAt,
    headers: { 'X-Table': record.table, 'X-Version': String(record.version) },
  };
}
