import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { ave1Keys, BitIndex, defaultBeta, encodeSketch, rerank, signBits, Sketcher } from '@adiuva/client';
import { ExactScan } from '../libs/vectors/src/scan/exact-scan';
import { decodeFloat16, float16Words } from '../libs/vectors/src/scan/float16';
import { ScanArena } from '../libs/vectors/src/scan/scan-arena';
import { sentences } from './brown-corpus';
import { quantile } from './load';
import type { Report } from './report';
import { embedAll, MODEL_DIM } from './sentence-model';

const DOCUMENTS = 20_200;
const QUERIES = 300;
const TOP = 10;
const FETCH = 100;
const MIN_RECALL = 0.99;
const SPEED_ROWS = 100_000;
const SPEED_DIM = 384;
const SPEED_QUERIES = 1_000;
const CACHE = join(__dirname, '../data/bench');

/** Wall-clock p50 and p99 in milliseconds; the median processor time tells how much of it was waiting for other programs. */
interface Speed {
  readonly p50: number;
  readonly p99: number;
  readonly cpu: number;
}

type Recall = (fetched: readonly string[], truth: readonly string[]) => number;
interface Target {
  readonly id: string;
  readonly vector: Float32Array;
}

/** Recall on real sentences in both modes and of the plain SHA-256 form, and the speed of both scans at 100,000 x 384. */
export async function bench(report: Report): Promise<void> {
  const [documents, queries] = await corpus(report);
  const truth = queries.map((query) => idsOf(rerank(query.vector, documents, TOP)));
  const modes = [
    ['SHA-256 form', ...recalls(queries, truth, sha256Form(documents))],
    ['local (one bit)', ...recalls(queries, truth, localMode(documents))],
    ['sketch (AVE1)', ...recalls(queries, truth, sketchMode(documents))],
  ] as const;
  report.note(
    `${documents.length} Brown sentences, ${MODEL_DIM} dimensions, ${queries.length} queries; recall alone and of 50, 100, 200 compared exactly`,
  );
  for (const [name, alone, of50, of100, of200] of modes)
    report.note(`${name}: ${[alone, of50, of100, of200].map((value) => value?.toFixed(4)).join(' ')}`);
  const [[, ...sha] = [], [, ...local] = [], [, ...sketch] = []] = modes;
  const peer = { name: 'SHA-256 form', value: sha[2] ?? Number.NaN };
  report.min(`recall@${TOP} of ${FETCH} fetched, local mode`, local[2] ?? 0, MIN_RECALL, { unit: 'share', peer });
  report.min(`recall@${TOP} of ${FETCH} fetched, sketch mode`, sketch[2] ?? 0, MIN_RECALL, { unit: 'share', peer });
  const rows = report.size(SPEED_ROWS, SPEED_ROWS / 10);
  const [few, many] = [speeds(rows / 10, report), speeds(rows, report)];
  const scanned = `exact scan of ${rows} x ${SPEED_DIM}`;
  report.max(`${scanned} on the server, p99`, many.server.p99, 20, { unit: 'ms' });
  report.max(`one-bit index of ${rows} x ${SPEED_DIM} on the client, p50`, many.client.p50, 10, {
    unit: 'ms',
  });
  const tenth = { name: 'a tenth of the rows', value: few.server.cpu };
  report.max(`${scanned}, processor time, p50`, many.server.cpu, 12 * few.server.cpu, { unit: 'ms', peer: tenth });
}

/** Embeddings are made once and kept under data/, because the model takes minutes for 20,000 sentences. */
async function corpus(report: Report): Promise<[documents: Target[], queries: Target[]]> {
  const asked = report.size(QUERIES, 3);
  const count = report.size(DOCUMENTS, 200) + asked;
  const texts = sentences(count);
  const name = createHash('sha256').update(texts.join('\n')).digest('hex').slice(0, 16);
  const file = join(CACHE, `sentences-${name}.f32`);
  if (!existsSync(file)) {
    mkdirSync(CACHE, { recursive: true });
    const made = await embedAll(texts, (done) => report.note(`embedding ${done} of ${count} sentences`));
    writeFileSync(file, new Uint8Array(made.buffer));
  }
  const bytes = readFileSync(file);
  const numbers = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  const all = texts.map((_, i) => ({ id: String(i), vector: numbers.subarray(i * MODEL_DIM, (i + 1) * MODEL_DIM) }));
  // Every 67th is a query, so that queries come from all of the corpus.
  const isQuery = (i: number): boolean => i % 67 === 0 && i / 67 < asked;
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

function speeds(rows: number, report: Report): { server: Speed; client: Speed } {
  const scan = new ExactScan(new ScanArena(), SPEED_DIM);
  const index = new BitIndex(SPEED_DIM);
  for (let i = 0; i < rows; i += 1) {
    const vector = gaussian();
    scan.set(String(i), Uint16Array.from(float16Words(Buffer.from(encodeSketch('ave1-f16', vector), 'base64'))));
    index.set(String(i), signBits(vector));
  }
  const queries = report.size(SPEED_QUERIES, 20);
  return {
    server: timed(queries, (query) => scan.nearest(query, FETCH)),
    client: timed(queries, (query) => index.nearest(query, FETCH)),
  };
}

function timed(count: number, search: (query: Float32Array) => unknown): Speed {
  const runs = Array.from({ length: count }, gaussian).map((query) => {
    const before = process.cpuUsage();
    const started = performance.now();
    search(query);
    const wall = performance.now() - started;
    const { user, system } = process.cpuUsage(before);
    return { wall, cpu: (user + system) / 1000 };
  });
  const at = (share: number, of: (run: (typeof runs)[number]) => number): number =>
    quantile(
      runs.map(of).sort((a, b) => a - b),
      share,
    );
  return { p50: at(0.5, ({ wall }) => wall), p99: at(0.99, ({ wall }) => wall), cpu: at(0.5, ({ cpu }) => cpu) };
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
