import { createHash } from 'node:crypto';
import { Database } from '@adiuva/platform';
import { binary } from '../marketplace/store';
import { TestApp, type TestUser } from '../support/app';
import { entriesOf } from '../support/builders/zip-reader';
import { HOSTILE_PATHS } from './hostile-paths';

const PROJECT = { title: 'Recipe box', description: 'Keeps recipes', mode: 'build', tech_stack: ['typescript'] };

/** Of an empty path, and of characters that no JSON body may have. */
const EDGE_CODES = ['validation_failed', 'malformed_request'];

describe('code projects', () => {
  let app: TestApp;
  let user: TestUser;
  beforeAll(async () => {
    app = await TestApp.start();
    user = await app.user('pro');
  });
  afterAll(() => app.stop());

  const create = async (owner: TestUser = user, fields: object = {}): Promise<string> =>
    (
      await app
        .call('post', '/projects', owner)
        .send({ ...PROJECT, ...fields })
        .expect(201)
    ).body.id;
  const write = (id: string, path: string, content: string, owner = user) =>
    app.call('post', `/projects/${id}/files`, owner).send({ path, content });
  const content = (id: string, path: string, more: object = {}) =>
    app.call('get', `/projects/${id}/files/content`, user).query({ path, ...more });
  const list = async (id: string, prefix?: string) =>
    (
      await app
        .call('get', `/projects/${id}/files`, user)
        .query(prefix === undefined ? {} : { prefix })
        .expect(200)
    ).body;
  const usage = async (owner = user) => (await app.call('get', '/storage/usage', owner).expect(200)).body.files;

  it('are created as drafts, changed field by field, listed and deleted', async () => {
    const made = await app.call('post', '/projects', user).send(PROJECT).expect(201);
    expect(made.body).toMatchObject({
      ...PROJECT,
      user_id: user.id,
      status: 'draft',
      requirements_spec: null,
      version: 1,
    });
    const { id } = made.body;
    const changed = await app
      .call('put', `/projects/${id}`, user)
      .set('If-Match', '"1"')
      .send({ status: 'archived', requirements_spec: { pages: ['home'] } })
      .expect(200);
    expect(changed.body).toMatchObject({
      ...PROJECT,
      status: 'archived',
      requirements_spec: { pages: ['home'] },
      version: 2,
    });
    await app.call('put', `/projects/${id}`, user).set('If-Match', '"1"').send({ title: 'x' }).expect(412);
    await app.call('put', `/projects/${id}`, user).send({ owner: 'x' }).expect(400);
    const listed = await app.call('get', '/projects?status=archived', user).expect(200);
    expect([listed.body.map((project: { id: string }) => project.id), listed.headers['x-total-count']]).toEqual([
      [id],
      '1',
    ]);
    await app.call('delete', `/projects/${id}`, user).expect(204);
    await app.call('get', `/projects/${id}`, user).expect(404);
  });

  it('take null for a language that is not given, and can list the file', async () => {
    const id = await create();
    const file = { path: 'a.ts', content: 'x', language: null };
    const { body } = await app.call('post', `/projects/${id}/files`, user).send(file).expect(201);
    expect([body.language, (await list(id)).files[0].language]).toEqual(['typescript', 'typescript']);
  });

  it('keep files with their last 20 versions, which can be read and deleted', async () => {
    const id = await create();
    const first = await write(id, 'src/main.ts', 'const a = 1;').expect(201);
    expect(first.body).toEqual({ path: 'src/main.ts', content: 'const a = 1;', language: 'typescript', version: 1 });
    for (let version = 2; version <= 22; version += 1)
      await write(id, 'src/main.ts', `const a = ${version};`).expect(200);
    expect((await content(id, 'src/main.ts').expect(200)).body).toMatchObject({
      content: 'const a = 22;',
      version: 22,
    });
    expect((await content(id, 'src/main.ts', { version: 3 }).expect(200)).body).toMatchObject({
      content: 'const a = 3;',
    });
    await content(id, 'src/main.ts', { version: 2 }).expect(404);
    const { count, files } = await list(id, 'src/');
    const checksum = createHash('sha256').update('const a = 22;').digest('hex');
    expect([count, files]).toEqual([
      1,
      [expect.objectContaining({ path: 'src/main.ts', size_bytes: 13, checksum, version: 22 })],
    ]);
    expect((await list(id, 'lib')).files).toEqual([]);
    const remove = (query: object) =>
      app.call('delete', `/projects/${id}/files/content`, user).query({ path: 'src/main.ts', ...query });
    await remove({ version: 22 }).expect(409);
    await remove({ version: 3 }).expect(204);
    await content(id, 'src/main.ts', { version: 3 }).expect(404);
    await remove({}).set('If-Match', '"21"').expect(412);
    await remove({}).set('If-Match', '"22"').expect(204);
    await content(id, 'src/main.ts').expect(404);
  });

  it('refuse to overwrite what the client has not seen, and a content in the address', async () => {
    const id = await create();
    await write(id, 'a.md', 'one').set('If-None-Match', '*').expect(201);
    await write(id, 'a.md', 'two').set('If-None-Match', '*').expect(412);
    await write(id, 'a.md', 'two').set('If-Match', '"7"').expect(412);
    const written = await write(id, 'a.md', 'two').set('If-Match', '"1"').expect(200);
    expect(written.headers['etag']).toBe('"2"');
    const inAddress = app.call('post', `/projects/${id}/files?content=x`, user).send({ path: 'b.md', content: 'x' });
    expect((await inAddress.expect(400)).body.errors[0].field).toBe('content');
  });

  it('give a file that is deleted and created again other versions than before', async () => {
    const id = await create();
    const remove = (path: string) => app.call('delete', `/projects/${id}/files/content`, user).query({ path });
    await write(id, 'a.md', 'one').expect(201);
    await write(id, 'a.md', 'two').expect(200);
    await remove('a.md').expect(204);
    expect((await write(id, 'a.md', 'three').expect(201)).body.version).toBe(3);
    for (const version of [1, 2]) {
      await write(id, 'a.md', 'stale').set('If-Match', `"${version}"`).expect(412);
      await remove('a.md').set('If-Match', `"${version}"`).expect(412);
      await content(id, 'a.md', { version }).expect(404);
    }
    await write(id, 'b.md', 'x').expect(201);
    await remove('b.md').expect(204);
    await write(id, 'a.md', 'four').set('If-Match', '"3"').expect(200);
  });

  it('let one of fifty writers with the same If-Match win', async () => {
    const id = await create();
    await write(id, 'a.md', 'start').expect(201);
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => write(id, 'a.md', `writer ${index}`).set('If-Match', '"1"')),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 412)).toHaveLength(49);
  });

  it('refuse hostile paths on every route', async () => {
    const id = await create();
    await write(id, 'a', 'x').expect(201);
    const accepted: unknown[] = [];
    for (const path of HOSTILE_PATHS) {
      // A query has no lone surrogates: those arrive as U+FFFD, which a path may have.
      const inQuery = path.isWellFormed()
        ? (['get', 'delete'] as const).flatMap((method) =>
            [{ path }, { path, version: 1 }].map((query) =>
              app.call(method, `/projects/${id}/files/content`, user).query(query),
            ),
          )
        : [];
      for (const { status, body } of await Promise.all([write(id, path, 'x'), ...inQuery])) {
        const isRefused = status === 400 && ['invalid_path', ...EDGE_CODES].includes(body.code);
        if (!isRefused) accepted.push([path, status, body]);
      }
    }
    expect(HOSTILE_PATHS.length).toBeGreaterThanOrEqual(60);
    expect(accepted).toEqual([]);
    expect((await list(id)).files.map((file: { path: string }) => file.path)).toEqual(['a']);
  });

  it('have at most 2,000 files', async () => {
    const id = await create();
    await app.nest.get(Database).query('UPDATE code_projects SET file_count = 1999 WHERE id = $1', [id]);
    await write(id, 'last.md', 'x').expect(201);
    const refused = await write(id, 'more.md', 'x').expect(409);
    expect(refused.body).toMatchObject({ code: 'conflict', detail: 'A project has at most 2000 files' });
    await write(id, 'last.md', 'y').expect(200);
  });

  it('refuse twins by case and form, and a file in the place of a folder', async () => {
    const id = await create();
    await write(id, 'src/Main.ts', 'x').expect(201);
    for (const path of ['src/main.ts', 'SRC/MAIN.TS', 'src', 'SRC', 'src/Main.ts/deep']) {
      expect((await write(id, path, 'x').expect(409)).body.code).toBe('conflict');
    }
    await content(id, 'src/main.ts').expect(404);
    await write(id, 'src/Main.tsx', 'x').expect(201);
  });

  it('take 1 MiB of text and no more, and no broken Unicode', async () => {
    const id = await create();
    const text = '\u0001'.repeat(1_048_576);
    await write(id, 'long.txt', text).expect(201);
    expect((await content(id, 'long.txt').expect(200)).body.content).toHaveLength(text.length);
    await write(id, 'longer.txt', `${text}a`).expect(413);
    await app
      .call('post', `/projects/${id}/files`, user)
      .set('Content-Type', 'application/json')
      .send('{"path":"a.txt","content":"\\ud800"}')
      .expect(400);
  });

  it('count their files against the storage quota, and give it back', async () => {
    const owner = await app.user('pro');
    const id = await create(owner);
    await write(id, 'a.md', 'a'.repeat(1_000), owner).expect(201);
    await write(id, 'a.md', 'a'.repeat(1_000), owner).expect(200);
    const used = await usage(owner);
    expect(used.count).toBe(1);
    expect(used.bytes).toBeGreaterThanOrEqual(2_000);
    await app.call('delete', `/projects/${id}`, owner).expect(204);
    expect(await usage(owner)).toEqual({ bytes: 0, count: 0 });
    const free = await app.user();
    const refused = await write(await create(free), 'a.md', 'a', free).expect(402);
    expect(refused.body).toMatchObject({ code: 'upgrade_required', required_tier: 'pro' });
  });

  it('are streamed as a zip archive', async () => {
    const id = await create();
    await write(id, 'src/main.ts', 'main').expect(201);
    await write(id, 'Übersicht.md', 'ü').expect(201);
    await write(id, 'empty.txt', '').expect(201);
    const archive = await app.call('get', `/projects/${id}/archive`, user).buffer(true).parse(binary).expect(200);
    expect(await entriesOf(archive.body)).toEqual({ 'src/main.ts': 'main', 'Übersicht.md': 'ü', 'empty.txt': '' });
  });

  it('are streamed to the end, also where the list of entries is longer than a buffer of a stream', async () => {
    const id = await create();
    const folder = `${'d'.repeat(200)}/${'e'.repeat(200)}`;
    const names = Array.from({ length: 40 }, (_, index) => `${folder}/${index}.txt`);
    for (const name of names) await write(id, name, 'x').expect(201);
    const archive = await app.call('get', `/projects/${id}/archive`, user).buffer(true).parse(binary).expect(200);
    expect(Object.keys(await entriesOf(archive.body)).sort()).toEqual([...names].sort());
  });

  it('do not exist for others', async () => {
    const id = await create();
    await write(id, 'a.md', 'x').expect(201);
    const other = await app.user('pro');
    const requests = [
      app.call('get', `/projects/${id}`, other),
      app.call('put', `/projects/${id}`, other).send({ title: 'x' }),
      app.call('delete', `/projects/${id}`, other),
      app.call('get', `/projects/${id}/files`, other),
      app.call('get', `/projects/${id}/files/content?path=a.md`, other),
      app.call('delete', `/projects/${id}/files/content?path=a.md`, other),
      write(id, 'a.md', 'y', other),
      app.call('get', `/projects/${id}/archive`, other),
    ];
    expect((await Promise.all(requests)).map(({ status }) => status)).toEqual(requests.map(() => 404));
  });

  it('keep nothing of titles, paths and contents in plaintext', async () => {
    const id = await create(user, {
      title: 'canary-title',
      description: 'canary-description',
      tech_stack: ['canary-stack'],
    });
    await write(id, 'canary-path.md', 'canary-content').expect(201);
    await app.call('put', `/projects/${id}`, user).send({ requirements_spec: 'canary-spec' }).expect(200);
    const database = app.nest.get(Database);
    for (const table of ['code_projects', 'code_files', 'code_file_versions']) {
      const rows = await database.query<{ text: string }>(`SELECT row::text AS text FROM ${table} row`);
      expect(rows.length).toBeGreaterThan(0);
      const stored = rows.map(({ text }) => text).join(' ');
      expect(stored).not.toContain('canary');
      expect(stored).not.toContain(Buffer.from('canary').toString('hex'));
    }
    expect(app.log.join('\n')).not.toContain('canary');
  });
});
