import { createHash } from 'node:crypto';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { paidUser } from '../../bench/paid-user';
import { BenchServer, freePort } from '../../bench/server';

const MIB = 1024 * 1024;
const CHUNK = 8 * MIB;
const SIZE = Number(process.argv[3] ?? 2_000_000_000);
const COUNT = Math.ceil(SIZE / CHUNK);
const KILL_AT = Math.floor(COUNT * 0.6);
const READY_MS = 60_000;

/**
 * `npm run test:chaos -- backup [BYTES]`: a backup in chunks, one in flight, the server killed with -9 in the middle of the chunk at 60 %,
 * started again, and the upload resumed. At most that chunk goes over the wire twice, and the whole comes back byte for byte.
 */
export async function chaos(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'adiuva-chaos-'));
  const port = await freePort();
  let child = await start(dataDir, port);
  const server = new BenchServer(`http://127.0.0.1:${port}`, child, dataDir);
  try {
    const token = await paidUser(server);
    const call = caller(server.url, token);
    const upload = await call('POST', '/backup/uploads', {
      version: 'chaos',
      timestamp: 0,
      checksum: await wholeChecksum(),
      size_bytes: SIZE,
      chunk_size: CHUNK,
    });
    const id = String(upload['id']);
    for (let n = 0; n < KILL_AT; n += 1) await sendChunk(server.url, token, id, n);
    const cut = sendChunk(server.url, token, id, KILL_AT).then(
      () => 'answered',
      () => 'cut',
    );
    await pause(2);
    child.kill('SIGKILL');
    const lastChunk = await cut;
    child = await start(dataDir, port);
    const missing = await missingOf(call, id);
    for (const n of missing) await sendChunk(server.url, token, id, n);
    const begun = performance.now();
    await call('POST', `/backup/uploads/${id}/complete`);
    const completeMs = Math.round(performance.now() - begun);
    const resent = KILL_AT + 1 + missing.length - COUNT;
    const identical = (await downloaded(server.url, token)) === (await wholeChecksum());
    process.stdout.write(
      `${JSON.stringify({ bytes: SIZE, chunks: COUNT, killed_in: KILL_AT, last_chunk: lastChunk, resent_chunks: resent, complete_ms: completeMs, identical })}\n`,
    );
    if (resent > 1 || !identical) throw new Error('the backup did not survive as promised');
  } finally {
    child.kill('SIGKILL');
    await pause(1_000);
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
  }
}

type Call = (method: string, path: string, body?: object) => Promise<Record<string, unknown>>;

function caller(url: string, token: string): Call {
  return async (method, path, body) => {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (!response.ok) throw new Error(`${method} ${path} was answered ${response.status}`);
    return (await response.json()) as Record<string, unknown>;
  };
}

async function missingOf(call: Call, id: string): Promise<readonly number[]> {
  const { missing } = await call('GET', `/backup/uploads/${id}`);
  return Array.isArray(missing) ? missing.map(Number) : [];
}

/** The bytes of a chunk follow from its number, so that nothing large is kept. */
function chunk(n: number): Buffer<ArrayBuffer> {
  const bytes = Buffer.alloc(Math.min(CHUNK, SIZE - n * CHUNK));
  const seed = createHash('sha256').update(String(n)).digest();
  for (let at = 0; at < bytes.length; at += 32) seed.copy(bytes, at);
  bytes.writeUInt32BE(n, 0);
  return bytes;
}

async function wholeChecksum(): Promise<string> {
  const hash = createHash('sha256');
  for (let n = 0; n < COUNT; n += 1) {
    hash.update(chunk(n));
    if (n % 16 === 0) await pause(0);
  }
  return hash.digest('hex');
}

async function sendChunk(url: string, token: string, id: string, n: number): Promise<void> {
  const bytes = chunk(n);
  const checksum = createHash('sha256').update(bytes).digest('hex');
  const response = await fetch(`${url}/api/v1/backup/uploads/${id}/chunks/${n}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream', 'x-checksum': checksum },
    body: bytes,
  });
  if (!response.ok) throw new Error(`chunk ${n} was answered ${response.status}`);
  await response.arrayBuffer();
}

async function downloaded(url: string, token: string): Promise<string> {
  const response = await fetch(`${url}/api/v1/backup`, { headers: { authorization: `Bearer ${token}` } });
  const hash = createHash('sha256');
  for await (const bytes of response.body ?? []) hash.update(bytes);
  return hash.digest('hex');
}

async function start(dataDir: string, port: number): Promise<ChildProcess> {
  const child = spawn(process.execPath, [resolve(__dirname, '../../dist/apps/api/src/start.js')], {
    env: { ...process.env, PORT: String(port), DATA_DIR: dataDir, LOG_LEVEL: 'warn', RATE_LIMIT_TEAM: '100' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const end = Date.now() + READY_MS;
  const up = () =>
    fetch(`http://127.0.0.1:${port}/api/v1/health/ready`).then(
      (response) => response.ok,
      () => false,
    );
  while (!(await up())) {
    if (Date.now() > end || child.exitCode !== null) throw new Error('the server did not start; is it built?');
    await pause(100);
  }
  return child;
}
