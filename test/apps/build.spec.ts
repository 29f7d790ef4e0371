import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import request from 'supertest';
import { eventually, PASSWORD, TestApp } from '../support/app';
import { freePort, Program } from '../support/processes/server-process';

const DIST = resolve(__dirname, '../../dist');

/** As apps/api/src/start.ts loads it. */
const REFUSED = `
const { readFileSync } = require('node:fs');
const { setHeapFlags } = require('./apps/api/src/heap-flags.js');
setHeapFlags();
const text = require('node:module').wrap(readFileSync('server.js', 'latin1'));
const script = new (require('node:vm').Script)(text, { filename: process.cwd() + '/server.js', cachedData: readFileSync('server.js.cache').subarray(32) });
console.log(script.cachedDataRejected);
`;

/** What `npm ci` or `npm run build` has built of the sources, which the other specs run as they are. */
describe('the built server', () => {
  let [folder, port] = ['', 0];
  let server: Program;
  let collector: Server;
  const exported: string[] = [];
  let token = '';
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'adiuva-built-'));
    port = await freePort();
    collector = createServer(({ url = '' }, response) => {
      exported.push(url);
      response.end('{}');
    });
    await new Promise<void>((listening) => collector.listen(0, '127.0.0.1', listening));
    const settings = {
      DATA_DIR: folder,
      PORT: String(port),
      METRICS_PORT: '0',
      SHUTDOWN_DELAY_MS: '0',
      PUBLIC_URL: 'http://localhost:3000',
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}`,
    };
    server = Program.start('dist/apps/api/src/start.js', [], settings);
    await server.ready(port);
    const registered = await call('POST', '/api/v1/auth/register', { email: 'built@example.org', password: PASSWORD });
    ({ access_token: token } = registered.body as { access_token: string });
  });
  afterAll(async () => {
    server.child.kill('SIGTERM');
    expect((await server.ended).code).toBe(0);
    expect(server.output).not.toContain('"level":"error"');
    await new Promise((closed) => collector.close(closed));
    rmSync(folder, { recursive: true, force: true });
  });

  async function call(method: string, path: string, body?: object): Promise<{ status: number; body: unknown }> {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text.startsWith('{') ? JSON.parse(text) : text };
  }

  it('is compiled in advance by V8', () => {
    expect(spawnSync(process.execPath, ['-e', REFUSED], { cwd: DIST, encoding: 'utf8' }).stdout).toBe('false\n');
  });

  it('finds the console, which is next to it', async () => {
    expect(await call('GET', '/console')).toMatchObject({ status: 200, body: expect.stringContaining('<html') });
  });

  it('names its classes as the sources do', async () => {
    const sources = await TestApp.start();
    const { body } = await request(sources.url).get('/api/openapi.json');
    await sources.stop();
    expect(await call('GET', '/api/openapi.json')).toEqual({ status: 200, body });
  });

  it('chats, which uses the built-in assistant', async () => {
    const { status, body } = await call('POST', '/api/v1/chat', { message: 'add a task: buy milk tomorrow at 9' });
    expect(status).toBe(200);
    expect(body).toMatchObject({ actions: [{ type: 'create_record', table: 'tasks' }] });
  });

  it('loads what is not in its file with the first request that needs it', async () => {
    const passkey = await call('POST', '/api/v1/auth/passkeys/register/options');
    expect(passkey).toMatchObject({ status: 200, body: { challenge: expect.any(String) } });
  });

  it('exports traces, whose exporter is loaded with the first of them', async () => {
    await eventually(() => exported.includes('/v1/traces'));
  });
});
