import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { ave1Keys, BitIndex, defaultBeta, encodeSketch, rerank, signBits, Sketcher } from '@adiuva/client';
import { ExactScan } from '../libs/vectors/src/scan/exact-scan';
import { decodeFloat16, float16Words } from '../libs/vectors/src/scan/float16';
import { ScanArena } from '../libs/vectors/src/scan/scan-arena';
import { sentences } from './brown-corpus';
import { embedAll, MODEL_DIM } from './sentence-model';

const DOCUMENTS = 20_200;
const QUERIES = 300;
const TOP = 10;
const FETCH = 100;
const SPEED_ROWS = 100_000;
const SPEED_DIM = 384;
const SPEED_QUERIES = 1_000;
const CACHE = join(__dirname, '../data/bench');

/** Wall-clock p50 and p99 in milliseconds; processor time tells how much of it was waiting for other programs. */
type Speed = [name: string, p50: number, p99: number, cpu: number];
type Recall = (fetched: readonly string[], truth: readonly string[]) => number;
interface Target {
  readonly id: string;
  readonly vector: Float32Array;
}

/** Recall on real sentences in both modes and of the plain SHA-256 form, and the speed of both scans at 100,000 x 384. */
export async function bench(): Promise<void> {
  const [documents, queries] = await corpus();
  const truth = queries.map((query) => idsOf(rerank(query.vector, documents, TOP)));
  const rows = [
    ['SHA-256 form', ...recalls(queries, truth, sha256Form(documents))],
    ['local (one bit)', ...recalls(queries, truth, localMode(documents))],
    ['sketch (AVE1)', ...recalls(queries, truth, sketchMode(documents))],
  ] as const;
  console.log(
    `recall@${TOP} against exact plaintext search: ${documents.length} Brown sentences, ${MODEL_DIM} dimensions, ${queries.length} queries`,
  );
  console.log('form              alone     fetch 50  fetch 100 fetch 200 (compared exactly on the client)');
  for (const [name, ...values] of rows)
    console.log(`${name.padEnd(18)}${values.map((value) => value.toFixed(4).padEnd(10)).join('')}`);
  const speed = speeds();
  console.log(
    `\n${SPEED_ROWS} x ${SPEED_DIM}, ${SPEED_QUERIES} queries, top ${FETCH}: p50 ms   p99 ms   p50 ms of processor time`,
  );
  for (const [name, p50, p99, cpu] of speed)
    console.log(`${name.padEnd(38)}${[p50, p99, cpu].map((ms) => ms.toFixed(2).padEnd(9)).join('')}`);
  const [, [, , , local] = [], [, , , sketch] = []] = rows;
  const [[, , server] = [], [, client] = []] = speed;
  const missed = [
    ...((local ?? 0) < 0.99 ? ['recall of local mode'] : []),
    ...((sketch ?? 0) < 0.99 ? ['recall of sketch mode'] : []),
    ...((server ?? Infinity) > 20 ? ['20 ms p99 on the server'] : []),
    ...((client ?? Infinity) > 10 ? ['10 ms p50 on the client'] : []),
  ];
  if (missed.length > 0) throw new Error(`not reached: ${missed.join(', ')}`);
}

/** Embeddings are made once and kept under data/, because the model takes minutes for 20,000 sentences. */
async function corpus(): Promise<[documents: Target[], queries: Target[]]> {
  const count = DOCUMENTS + QUERIES;
  const texts = sentences(count);
  const name = createHash('sha256').update(texts.join('\n')).digest('hex').slice(0, 16);
  const file = join(CACHE, `sentences-${name}.f32`);
  if (!existsSync(file)) {
    mkdirSync(CACHE, { recursive: true });
    const made = await embedAll(texts, (done) => console.log(`embedding ${done} of ${count} sentences`));
    writeFileSync(file, new Uint8Array(made.buffer));
  }
  const bytes = readFileSync(file);
  const numbers = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  const all = texts.map((_, i) => ({ id: String(i), vector: numbers.subarray(i * MODEL_DIM, (i + 1) * MODEL_DIM) }));
  // Every 67th is a query, so that queries come from all of the corpus.
  const isQuery = (i: number): boolean => i % 67 === 0 && i / 67 < QUERIES;
  return [all.filter((_, i) => !isQuery(i)), all.filter((_, i) => isQuery(i))];
}

