import { checksum, owned, type Bytes } from '../crypto/bytes';
import type {
  BatchResultDto,
  ChangesDto,
  CreatedRecordDto,
  RecordDto,
  StorageUsageDto,
  UpdatedRecordDto,
} from '../generated/types.gen';
import type { Http } from '../api/http';

export interface DownloadedRecord {
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
  | { readonly op: 'delete'; readonly id: string; readonly if_match?: number };

/** What arrived is not what was sent: its checksum differs. */
export class DamagedDownload extends Error {
  constructor() {
    super('the bytes that arrived do not match their checksum');
    this.name = 'DamagedDownload';
  }
}

/** Sealed records as the server keeps them. `RecordSync` stands on this; apps rarely need it. */
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

  /** Throws `DamagedDownload` rather than give out other bytes than were stored. */
  async read(id: string, signal?: AbortSignal): Promise<DownloadedRecord> {
    const response = await this.http.send('GET', `/storage/records/${id}`, { signal });
    const bytes = owned(new Uint8Array(await response.arrayBuffer()));
    if ((await checksum(bytes)) !== response.headers.get('x-checksum')) throw new DamagedDownload();
    return { bytes, version: Number(/\d+/.exec(response.headers.get('etag') ?? '')?.[0] ?? NaN) };
  }

  async remove(id: string, version?: number): Promise<void> {
    await this.http.json('DELETE', `/storage/records/${id}`, {
      headers: { 'if-match': version === undefined ? undefined : `"${version}"` },
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
      idempotencyKey: crypto.randomUUID(),
    });
  }

  changes(
    query: { readonly cursor?: string; readonly limit?: number; readonly table?: string },
    signal?: AbortSignal,
  ): Promise<ChangesDto> {
    return this.http.json('GET', '/storage/changes', { query, signal });
  }

  usage(): Promise<StorageUsageDto> {
    return this.http.json('GET', '/storage/usage');
  }
}
