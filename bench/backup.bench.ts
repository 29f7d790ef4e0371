import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, readFileSync, rmSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { median } from './load';
import { Nginx } from './nginx';
import { paidUser } from './paid-user';
import type { Report } from './report';
import { freePort, PASSWORD, startServer, type BenchServer } from './server';

const MIB = 1024 * 1024;
const SIZE = 256 * MIB;
const ROUNDS = 9;
const MIN_PUT = 0.8;
const MIN_GET = 0.9;
const MAX_GROWTH_MIB = 64;
const SMALL = 64 * MIB;
const LARGE = 5_000_000_000;

/** The same 8 MiB again and again, so that the client costs as little as it can. */
const PIECE = randomBytes(8 * MIB);

/**
 * One file of 256 MiB to us and to nginx (DAV) and back, by turns, over loopback, by the same client, which proves every body with SHA-256 in
 * the pass in which it reads it; what nginx has stored is proved from its file. Then how much memory 64 MiB and 5 GB take.
 * nginx does not sync what it stores; so neither do we in the comparison, and once more with it.
 */
export async function bench(report: Report): Promise<void> {
  const { small, large } = await growth(report.size(LARGE, SMALL));
  report.max('growth of memory, a backup of 64 MiB', small, MAX_GROWTH_MIB, { unit: 'MiB' });
  report.max('growth of memory, a backup of 5 GB', large, MAX_GROWTH_MIB, { unit: 'MiB' });
  if (report.quick && !Nginx.isInstalled()) return report.note('not compared: nginx is not installed');
  const nginx = await Nginx.start(await freePort());
  try {
    await besideNginx(report, nginx);
  } finally {
    await nginx.stop();
  }
}

async function besideNginx(report: Report, nginx: Nginx): Promise<void> {
  const checksum = checksumOf(SIZE);
  for (const sync of ['none', 'fsync'] as const) {
    const { put, get } = await compare(nginx, checksum, sync, report.size(ROUNDS, 1));
    const synced = sync === 'none' ? 'neither side syncs' : 'ours syncs, nginx does not';
    // Of a synced PUT the disk decides; nginx cannot sync.
    const of = (name: string, rates: Rates, limit: number): void =>
      report.min(`${name} of 256 MiB, ${synced}`, median(rates.ours), limit * median(rates.nginx), {
        unit: 'MiB/s',
        peer: { name: 'nginx', value: median(rates.nginx) },
      });
    if (sync === 'none') of('PUT', put, MIN_PUT);
    else report.note(`PUT, ${synced}: ${median(put.ours).toFixed(0)} MiB/s, nginx ${median(put.nginx).toFixed(0)}`);
    of('GET', get, MIN_GET);
  }
}

interface Rates {
  readonly ours: number[];
  readonly nginx: number[];
}

async function compare(nginx: Nginx, checksum: string, sync: 'none' | 'fsync', rounds: number) {
  const server = await startServer({ RATE_LIMIT_TEAM: '100000', BLOB_SYNC: sync });
  try {
    const headers = await headersOf(server, checksum);
    const [putRates, getRates]: [Rates, Rates] = [
      { ours: [], nginx: [] },
      { ours: [], nginx: [] },
    ];
    for (let round = 0; round <= rounds; round += 1) {
      const measured = {
        nginxPut: await putOnIdleDisk(`${nginx.url}/file-${round}`, {}),
        ourPut: await putOnIdleDisk(`${server.url}/api/v1/backup`, headers),
        nginxGet: await get(`${nginx.url}/file-${round}`, {}, checksum),
        ourGet: await get(`${server.url}/api/v1/backup`, headers, checksum),
      };
      if ((await fileChecksum(join(nginx.files, `file-${round}`))) !== checksum)
        throw new Error('nginx stored something else');
      // The first round warms everything up.
      if (round > 0) {
        putRates.ours.push(measured.ourPut);
        putRates.nginx.push(measured.nginxPut);
        getRates.ours.push(measured.ourGet);
        getRates.nginx.push(measured.nginxGet);
      }
      rmSync(join(nginx.files, `file-${round}`));
      await forget(server, headers);
    }
    return { put: putRates, get: getRates };
  } finally {
    await server.stop();
  }
}