/** Recall of the server's or index's own order, and after fetching 50, 100 and 200. */
function recalls(
  queries: readonly Target[],
  truth: readonly string[][],
  nearest: (query: Target, count: number) => string[],
): number[] {
  const sums = [0, 0, 0, 0];
  queries.forEach((query, i) => {
    const order = nearest(query, 200);
    [TOP, 50, FETCH, 200].forEach(
      (count, k) => (sums[k] = (sums[k] ?? 0) + recall(order.slice(0, count), truth[i] ?? [])),
    );
  });
  return sums.map((sum) => sum / queries.length);
}

const recall: Recall = (fetched, truth) => {
  const there = new Set(fetched);
  return truth.filter((id) => there.has(id)).length / truth.length;
};

/** The first plan: the SHA-256 of the ciphertext as 32 numbers; encryption makes every ciphertext new. */
function sha256Form(documents: readonly Target[]) {
  const hashed = (salt: string): Float32Array =>
    Float32Array.from(createHash('sha256').update(salt).digest(), (byte) => byte - 127.5);
  const items = documents.map(({ id }) => ({ id, vector: hashed(`doc ${id}`) }));
  return ({ id }: Target, count: number) => idsOf(rerank(hashed(`query ${id}`), items, count));
}

function localMode(documents: readonly Target[]) {
  const index = new BitIndex(MODEL_DIM);
  for (const { id, vector } of documents) index.set(id, signBits(vector));
  return ({ vector }: Target, count: number) => idsOf(index.nearest(vector, count));
}

/** Through the wire form, the server's exact scan included. */
function sketchMode(documents: readonly Target[]) {
  const sketcher = new Sketcher(
    ave1Keys(new Uint8Array(32).fill(7), 'use-lite', MODEL_DIM),
    MODEL_DIM,
    defaultBeta(MODEL_DIM),
  );
  const onTheWire = (domain: 'doc' | 'query', id: string, vector: Float32Array): Buffer =>
    Buffer.from(encodeSketch('ave1-f16', sketcher.sketch(domain, id, vector).sketch), 'base64');
  const scan = new ExactScan(new ScanArena(), MODEL_DIM);
  for (const { id, vector } of documents) scan.set(id, float16Words(onTheWire('doc', id, vector)));
  return ({ vector }: Target, count: number) =>
    idsOf(scan.nearest(decodeFloat16(onTheWire('query', '', vector)), count));
}

function speeds(): Speed[] {
  const scan = new ExactScan(new ScanArena(), SPEED_DIM);
  const index = new BitIndex(SPEED_DIM);
  for (let i = 0; i < SPEED_ROWS; i += 1) {
    const vector = gaussian();
    scan.set(String(i), Uint16Array.from(float16Words(Buffer.from(encodeSketch('ave1-f16', vector), 'base64'))));
    index.set(String(i), signBits(vector));
  }
  return [
    timed('server, exact scan in the process', (query) => scan.nearest(query, FETCH)),
    timed('client, one-bit index', (query) => index.nearest(query, FETCH)),
  ];
}

function timed(name: string, search: (query: Float32Array) => unknown): Speed {
  const queries = Array.from({ length: SPEED_QUERIES }, gaussian);
  const runs = queries.map((query) => {
    const before = process.cpuUsage();
    const started = performance.now();
    search(query);
    const wall = performance.now() - started;
    const { user, system } = process.cpuUsage(before);
    return { wall, cpu: (user + system) / 1000 };
  });
  const at = (share: number, of: (run: (typeof runs)[number]) => number): number =>
    runs.map(of).sort((a, b) => a - b)[Math.floor(SPEED_QUERIES * share)] ?? NaN;
  return [name, at(0.5, ({ wall }) => wall), at(0.99, ({ wall }) => wall), at(0.5, ({ cpu }) => cpu)];
}

/** A direction at random: the hardest case for the bound of the scan. */
function gaussian(): Float32Array {
  const scale = 1 / Math.sqrt(SPEED_DIM);
  return Float32Array.from(
    { length: SPEED_DIM },
    () => scale * Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random()),
  );
}

function idsOf(items: readonly { readonly id: string }[]): string[] {
  return items.map(({ id }) => id);
}
