import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { norm } from '../../libs/client/src/ave1/noise';
import { ave1Keys, defaultBeta, Sketcher, unitVector } from '../../libs/client/src/ave1/sketcher';
import { cosine, rerank } from '../../libs/client/src/search/rerank';

const DIM = 512;
const QUERIES = 40;
// 1,240 sentences of the Brown corpus through the Universal Sentence Encoder, as int8.
const bytes = readFileSync(join(__dirname, 'vectors', 'sentences-512.i8'));
const sentences = Array.from({ length: bytes.length / DIM }, (_, row) =>
  unitVector(new Int8Array(bytes.buffer, bytes.byteOffset + row * DIM, DIM), DIM),
);
const queries = sentences.slice(0, QUERIES);
const documents = sentences.slice(QUERIES).map((vector, i) => ({ id: String(i), vector }));
const keys = ave1Keys(new Uint8Array(32).fill(9), 'use-lite', DIM);

function idsOf(ranked: readonly { readonly id: string }[]): string[] {
  return ranked.map(({ id }) => id);
}

test('at the default blur the best ten lie among the hundred that the server fetches', () => {
  const sketcher = new Sketcher(keys, DIM, defaultBeta(DIM));
  const sketches = documents.map(({ id, vector }) => ({ id, vector: sketcher.sketch('doc', id, vector).sketch }));
  let found = 0;
  for (const query of queries) {
    const truth = idsOf(rerank(query, documents, 10));
    const fetched = new Set(idsOf(rerank(sketcher.sketch('query', '', query).sketch, sketches, 100)));
    found += truth.filter((id) => fetched.has(id)).length;
  }
  expect(found / (10 * QUERIES)).toBeGreaterThanOrEqual(0.99);
});

test('the rotation keeps lengths and angles', () => {
  const sketcher = new Sketcher(keys, DIM, 0);
  const [a, b] = [documents[0], documents[1]].map((item) => item?.vector ?? []);
  const [ra, rb] = [a, b].map((vector) => sketcher.sketch('doc', 'x', vector ?? []).rotated);
  expect(norm(ra ?? [])).toBeCloseTo(1, 12);
  expect(cosine(ra ?? [], rb ?? [])).toBeCloseTo(cosine(a ?? [], b ?? []), 12);
});

test('the blur lies within a quarter of beta, and mostly near its rim', () => {
  const beta = defaultBeta(DIM);
  const sketcher = new Sketcher(keys, DIM, beta);
  const lengths = documents.slice(0, 200).map(({ id, vector }) => {
    const { rotated, sketch } = sketcher.sketch('doc', id, vector);
    return norm(sketch.map((value, i) => value - (rotated[i] ?? 0)));
  });
  expect(Math.max(...lengths)).toBeLessThanOrEqual(beta / 4000 + 1e-6);
  expect(Math.min(...lengths)).toBeGreaterThan((beta / 4000) * 0.95);
});

// Section 5, A6: if beta were not bound to the noise, the difference of two sketches of one item would be its noise, and the rest the vector.
test('two sketches of one item at two betas do not give the rotated vector away', () => {
  const vector = documents[5]?.vector ?? [];
  const [weak, strong] = [2000, 3000].map((beta) => new Sketcher(keys, DIM, beta).sketch('doc', 'item', vector));
  const attacked = (weak?.sketch ?? new Float32Array()).map((value, i) => 3 * value - 2 * (strong?.sketch[i] ?? 0));
  expect(cosine(attacked, weak?.rotated ?? [])).toBeLessThan(0.6);
  expect(cosine(weak?.sketch ?? [], weak?.rotated ?? [])).toBeGreaterThan(0.85);
});