/** By how much the resident memory of the server grows over its state before, while a body goes in and comes out. */
async function growth(largeSize: number): Promise<{ small: number; large: number }> {
  const server = await startServer({ RATE_LIMIT_TEAM: '100000', BLOB_SYNC: 'none' });
  try {
    const warm = await headersOf(server, checksumOf(MIB));
    for (let times = 0; times < 3; times += 1) await put(`${server.url}/api/v1/backup`, warm, MIB);
    const before = resident(server);
    return { small: await peak(server, SMALL, before), large: await peak(server, largeSize, before) };
  } finally {
    await server.stop();
  }
}

async function peak(server: BenchServer, size: number, before: number): Promise<number> {
  const checksum = checksumOf(size);
  const headers = await headersOf(server, checksum);
  let peak = 0;
  const timer = setInterval(() => (peak = Math.max(peak, resident(server))), 50);
  try {
    await put(`${server.url}/api/v1/backup`, headers, size);
    await get(`${server.url}/api/v1/backup`, headers, checksum);
  } finally {
    clearInterval(timer);
  }
  return Math.round((peak - before) / MIB);
}

function resident(server: BenchServer): number {
  const status = readFileSync(`/proc/${server.process.pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
}

async function headersOf(server: BenchServer, checksum: string): Promise<Record<string, string>> {
  return {
    authorization: `Bearer ${await paidUser(server)}`,
    'x-backup-version': 'bench',
    'x-backup-timestamp': '0',
    'x-backup-checksum': checksum,
  };
}

/** What was written before must not be on its way to the disk while the next is measured. */
function putOnIdleDisk(url: string, headers: Record<string, string>): Promise<number> {
  execFileSync('sync');
  return put(url, headers, SIZE);
}

/** The file of nginx is removed after each round, and so is ours. */
async function forget(server: BenchServer, { authorization = '' }: Record<string, string>): Promise<void> {
  const latest = await fetch(`${server.url}/api/v1/backup`, { method: 'HEAD', headers: { authorization } });
  const answer = await fetch(`${server.url}/api/v1/backup/${latest.headers.get('x-backup-id')}`, {
    method: 'DELETE',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({ password: PASSWORD }),
  });
  if (!answer.ok) throw new Error(`DELETE was answered ${answer.status}`);
}

/** MiB a second. */
function put(url: string, headers: Record<string, string>, size: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const begun = performance.now();
    const sending = request(url, { method: 'PUT', headers: { ...headers, 'content-length': size } }, (answer) => {
      answer.resume();
      answer.once('end', () => {
        if (answer.statusCode === undefined || answer.statusCode >= 300)
          reject(new Error(`PUT was answered ${answer.statusCode}`));
        else resolve(rate(size, begun));
      });
    });
    sending.once('error', reject);
    let sent = 0;
    const more = (): void => {
      while (sent < size) {
        const piece = PIECE.subarray(0, Math.min(PIECE.length, size - sent));
        sent += piece.length;
        if (!sending.write(piece)) {
          sending.once('drain', more);
          return;
        }
      }
      sending.end();
    };
    more();
  });
}

async function get(url: string, headers: Record<string, string>, checksum: string): Promise<number> {
  const begun = performance.now();
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    request(url, { headers }, resolve).once('error', reject).end();
  });
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    hash.update(chunk);
    size += chunk.length;
  }
  if (hash.digest('hex') !== checksum) throw new Error('other bytes came back');
  return rate(size, begun);
}

function rate(size: number, begun: number): number {
  return size / MIB / ((performance.now() - begun) / 1_000);
}

function checksumOf(size: number): string {
  const hash = createHash('sha256');
  for (let at = 0; at < size; at += PIECE.length) hash.update(PIECE.subarray(0, Math.min(PIECE.length, size - at)));
  return hash.digest('hex');
}

async function fileChecksum(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: MIB }) as AsyncIterable<Buffer>) hash.update(chunk);
  return hash.digest('hex');
}
