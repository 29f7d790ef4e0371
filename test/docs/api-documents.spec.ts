import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import request from 'supertest';
import { newId, PROBLEM_CODES } from '@adiuva/kernel';
import { SOCKET_EVENTS } from '../../apps/api/src/docs/socket-events';
import { TestApp } from '../support/app';

interface Operation {
  readonly operationId: string;
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly example?: object }>> };
}

describe('the documents of the API', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await TestApp.start({ PUBLIC_URL: 'https://api.example.org/base' });
  });
  afterAll(() => app.stop());

  it('the type of a problem document leads to a page about its code', async () => {
    const { body } = await app.call('get', '/auth/me').expect(401);
    const { text, headers } = await request(app.url).get(body.type).expect(200);
    expect(headers['content-type']).toContain('text/html');
    expect(text).toContain('401 unauthenticated');
  });

  it.each(PROBLEM_CODES)('there is a page for %s', async (code) => {
    const { text } = await request(app.url).get(`/docs/problems/${code}`).expect(200);
    expect(text).toContain('What to do');
  });

  it('an unknown code is a 404 problem, and the index lists all codes', async () => {
    await request(app.url)
      .get('/docs/problems/unknown_code')
      .expect(404)
      .expect('Content-Type', /problem\+json/);
    const { text } = await request(app.url).get('/docs/problems').expect(200);
    expect(PROBLEM_CODES.filter((code) => !text.includes(`/docs/problems/${code}`))).toEqual([]);
  });

  it('the pages run no script and load nothing', async () => {
    for (const path of ['/docs/problems', '/docs/problems/conflict', '/api/docs/events']) {
      const { text, headers } = await request(app.url).get(path).expect(200);
      expect(headers['content-security-policy']).toContain("default-src 'none'");
      expect(text).not.toMatch(/<script|src=|@import/);
    }
  });

  it('every operation has a unique verb-noun id, a summary, a description and a known tag', async () => {
    const { body } = await request(app.url).get('/api/openapi.json').expect(200);
    const operations = Object.values<object>(body.paths).flatMap((item) => Object.values(item));
    const ids = operations.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !/^[a-z]+([A-Z][a-zA-Z]*)?$/.test(id) || id.includes('Controller'))).toEqual([]);
    const tags = body.tags.map(({ name }: { name: string }) => name);
    const incomplete = operations.filter(
      (operation) => !operation.summary || !operation.description || !tags.includes(operation.tags?.[0]),
    );
    expect(incomplete.map(({ operationId }) => operationId)).toEqual([]);
  });

  it('the OpenAPI document passes the recommended rules of Redocly', async () => {
    const { text } = await request(app.url).get('/api/openapi.json').expect(200);
    const lint = resolve(__dirname, 'lint-openapi.mjs');
    expect(execFileSync(process.execPath, [lint], { input: text, encoding: 'utf8' })).toBe('');
  });

  it('every operation names its failures with schema and example', async () => {
    const { body } = await request(app.url).get('/api/openapi.json').expect(200);
    const responses = Object.values<object>(body.paths)
      .flatMap((item) => Object.values(item))
      .flatMap(({ operationId, responses }) =>
        Object.entries<{ content?: object }>(responses).map(([status, { content }]) => ({
          operationId,
          status,
          content,
        })),
      );
    const errors = responses.filter(({ status }) => Number(status) >= 400);
    expect(errors.filter(({ content }) => content === undefined)).toEqual([]);
    expect(new Set(errors.filter(({ status }) => status === '429').map(({ operationId }) => operationId)).size).toBe(
      new Set(responses.map(({ operationId }) => operationId)).size,
    );
  });

  it('every operation with a JSON body has an example that the server accepts as it stands', async () => {
    const { body } = await request(app.url).get('/api/openapi.json').expect(200);
    const user = await app.user('power');
    const admin = await app.admin();
    const refused: string[] = [];
    for (const [path, item] of Object.entries<Record<string, Operation>>(body.paths)) {
      for (const [method, operation] of Object.entries(item)) {
        const json = operation.requestBody?.content['application/json'];
        if (json === undefined || operation.operationId === 'receiveStripeEvent') continue;
        if (json.example === undefined) refused.push(`${operation.operationId}: no example`);
        const url = path
          .replace('/api/v1', '')
          .replace(/\{(\w+)\}/g, (_, name: string) => (name === 'name' ? 'default' : newId()));
        const caller = path.includes('/admin/') ? admin : path.includes('/account') ? await app.user() : user;
        const response = await app.call(method as 'post', url, caller).send(json.example);
        if ([400, 415, 422, 500].includes(response.status)) refused.push(`${operation.operationId}: ${response.text}`);
      }
    }
    expect(refused).toEqual([]);
  });

  it('the AsyncAPI document has every socket event, and every reference in it resolves', async () => {
    const { body } = await request(app.url).get('/api/asyncapi.json').expect(200);
    expect(body.asyncapi).toBe('3.0.0');
    expect(body.servers.default.host).toBe('api.example.org');
    const names = Object.values<{ name: string }>(body.components.messages).map(({ name }) => name);
    expect(SOCKET_EVENTS.filter(({ name }) => !names.includes(name))).toEqual([]);
    const references = [...JSON.stringify(body).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path = '']) => path);
    expect(references.filter((path) => at(body, path.split('/')) === undefined)).toEqual([]);
  });

  it('every event that the code subscribes to or emits is described', () => {
    const code = execFileSync(
      'git',
      ['grep', '-hoE', "(SubscribeMessage|emit|emitWithAck)\\('[a-z]+:[a-z_]+'", '--', 'apps/api/src'],
      { encoding: 'utf8' },
    );
    const used = new Set([...code.matchAll(/'([^']+)'/g)].map(([, name]) => name));
    expect(used.size).toBeGreaterThan(8);
    expect([...used].filter((name) => !SOCKET_EVENTS.some((event) => event.name === name))).toEqual([]);
  });

  it('the events page shows an example of every event', async () => {
    const { text } = await request(app.url).get('/api/docs/events').expect(200);
    expect(SOCKET_EVENTS.filter(({ name }) => !text.includes(`id="${name}"`))).toEqual([]);
  });
});

function at(value: unknown, [key, ...rest]: readonly string[]): unknown {
  if (key === undefined) return value;
  return typeof value === 'object' && value !== null ? at(Reflect.get(value, key), rest) : undefined;
}
