import { z } from 'zod';
import { startJsonServer, type JsonAnswer, type JsonRequest, type JsonServer } from '../json-server';

/** What of Pinecone's control and data plane (API version 2026-04) an adapter of one dense index uses, with its refusals. */
export interface FakePinecone extends JsonServer {
  readonly apiKey: string;
  readonly index: string;
  /** Namespaces and the ids in them. */
  readonly namespaces: ReadonlyMap<string, ReadonlyMap<string, unknown>>;
  /** Answers every request with this status until set back to null. */
  failWith: number | null;
  /** The `x-request-id` of each request. */
  readonly requestIds: readonly unknown[];
}

interface Stored {
  readonly values: readonly number[];
  readonly metadata: Readonly<Record<string, unknown>>;
}

const Vector = z.object({
  id: z.string().min(1).max(512),
  values: z.array(z.number()),
  metadata: z.record(z.string(), z.unknown()).default({}),
});
const Upsert = z.object({ vectors: z.array(Vector).min(1).max(1000), namespace: z.string() });
const Condition = z.object({ $eq: z.union([z.string(), z.number(), z.boolean()]) });
const Query = z.object({
  vector: z.array(z.number()),
  topK: z.int().min(1).max(10_000),
  namespace: z.string(),
  filter: z.record(z.string(), Condition).default({}),
});
const Delete = z.object({
  ids: z.array(z.string()).max(1000).optional(),
  deleteAll: z.boolean().optional(),
  namespace: z.string(),
});

export async function startFakePinecone(dimension: number): Promise<FakePinecone> {
  const namespaces = new Map<string, Map<string, Stored>>();
  const state: { failWith: number | null } = { failWith: null };
  const requestIds: unknown[] = [];
  const plane = new Plane(namespaces, dimension);
  const server = await startJsonServer((request) => {
    requestIds.push(request.headers['x-request-id']);
    if (state.failWith !== null) return refusal(state.failWith, 'told to fail');
    if (request.headers['api-key'] !== 'pinecone-key') return refusal(401, 'Invalid API Key');
    if (request.headers['x-pinecone-api-version'] === undefined) return refusal(400, 'no API version');
    if (request.method === 'GET' && request.path === '/indexes/sketches')
      return { status: 200, body: describe(dimension, server.url) };
    return plane.answer(request);
  });
  return Object.defineProperties(
    { ...server, apiKey: 'pinecone-key', index: 'sketches', namespaces, requestIds, failWith: null },
    {
      failWith: { get: () => state.failWith, set: (status: number | null) => (state.failWith = status) },
    },
  );
}

class Plane {
  constructor(
    private readonly namespaces: Map<string, Map<string, Stored>>,
    private readonly dimension: number,
  ) {}

  answer(request: JsonRequest): JsonAnswer {
    switch (`${request.method} ${request.path}`) {
      case 'POST /vectors/upsert':
        return this.upsert(Upsert.parse(request.body));
      case 'POST /query':
        return this.query(Query.parse(request.body));
      case 'POST /vectors/delete':
        return this.delete(Delete.parse(request.body));
      case 'GET /vectors/list':
        return this.list(request.query);
      case 'POST /describe_index_stats':
        return {
          status: 200,
          body: { namespaces: {}, dimension: this.dimension, indexFullness: 0, totalVectorCount: 0 },
        };
      default:
        return refusal(404, `no route ${request.method} ${request.path}`);
    }
  }

  private upsert({ vectors, namespace }: z.infer<typeof Upsert>): JsonAnswer {
    const wrong = vectors.find(({ values }) => values.length !== this.dimension);
    if (wrong)
      return refusal(
        400,
        `Vector dimension ${wrong.values.length} does not match the dimension of the index ${this.dimension}`,
      );
    if (vectors.some(({ values }) => values.every((value) => value === 0)))
      return refusal(400, 'Dense vectors must contain at least one non-zero value');
    const known = this.namespaces.get(namespace) ?? new Map<string, Stored>();
    this.namespaces.set(namespace, known);
    for (const { id, values, metadata } of vectors) known.set(id, { values, metadata });
    return { status: 200, body: { upsertedCount: vectors.length } };
  }

  private query({ vector, topK, namespace, filter }: z.infer<typeof Query>): JsonAnswer {
    if (vector.length !== this.dimension) return refusal(400, 'wrong dimension');
    const matches = [...(this.namespaces.get(namespace) ?? [])]
      .filter(([, { metadata }]) => Object.entries(filter).every(([key, { $eq }]) => metadata[key] === $eq))
      .map(([id, { values }]) => ({ id, score: cosine(vector, values), values: [] }))
      .sort((a, b) => b.score - a.score)
      .slice(0, topK);
    return { status: 200, body: { matches, namespace, usage: { readUnits: 1 } } };
  }

  private delete({ ids, deleteAll, namespace }: z.infer<typeof Delete>): JsonAnswer {
    const known = this.namespaces.get(namespace);
    if (!known) return refusal(404, 'Namespace not found');
    if (deleteAll === true) this.namespaces.delete(namespace);
    for (const id of ids ?? []) known.delete(id);
    return { status: 200, body: {} };
  }

  /** Pages of `limit` ids; the token is where the next page starts. */
  private list(query: URLSearchParams): JsonAnswer {
    const ids = [...(this.namespaces.get(query.get('namespace') ?? '')?.keys() ?? [])]
      .filter((id) => id.startsWith(query.get('prefix') ?? ''))
      .sort();
    const start = Number(query.get('paginationToken') ?? 0);
    const end = start + Number(query.get('limit') ?? 100);
    const pagination = end < ids.length ? { pagination: { next: String(end) } } : {};
    return { status: 200, body: { vectors: ids.slice(start, end).map((id) => ({ id })), ...pagination } };
  }
}

function describe(dimension: number, host: string): unknown {
  const spec = { serverless: { cloud: 'aws', region: 'eu-west-1' } };
  return {
    name: 'sketches',
    dimension,
    metric: 'cosine',
    host,
    vector_type: 'dense',
    spec,
    status: { ready: true, state: 'Ready' },
  };
}

function refusal(status: number, message: string): JsonAnswer {
  return { status, body: { code: 3, message, details: [], error: { code: 'INVALID_ARGUMENT', message }, status } };
}

function cosine(a: readonly number[], b: readonly number[]): number {
  const dot = (x: readonly number[], y: readonly number[]) => x.reduce((sum, value, i) => sum + value * (y[i] ?? 0), 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}
