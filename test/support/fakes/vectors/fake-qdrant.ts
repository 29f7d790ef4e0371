import { z } from 'zod';
import { startJsonServer, type JsonAnswer, type JsonRequest, type JsonServer } from '../json-server';

/** What of Qdrant's REST interface (1.18) an adapter with payload filters uses, with its refusals. */
export interface FakeQdrant extends JsonServer {
  readonly collections: ReadonlyMap<string, FakeCollection>;
  lose(name: string): void;
  lastRequestId(): string | undefined;
  lastPath(): string;
}

interface FakeCollection {
  readonly size: number;
  readonly indexed: Set<string>;
  readonly points: Map<string, Stored>;
}

interface Stored {
  readonly vector: readonly number[];
  readonly payload: Readonly<Record<string, unknown>>;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const Create = z.object({ vectors: z.object({ size: z.int().positive(), distance: z.literal('Cosine') }) });
const Point = z.object({
  id: z.string().regex(UUID),
  vector: z.array(z.number()),
  payload: z.record(z.string(), z.unknown()),
});
const Filter = z.object({
  must: z
    .array(z.object({ key: z.string(), match: z.object({ value: z.union([z.string(), z.int(), z.boolean()]) }) }))
    .min(1),
});
const Query = z.object({
  query: z.array(z.number()),
  limit: z.int().min(1),
  filter: Filter,
  params: z.object({ exact: z.boolean() }),
});
const Delete = z.union([z.object({ points: z.array(z.string().regex(UUID)) }), z.object({ filter: Filter })]);

const ROUTE = /^\/collections\/([^/]+)(\/.*)?$/;

export async function startFakeQdrant(): Promise<FakeQdrant> {
  const collections = new Map<string, FakeCollection>();
  let requestId: string | undefined;
  let path = '';
  const server = await startJsonServer((request) => {
    path = request.path;
    requestId = String(request.headers['x-request-id']);
    if (request.headers['api-key'] !== 'qdrant-key')
      return { status: 401, body: { status: { error: 'Must provide an API key' }, time: 0 } };
    if (request.method === 'GET' && request.path === '/collections')
      return ok({ collections: [...collections.keys()].map((name) => ({ name })) });
    const [, name = '', rest = ''] = ROUTE.exec(request.path) ?? [];
    return answer(collections, name, `${request.method} ${rest}`, request);
  });
  return {
    ...server,
    collections,
    lose: (name) => void collections.delete(name),
    lastRequestId: () => requestId,
    lastPath: () => path,
  };
}

function answer(
  collections: Map<string, FakeCollection>,
  name: string,
  route: string,
  request: JsonRequest,
): JsonAnswer {
  const known = collections.get(name);
  if (route === 'GET /exists') return ok({ exists: known !== undefined });
  if (route === 'PUT ') {
    if (known) return refusal(409, `Collection \`${name}\` already exists!`);
    collections.set(name, { size: Create.parse(request.body).vectors.size, indexed: new Set(), points: new Map() });
    return ok(true);
  }
  if (!known) return refusal(404, `Collection \`${name}\` doesn't exist!`);
  switch (route) {
    case 'PUT /index':
      known.indexed.add(z.object({ field_name: z.string() }).parse(request.body).field_name);
      return ok({ operation_id: 0, status: 'completed' });
    case 'PUT /points':
      return upsert(known, z.object({ points: z.array(Point).min(1) }).parse(request.body).points);
    case 'POST /points/query':
      return query(known, Query.parse(request.body));
    case 'POST /points/delete':
      return remove(known, Delete.parse(request.body));
    default:
      return refusal(404, `no route ${route}`);
  }
}

function upsert(collection: FakeCollection, points: readonly z.infer<typeof Point>[]): JsonAnswer {
  if (points.some(({ vector }) => vector.length !== collection.size))
    return refusal(400, 'Wrong input: Vector dimension error');
  for (const { id, vector, payload } of points) collection.points.set(id, { vector, payload });
  return ok({ operation_id: 1, status: 'completed' });
}

function query(collection: FakeCollection, { query: vector, limit, filter }: z.infer<typeof Query>): JsonAnswer {
  if (vector.length !== collection.size) return refusal(400, 'Wrong input: Vector dimension error');
  const points = [...collection.points]
    .filter(([, point]) => matches(filter, point))
    .map(([id, point]) => ({
      id,
      version: 1,
      score: cosine(vector, point.vector),
      payload: { id: point.payload['id'] },
    }))
    .sort((a, b) => b.score - a.score)
    .slice(0, limit);
  return ok({ points });
}

function remove(collection: FakeCollection, selector: z.infer<typeof Delete>): JsonAnswer {
  for (const [id, point] of collection.points) {
    if ('points' in selector ? selector.points.includes(id) : matches(selector.filter, point))
      collection.points.delete(id);
  }
  return ok({ operation_id: 2, status: 'completed' });
}

function matches(filter: z.infer<typeof Filter>, { payload }: Stored): boolean {
  return filter.must.every(({ key, match }) => payload[key] === match.value);
}

/** Qdrant normalises for cosine; a vector of no length keeps the product 0. */
function cosine(a: readonly number[], b: readonly number[]): number {
  const dot = (x: readonly number[], y: readonly number[]) => x.reduce((sum, value, i) => sum + value * (y[i] ?? 0), 0);
  const lengths = Math.sqrt(dot(a, a) * dot(b, b));
  return lengths === 0 ? 0 : dot(a, b) / lengths;
}

function ok(result: unknown): JsonAnswer {
  return { status: 200, body: { result, status: 'ok', time: 0.001 } };
}

function refusal(status: number, error: string): JsonAnswer {
  return { status, body: { status: { error }, time: 0.001 } };
}
