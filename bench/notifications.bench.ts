import { createECDH, randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { testDatabase } from '../test/support/database';
import setUp from '../test/support/global-setup';
import tearDown from '../test/support/global-teardown';
import { freePort, NodeProcess } from '../test/support/processes/node-process';
import { selfSignedCertificate } from '../test/support/builders/tls-certificate';
import type { Report } from './report';

const NOTIFICATIONS = 10_000;
const USERS = 100;
const LEAD_MS = 15_000;
const LIMIT_MS = 60_000;
const PROBE_MS = 50;
const MAX_SLOWER = 2;

const INSERT = `INSERT INTO notifications (id, user_id, status, urgency, source, escalate, deliver_at)
  SELECT gen_random_uuid(), ($1::uuid[])[1 + n % cardinality($1::uuid[])], 'scheduled', 'normal', 'api', false, $2 FROM generate_series(1, $3::int) n`;

/** Notifications that are all due in one moment leave by push within a minute from one node, and its requests are at most twice as slow. */
export async function bench(report: Report): Promise<void> {
  const notifications = report.size(NOTIFICATIONS, 100);
  await setUp();
  const dataDir = mkdtempSync(join(tmpdir(), 'adiuva-bench-'));
  const database = await testDatabase();
  const client = new Client({ connectionString: database.url });
  await client.connect();
  const push = await pushService(dataDir);
  const server = new NodeProcess(
    'dist/apps/api/src/start.js',
    {
      ...{ ENV: 'test', LOG_LEVEL: 'warn', LLM_PROVIDER: 'offline', DATA_DIR: dataDir, DATABASE_URL: database.url },
      ...{ REGISTER_LIMIT_PER_ADDRESS: '100000', RATE_LIMIT_FREE: '1000000' },
      ...{ WEB_PUSH_PRIVATE_HOSTS: push.host, WEB_PUSH_CA_FILE: push.caFile },
    },
    await freePort(),
  );
  try {
    await server.start();
    const users: { id: string; token: string }[] = [];
    while (users.length < USERS) users.push(await newUser(server.url, push.host));
    const due = new Date(Date.now() + report.size(LEAD_MS, LEAD_MS / 3));
    await client.query(INSERT, [users.map(({ id }) => id), due, notifications]);
    const quiet = await probe(server.url, users[0]?.token ?? '', () => Date.now() < due.getTime() - 1_000);
    await pause(Math.max(0, due.getTime() - Date.now()));
    const end = due.getTime() + LIMIT_MS * 3;
    const busy = await probe(
      server.url,
      users[0]?.token ?? '',
      () => push.received < notifications && Date.now() < end,
    );
    if (push.received !== notifications) throw new Error(`only ${push.received} of ${notifications} have left`);
    const took = (push.lastAt - due.getTime()) / 1_000;
    report.max(`${notifications} notifications due in one moment leave`, took, LIMIT_MS / 1_000, { unit: 's' });
    const peer = { name: 'before', value: quiet.median };
    report.max('a request meanwhile, median', busy.median, MAX_SLOWER * quiet.median, { unit: 'ms', peer });
    report.note(`p95 ${quiet.p95} ms before and ${busy.p95} ms meanwhile`);
  } finally {
    await server.kill('SIGTERM');
    await client.end();
    await database.drop();
    await tearDown();
    push.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** Counts and accepts; what is sent is checked by the tests. */
async function pushService(folder: string) {
  const { key, cert } = selfSignedCertificate();
  const caFile = join(folder, 'push-ca.pem');
  writeFileSync(caFile, cert);
  const state = { received: 0, lastAt: 0 };
  const server = createServer({ key, cert }, (request, response) => {
    request.resume();
    state.received += 1;
    state.lastAt = Date.now();
    response.writeHead(201).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `localhost:${(server.address() as AddressInfo).port}`;
  const stop = () => {
    server.closeAllConnections();
    server.close();
  };
  return Object.assign(state, { host, caFile, stop });
}

async function newUser(baseUrl: string, host: string): Promise<{ id: string; token: string }> {
  const post = async (path: string, body: object, token?: string) => {
    const headers = { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) };
    const response = await fetch(`${baseUrl}/api/v1${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${path} answered ${response.status}`);
    return (await response.json()) as Record<string, string>;
  };
  const account = { email: `${randomUUID()}@example.org`, password: 'a long walk by the sea' };
  const { access_token: token = '' } = await post('/auth/register', account);
  const ecdh = createECDH('prime256v1');
  ecdh.generateKeys();
  const keys = { p256dh: ecdh.getPublicKey().toString('base64url'), auth: randomBytes(16).toString('base64url') };
  await post(
    '/notifications/channels',
    { kind: 'web_push', subscription: { endpoint: `https://${host}/push`, keys } },
    token,
  );
  const id = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')).sub as string;
  return { id, token };
}

/** Times of a request every 50 ms for as long as `lasts` holds. */
async function probe(baseUrl: string, token: string, lasts: () => boolean): Promise<{ median: number; p95: number }> {
  const times: number[] = [];
  while (lasts()) {
    const begun = performance.now();
    const response = await fetch(`${baseUrl}/api/v1/notifications/preferences`, {
      headers: { authorization: `Bearer ${token}` },
    });
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`a request answered ${response.status}`);
    times.push(performance.now() - begun);
    await pause(PROBE_MS);
  }
  times.sort((one, other) => one - other);
  const at = (share: number) => Math.round((times[Math.floor(times.length * share)] ?? 0) * 10) / 10;
  return { median: at(0.5), p95: at(0.95) };
}
