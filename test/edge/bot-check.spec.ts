import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AdiuvaClient } from '@adiuva/client';
import { newId } from '@adiuva/kernel';
import { openApiDocument } from '../../apps/api/src/docs/openapi';
import { PASSWORD, TestApp } from '../support/app';

type Answer = (form: URLSearchParams) => { readonly status: number; readonly text: string } | 'no answer';

const SECRET = 'turnstile secret of this test, long enough';
const passed = { status: 200, text: '{"success":true}' };
const refused = (code: string) => ({ status: 200, text: JSON.stringify({ success: false, 'error-codes': [code] }) });

/** A double of the service that verifies tokens. */
describe('with the bot check', () => {
  let service: Server;
  let app: TestApp;
  let answer: Answer = () => passed;
  const forms: URLSearchParams[] = [];

  beforeAll(async () => {
    // No connection is closed that its client may take again at that moment, as after this process has stood still.
    service = createServer({ keepAliveTimeout: 0 }, (request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString()));
      request.on('end', () => {
        const form = new URLSearchParams(text);
        forms.push(form);
        const reply = answer(form);
        if (reply === 'no answer') response.destroy();
        else response.writeHead(reply.status, { 'content-type': 'application/json' }).end(reply.text);
      });
    });
    await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
    app = await TestApp.start({
      TURNSTILE_ENABLED: 'true',
      TURNSTILE_SECRET_KEY: SECRET,
      TURNSTILE_VERIFY_URL: `http://127.0.0.1:${(service.address() as AddressInfo).port}/siteverify`,
    });
  });
  afterAll(async () => {
    await app.stop();
    service.closeAllConnections();
    await new Promise((resolve) => service.close(resolve));
  });
  beforeEach(() => {
    answer = () => passed;
    forms.length = 0;
  });

  let counter = 0;
  const bodies = () => ({
    '/auth/register': { email: `bot-${(counter += 1)}@example.org`, password: PASSWORD },
    '/auth/login': { email: 'unknown@example.org', password: PASSWORD },
    '/auth/password/forgot': { email: 'unknown@example.org' },
  });
  const statuses = async (fields: object) => {
    const answers = [];
    for (const [path, body] of Object.entries(bodies()))
      answers.push(await app.call('post', path).send({ ...body, ...fields }));
    return answers.map(({ status, body }) => [status, body.code]);
  };

  it('registration, sign-in and forgotten passwords need a token, which is verified with the secret', async () => {
    expect(await statuses({})).toEqual(Array(3).fill([400, 'bot_check_failed']));
    expect(forms).toEqual([]);
    expect(await statuses({ turnstile_token: 'of a person' })).toEqual([
      [201, undefined],
      [401, 'invalid_credentials'],
      [202, undefined],
    ]);
    expect(forms.map((form) => [form.get('secret'), form.get('response')])).toEqual(
      Array(3).fill([SECRET, 'of a person']),
    );
    expect(app.log.filter((line) => line.includes('of a person') || line.includes(SECRET))).toEqual([]);
  });

  it.each(['invalid-input-response', 'timeout-or-duplicate'])('a token with %s is refused', async (code) => {
    answer = () => refused(code);
    expect(await statuses({ turnstile_token: 'x' })).toEqual(Array(3).fill([400, 'bot_check_failed']));
  });

  it.each<[string, Answer]>([
    ['is down', () => 'no answer'],
    ['fails', () => ({ status: 500, text: '{"success":true}' })],
    ['redirects', () => ({ status: 302, text: '' })],
    ['answers in another form', () => ({ status: 200, text: '<html>' })],
    ['does not know our secret', () => refused('invalid-input-secret')],
  ])('the routes are closed while the service %s', async (_, reply) => {
    answer = reply;
    expect(await statuses({ turnstile_token: 'x' })).toEqual(Array(3).fill([503, 'unavailable']));
  });

  it('the SDK sends the token', async () => {
    const client = new AdiuvaClient({ baseUrl: app.url });
    const email = `sdk-${Date.now()}@example.org`;
    await client.account.signUp({ email, password: PASSWORD, turnstileToken: 'one' });
    await client.account.signIn({ email, password: PASSWORD, turnstileToken: 'two' });
    await client.security.forgotPassword(email, 'three');
    expect(forms.map((form) => form.get('response'))).toEqual(['one', 'two', 'three']);
  });
});

describe('with ADMIN_MUTATIONS_ENABLED=false', () => {
  let app: TestApp;
  beforeAll(async () => void (app = await TestApp.start({ ADMIN_MUTATIONS_ENABLED: 'false' })));
  afterAll(() => app.stop());

  it('administrators read and change nothing, and others see no difference', async () => {
    const [admin, user] = [await app.admin(), await app.user()];
    await app.call('get', '/admin/outbox', admin).expect(200);
    const refusedBy = async (caller: typeof admin) =>
      (await app.call('post', '/admin/payouts', caller).send({ period: '2026-01' }).expect(403)).body;
    expect(await refusedBy(admin)).toMatchObject({ code: 'forbidden', detail: 'Administration is read-only here' });
    expect((await refusedBy(user)).detail).toBe('You may not do this');
  });

  it('every route of administrators that is no GET is refused, whatever it names', async () => {
    const admin = await app.admin();
    const { paths } = openApiDocument(app.nest);
    const routes = Object.entries(paths).flatMap(([path, operations]) =>
      (['post', 'put', 'patch', 'delete'] as const)
        .filter((method) => path.startsWith('/api/v1/admin/') && operations[method] !== undefined)
        .map((method) => ({ method, path: path.replace('/api/v1', '').replaceAll(/\{\w+\}/g, newId()) })),
    );
    expect(routes.length).toBeGreaterThan(5);
    for (const { method, path } of routes) {
      const { body } = await app.call(method, path, admin).send({});
      expect([path, body.status, body.detail]).toEqual([path, 403, 'Administration is read-only here']);
    }
  });
});
