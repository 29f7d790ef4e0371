import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import request from 'supertest';
import { AUDIT_ACTIONS } from '@adiuva/audit';
import { TestApp } from '../support/app';
import { SERVED } from './build';

const LANGUAGES = ['en', 'de', 'it', 'fr', 'es'] as const;
const TEXTS = join(__dirname, '../../apps/console/src/texts');
const MAX_FIRST_LOAD = 170_000;

let app: TestApp;
beforeAll(async () => {
  app = await TestApp.start();
});
afterAll(() => app.stop());

describe('the files of the console', () => {
  const get = (path: string) => request(app.url).get(path);
  const scripts = async () => (await get('/console/')).text.match(/\/console\/assets\/[\w.-]+\.js/g) ?? [];

  it('are where the root of the server leads', async () => {
    await get('/').expect(302).expect('Location', '/console/');
  });

  it('come with a policy that permits this origin alone, and a page without inline code', async () => {
    const { headers, text } = await get('/console/')
      .expect(200)
      .expect('Content-Type', /text\/html/);
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self' 'wasm-unsafe-eval';/);
    expect(headers['content-security-policy']).not.toMatch(/unsafe-inline|https?:|\*/);
    expect(text).not.toMatch(/<script>|<style|\son\w+=|https?:\/\//);
    expect(headers['cache-control']).toBe('no-cache');
  });

  it('answer every address of the console with its page', async () => {
    const { text } = await get('/console/');
    expect((await get('/console/runs/42').expect(200)).text).toBe(text);
  });

  it.each([
    ['gzip, deflate, br', 'br'],
    ['gzip', 'gzip'],
  ])('are kept by browsers for ever, compressed, under the name of their content: %s', async (accepted, coding) => {
    const [script = ''] = await scripts();
    await get(script)
      .set('Accept-Encoding', accepted)
      .expect(200)
      .expect('Content-Type', 'text/javascript; charset=utf-8')
      .expect('Content-Encoding', coding)
      .expect('Vary', /Accept-Encoding/)
      .expect('Cache-Control', 'public, max-age=31536000, immutable');
  });

  it('are sent as they are to a client that takes no compression', async () => {
    const [script = ''] = await scripts();
    await get(script)
      .set('Accept-Encoding', 'identity')
      .expect(200)
      .expect(({ headers }) => expect(headers).not.toHaveProperty('content-encoding'));
  });

  it.each([
    ['de-AT,de;q=0.9,en;q=0.8', 'de'],
    ['pt, fr;q=0.5', 'fr'],
  ])('are announced with the texts of the reader: %s', async (accepted, language) => {
    const { headers } = await get('/console/').set('Accept-Language', accepted);
    expect(headers['link']).toMatch(new RegExp(`^</console/assets/${language}-[\\w.-]+\\.js>; rel=modulepreload$`));
    expect(headers['vary']).toContain('Accept-Language');
  });

  it.each(['/console/assets/none.js', '/console/assets/..%2findex.html', '/console/robots.txt', '/consoles'])(
    'that do not exist are a problem document: %s',
    async (path) => {
      await get(path)
        .expect(404)
        .expect('Content-Type', /problem\+json/);
    },
  );

  it('leave the API as it is', async () => {
    const { headers, body } = await get('/api/v1/none').expect(404);
    expect(body.code).toBe('not_found');
    expect(headers['content-security-policy']).toBe("default-src 'none'; frame-ancestors 'none'");
    await request(app.url).post('/console/').expect(404);
  });

  it(`load the first screen with ${MAX_FIRST_LOAD / 1000} kB`, async () => {
    const { text } = await get('/console/');
    const names = new Set<string>();
    const add = (name: string): void => {
      if (names.has(name)) return;
      names.add(name);
      const imports = /(?:import|from)\s*"\.\/([\w.-]+\.js)"/g;
      if (name.endsWith('.js'))
        for (const [, other = ''] of readFileSync(join(SERVED, name), 'utf8').matchAll(imports)) add(other);
    };
    for (const [, name = ''] of text.matchAll(/\/console\/assets\/([\w.-]+\.(?:js|css))/g)) add(name);
    readdirSync(SERVED)
      .filter((name) => /^(?:en|open-client)-.*\.js$/.test(name))
      .forEach(add);
    const size = [...names].reduce((sum, name) => sum + gzipSync(readFileSync(join(SERVED, name))).length, 0);
    expect(names.size).toBeGreaterThan(2);
    expect(size).toBeLessThan(MAX_FIRST_LOAD);
  });
});

describe('the texts of the console', () => {
  const texts = (language: string): Record<string, string> =>
    JSON.parse(readFileSync(join(TEXTS, `${language}.json`), 'utf8'));
  const english = texts('en');

  it('name every event of the audit log', () => {
    expect(AUDIT_ACTIONS.filter((action) => !(`audit.${action}` in english))).toEqual([]);
  });

  it.each(LANGUAGES.slice(1))('are translated to %s', (language) => {
    const translated = texts(language);
    const same = Object.keys(english).filter(
      (key) => english[key] === translated[key] && /[a-z]{3,} [a-z]{3,}/.test(english[key] ?? ''),
    );
    expect(same).toEqual([]);
  });

  it.each(LANGUAGES)('are all there in %s, with the same values in them', (language) => {
    const translated = texts(language);
    expect(Object.keys(translated).sort()).toEqual(Object.keys(english).sort());
    const values = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();
    for (const [key, text] of Object.entries(english)) {
      expect([key, values(translated[key] ?? '')]).toEqual([key, values(text)]);
      expect(translated[key]?.trim()).not.toBe('');
    }
  });
});
