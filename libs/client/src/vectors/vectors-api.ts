import type {
  CollectionDto,
  DeletedDto,
  PutCollectionDto,
  UpsertedDto,
  VectorChangesDto,
  VectorHitsDto,
  VectorItemDto,
} from '../generated/types.gen';
import type { Http } from '../api/http';

export interface SketchQuery {
  readonly collection: string;
  readonly sketches: readonly { readonly epoch: number; readonly data: string }[];
  /** 1 to 200. */
  readonly top_k: number;
}

/** Sealed vectors as the server keeps them. `VectorCollection` is built on this; apps rarely need it. */
export class VectorsApi {
  constructor(private readonly http: Http) {}

  collections(): Promise<CollectionDto[]> {
    return this.http.json('GET', '/storage/vectors/collections');
  }

  collection(name: string): Promise<CollectionDto> {
    return this.http.json('GET', path(name));
  }

  /** With `onlyNew`, throws `ApiProblem` 412 when another device was first. */
  settle(name: string, settings: PutCollectionDto, onlyNew = false): Promise<CollectionDto> {
    return this.http.json('PUT', path(name), {
      body: settings,
      headers: { 'if-none-match': onlyNew ? '*' : undefined },
    });
  }

  async drop(name: string): Promise<void> {
    await this.http.json('DELETE', path(name));
  }

  upsert(vectors: readonly VectorItemDto[], signal?: AbortSignal): Promise<UpsertedDto> {
    return this.http.json('POST', '/storage/vectors/upsert', {
      body: { vectors },
      signal,
      background: true,
      idempotencyKey: crypto.randomUUID(),
    });
  }

  search(query: SketchQuery, signal?: AbortSignal): Promise<VectorHitsDto> {
    return this.http.json('POST', '/storage/vectors/search', { body: query, signal });
  }

  /** The plain form: items of the default collection with exactly these sealed bytes, in base64. */
  identical(queryBlob: string, topK = 10): Promise<VectorHitsDto> {
    return this.http.json('POST', '/storage/vectors/search', { body: { query_blob: queryBlob, top_k: topK } });
  }

  changes(
    query: { readonly collection: string; readonly cursor?: string; readonly limit?: number },
    signal?: AbortSignal,
  ): Promise<VectorChangesDto> {
    return this.http.json('GET', '/storage/vectors/changes', { query, signal, background: true });
  }

  delete(collection: string, ids: readonly string[]): Promise<DeletedDto> {
    return this.http.json('DELETE', '/storage/vectors', { body: { collection, ids } });
  }
}

function path(name: string): string {
  return `/storage/vectors/collections/${encodeURIComponent(name)}`;
}
