import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { sign } from 'jsonwebtoken';
import { createWorker, type WorkerOptions } from '../../examples/agent-worker/worker';
import { serve } from '../../examples/agent-worker/node';
import { eventually, TestApp, type TestUser } from '../support/app';
import { HMAC_SECRET } from './signed-call';

const pem = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();

describe('the example of an agent worker', () => {
  let app: TestApp;
  let user: TestUser;
  let options: WorkerOptions;
  beforeAll(async () => {
    app = await TestApp.start({ AGENT_JWT_PRIVATE_KEY: pem, BACKEND_HMAC_SECRET: HMAC_SECRET });
    await app.startRuns();
    user = await app.user('power');
    options = {
      gateway: { url: app.url, secret: HMAC_SECRET },
      tokens: {
        jwksUrl: `${app.url}/api/v1/auth/.well-known/jwks.json`,
        issuer: 'adiuva-cloud',
        audience: 'agent-worker',
      },
    };
  });
  afterAll(() => app.stop());

  const tokenOf = async (scopes = ['tools:*']): Promise<string> =>
    (await app.call('post', '/auth/agent-token', user).send({ scopes }).expect(200)).body.token;
  const use = (token: string, body: unknown) =>
    new Request('http://worker/tools', {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}` },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  const addTask = { tool: 'create_task', arguments: { title: 'Call Anna' } };

  it('uses a tool for the user of the token; the app of the user gets the action', async () => {
    const answer = await createWorker(options)(use(await tokenOf(), addTask));
    const { result, run_id } = JSON.parse(await answer.text());
    expect([answer.status, result.title]).toEqual([200, 'Call Anna']);
    await eventually(async () => (await app.call('get', `/runs/${run_id}`, user)).body.status === 'completed');
    const { body } = await app.call('get', `/runs/${run_id}/output`, user).expect(200);
    expect(body.actions[0].data).toEqual(result);
  });

  it('is built on web APIs alone, so that it runs on edge runtimes', () => {
    const folder = join(__dirname, '../../examples/agent-worker');
    const seen = new Set<string>();
    const imports = (file: string): readonly string[] => {
      if (seen.has(file)) return [];
      seen.add(file);
      const text = readFileSync(join(folder, `${file}.ts`), 'utf8');
      const names = [...text.matchAll(/^(?:import(?! type)|export) [^;]*? from '([^']+)'/gm)].map(
        ([, name = '']) => name,
      );
      return names.flatMap((name) => (name.startsWith('./') ? imports(name.slice(2)) : [name]));
    };
    expect(imports('worker')).toEqual([]);
    expect([...seen].sort()).toEqual(['abuse-limits', 'agent-token', 'gateway-client', 'worker']);
    for (const file of seen)
      expect(readFileSync(join(folder, `${file}.ts`), 'utf8')).not.toMatch(
        /\brequire\(|\bprocess\.|\bBuffer\b|\bimport\(/,
      );
  });

  it('runs behind a Node server and says whether the gateway answers', async () => {
    const server = serve(createWorker(options)).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(await (await fetch(`${url}/status`)).json()).toEqual({ status: 'ok' });
    const answer = await fetch(`${url}/tools`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${await tokenOf()}` },
      body: JSON.stringify(addTask),
    });
    expect(answer.status).toBe(200);
    await new Promise((resolve) => server.close(resolve));
    const down = createWorker({ ...options, gateway: { ...options.gateway, url: url } });
    const status = await down(new Request('http://worker/status'));
    expect([status.status, await status.json()]).toEqual([503, { status: 'degraded' }]);
    expect((await down(use(await tokenOf(), addTask))).status).toBe(502);
  });

  it('refuses forged, foreign and expired tokens without a call to the gateway', async () => {
    const claims = { sub: user.id, scopes: ['tools:*'], iss: 'adiuva-cloud', aud: 'agent-worker' };
    const valid = await tokenOf();
    const [header = '', payload = '', signature = ''] = valid.split('.');
    const keyid = JSON.parse(Buffer.from(header, 'base64url').toString()).kid;
    const ec = { algorithm: 'ES256', keyid } as const;
    const forged = [
      user.accessToken,
      `${header}.${Buffer.from(JSON.stringify({ ...claims, exp: 4e9 })).toString('base64url')}.${signature}`,
      `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`,
      sign({ ...claims, exp: 4e9 }, 'secret', { algorithm: 'HS256', keyid }),
      sign({ ...claims, exp: 4e9, aud: 'adiuva-desktop' }, pem, ec),
      sign({ ...claims, exp: 4e9, iss: 'other' }, pem, ec),
      sign({ ...claims, exp: Math.floor(Date.now() / 1000) - 60 }, pem, ec),
      sign({ ...claims, exp: 4e9 }, pem, { ...ec, keyid: 'other' }),
      'x'.repeat(5_000),
    ];
    const worker = createWorker({ ...options, gateway: { ...options.gateway, url: 'http://127.0.0.1:1' } });
    for (const token of forged) expect((await worker(use(token, addTask))).status).toBe(401);
    expect((await worker(use(valid, addTask))).status).toBe(502);
  });

  it('verifies tokens of a shared secret, and of it alone', async () => {
    const secret = 'shared with the worker, 0123456789abcdef';
    const worker = createWorker({ ...options, tokens: { secret, issuer: 'adiuva-cloud', audience: 'agent-worker' } });
    const claims = { sub: user.id, scopes: [], iss: 'adiuva-cloud', aud: 'agent-worker', exp: 4e9 };
    expect((await worker(use(sign(claims, secret), addTask))).status).toBe(403);
    expect((await worker(use(sign(claims, `${secret}!`), addTask))).status).toBe(401);
    expect((await worker(use(await tokenOf(), addTask))).status).toBe(401);
  });

  it('keeps to the scopes, to its sizes and to what it knows', async () => {
    const worker = createWorker({ ...options, limits: { maxBodyBytes: 200 } });
    const token = await tokenOf(['tools:create_task']);
    expect((await worker(use(token, { tool: 'create_note', arguments: {} }))).status).toBe(403);
    expect((await worker(use(token, { ...addTask, padding: 'x'.repeat(300) }))).status).toBe(413);
    for (const body of ['{', '[]', 'null', { tool: '../status' }, { tool: 'create_task', arguments: [] }])
      expect((await worker(use(token, body))).status).toBe(400);
    expect((await worker(new Request('http://worker/tools'))).status).toBe(405);
    expect((await worker(new Request('http://worker/other'))).status).toBe(404);
  });

  it('limits the requests of a user a minute and at the same time', async () => {
    const token = await tokenOf();
    const slow = createWorker({ ...options, limits: { maxConcurrent: 1 } });
    // Its body is read once it is admitted, and ends when the next one has been answered.
    let refusal: Promise<Response> | undefined;
    const body = new ReadableStream(
      {
        pull: async (rest) => {
          refusal = slow(use(token, addTask));
          await refusal;
          rest.enqueue(new TextEncoder().encode(JSON.stringify(addTask)));
          rest.close();
        },
      },
      { highWaterMark: 0 },
    );
    const first = new Request('http://worker/tools', {
      ...{ method: 'POST', headers: { Authorization: `Bearer ${token}` }, body, duplex: 'half' as const },
    });
    expect([(await slow(first)).status, (await refusal)?.status]).toEqual([200, 429]);
    const few = createWorker({ ...options, limits: { requestsPerMinute: 1 } });
    expect((await few(use(token, addTask))).status).toBe(200);
    const refused = await few(use(token, addTask));
    expect([refused.status, Number(refused.headers.get('Retry-After')) > 0]).toEqual([429, true]);
  });
});
