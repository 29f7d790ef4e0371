import { checksum, concat, type Bytes } from '../crypto/bytes';
import { ConnectionProblem } from '../client-error';
import { rangedDownload } from '../api/ranged-download';
import type {
  BatchReadResultDto,
  BatchResultDto,
  ChangesDto,
  CreatedRecordDto,
  RecordDto,
  StorageUsageDto,
  UpdatedRecordDto,
} from '../generated/types.gen';
import type { Http } from '../api/http';

export interface DownloadedRecord {
  readonly table: string;
  readonly bytes: Bytes;
  readonly version: number;
}

/** One operation of a batch; the bytes are sealed and in base64. */
export type RecordOperation =
  | {
      readonly op: 'create';
      readonly id: string;
      readonly table: string;
      readonly blob: string;
      readonly checksum: string;
    }
  | {
      readonly op: 'update';
      readonly id: string;
      readonly blob: string;
      readonly checksum: string;
      readonly if_match?: number;
    }
  | { readonly op: 'delete'; readonly id: string; readonly if_match?: number; readonly tombstone?: string };

/** Sealed records as the server keeps them. `RecordSync` is built on this; apps rarely need it. */
export class RecordsApi {
  constructor(private readonly http: Http) {}

  /** `id` is a UUID of the client's, so that a repeat after a lost answer makes nothing twice. */
  async create(table: string, id: string, sealed: Bytes, signal?: AbortSignal): Promise<CreatedRecordDto> {
    const headers = { 'x-table': table, 'x-record-id': id, 'x-checksum': await checksum(sealed) };
    return this.http.json('POST', '/storage/records', {
      bytes: sealed,
      headers,
      signal,
      idempotencyKey: crypto.randomUUID(),
    });
  }

  /** With `version`, throws `ApiProblem` 412 when the record has another one. */
  async replace(id: string, sealed: Bytes, version?: number, signal?: AbortSignal): Promise<UpdatedRecordDto> {
    const headers = {
      'x-checksum': await checksum(sealed),
      'if-match': version === undefined ? undefined : `"${version}"`,
    };
    return this.http.json('PUT', `/storage/records/${id}`, { bytes: sealed, headers, signal });
  }

  /** Continues by `Range` when the connection breaks. Throws `ConnectionProblem` `damaged` rather than give other bytes than were stored. */
  async read(id: string, signal?: AbortSignal): Promise<DownloadedRecord> {
    const { headers, bytes } = await rangedDownload(this.http, `/storage/records/${id}`, signal);
    const parts: Uint8Array[] = [];
    for await (const part of bytes) parts.push(part);
    const whole = concat(...parts);
    if ((await checksum(whole)) !== headers.get('x-checksum'))
      throw new ConnectionProblem('damaged', 'The bytes that arrived do not match their checksum');
    const table = headers.get('x-table') ?? '';
    return { bytes: whole, table, version: Number(/\d+/.exec(headers.get('etag') ?? '')?.[0] ?? NaN) };
  }

  /** Up to 100 records and 8 MiB; `rest` has the ids that did not fit. */
  readMany(ids: readonly string[], signal?: AbortSignal): Promise<BatchReadResultDto> {
    const call = { body: { ids }, signal, readOnly: true, background: true };
    return this.http.json('POST', '/storage/records/batch-read', call);
  }

  /** `tombstone` proves the deletion to other devices, which otherwise keep the record. */
  async remove(id: string, version?: number, tombstone?: string): Promise<void> {
    await this.http.json('DELETE', `/storage/records/${id}`, {
      headers: { 'if-match': version === undefined ? undefined : `"${version}"`, 'x-tombstone': tombstone },
    });
  }

  list(query: { readonly table?: string; readonly page?: number; readonly limit?: number } = {}): Promise<RecordDto[]> {
    return this.http.json('GET', '/storage/records', { query });
  }

  /** Up to 500 operations; each stands alone and has its own status. */
  batch(operations: readonly RecordOperation[], signal?: AbortSignal): Promise<BatchResultDto> {
    return this.http.json('POST', '/storage/records/batch', {
      body: { operations },
      signal,
      background: true,
      idempotencyKey: crypto.randomUUID(),
    });
  }

  changes(
    query: {
      readonly cursor?: string;
      readonly limit?: number;
      readonly table?: string;
      /** Brings the bytes of small records along. */
      readonly include?: 'blobs';
    },
    signal?: AbortSignal,
  ): Promise<ChangesDto> {
    return this.http.json('GET', '/storage/changes', { query, signal, background: true });
  }

  usage(): Promise<StorageUsageDto> {
    return this.http.json('GET', '/storage/usage');
  }
}
