import { createPublicKey, verify } from 'node:crypto';
import { newId } from '@adiuva/kernel';
import { BlobStore, Database, parseKey } from '@adiuva/platform';
import { Readable } from 'node:stream';
import { eventually, TestApp, type TestUser } from '../support/app';
import { zipOf } from '../support/builders/zip';
import { MANIFEST } from './package-samples';
import { binary, pathOf, sha256, Store } from './store';

describe('the marketplace', () => {
  let app: TestApp;
  let store: Store;
  let author: TestUser;
  let user: TestUser;
  let admin: TestUser;

  beforeAll(async () => {
    app = await TestApp.start({ PLUGIN_PENDING_MAX: '200' });
    store = new Store(app);
    [author, user, admin] = [await app.user('free'), await app.user('power'), await store.admin()];
  });
  afterAll(() => app.stop());

  const blobs = async (): Promise<number> => {
    let count = 0;
    for await (const entry of app.nest.get(BlobStore).list('plugins/')) count += entry.size > 0 ? 1 : 0;
    return count;
  };
  const rows = <R>(sql: string, values: unknown[] = []) => app.nest.get(Database).query<R>(sql, values);
  const bytesOf = (url: string) => app.call('get', pathOf(url)).buffer(true).parse(binary);

  describe('the catalogue', () => {
    it('is for power and team', async () => {
      const pluginId = await store.publish(author);
      for (const tier of ['free', 'pro'] as const) {
        const poor = await app.user(tier);
        const calls = [
          app.call('get', '/plugins', poor),
          app.call('get', `/plugins/${pluginId}`, poor),
          store.install(poor, pluginId),
          app.call('delete', `/plugins/${pluginId}/install`, poor),
          app.call('put', `/plugins/${pluginId}/rating`, poor).send({ stars: 5 }),
        ];
        for (const { status, body } of await Promise.all(calls)) {
          expect([status, body.code, body.required_tier]).toEqual([402, 'upgrade_required', 'power']);
        }
      }
      await app.call('get', '/plugins', await app.user('team')).expect(200);
    });

    it('shows a manifest as it was approved, and nothing else', async () => {
      const pluginId = await store.publish(author, { name: 'Exactly This' });
      const { body } = await app.call('get', '/plugins?q=exactly', user).expect(200);
      expect(body).toEqual({ plugins: [{ ...MANIFEST, name: 'Exactly This', id: pluginId }], total: 1, page: 1 });
    });

    it('finds by words of name, author, category and description, in any form', async () => {
      const pluginId = await store.publish(author, {
        name: 'Zeppelin Timetables',
        author: 'Graf Ferdinand',
        category: 'aviation',
        description: 'Plans flights over Lake Constance. Überflüge inklusive.',
      });
      const found = async (q: string) => {
        const { body } = await app.call('get', `/plugins?q=${encodeURIComponent(q)}`, user).expect(200);
        return body.plugins.some(({ id }: { id: string }) => id === pluginId);
      };
      for (const q of [
        'zeppelin',
        'ZEPP',
        'timetable zeppelin',
        'flight',
        'planning',
        'ferdinand',
        'aviation',
        'überflüge',
        'lake-constance',
      ]) {
        expect([q, await found(q)]).toEqual([q, true]);
      }
      for (const q of ['submarine', 'zeppelin submarine', "'; DROP TABLE plugins", '&|!:*()', '%', '\\', ' ']) {
        expect([q, await found(q)]).toEqual([q, false]);
      }
      await app.call('get', '/plugins?q=%00', user).expect(400);
      await app.call('get', '/plugins?category=%00', user).expect(400);
      await app.call('get', `/plugins?q=${'a'.repeat(201)}`, user).expect(400);
    });

    it('filters by category and pages', async () => {
      const category = 'Bee Keeping';
      const ids: string[] = [];
      for (let index = 0; index < 5; index += 1) ids.push(await store.publish(author, { category }));
      const list = async (query: string) =>
        (await app.call('get', `/plugins?category=bee%20keeping&${query}`, user).expect(200)).body;
      const first = await list('limit=2&sort=newest');
      const third = await list('limit=2&page=3&sort=newest');
      expect([first.total, first.page, first.plugins.map(({ id }: { id: string }) => id)]).toEqual([
        5,
        1,
        [ids[4], ids[3]],
      ]);
      expect([third.page, third.plugins.map(({ id }: { id: string }) => id)]).toEqual([3, [ids[0]]]);
      for (const query of ['page=0', 'limit=101', 'limit=x', 'sort=price', 'page=1&page=2', 'color=red']) {
        await app.call('get', `/plugins?${query}`, user).expect(400);
      }
    });

    it('sorts by rating, by installs and by newest', async () => {
      const category = 'sorted';
      const [low, high] = [await store.publish(author, { category }), await store.publish(author, { category })];
      const other = await app.user('power');
      for (const who of [user, other]) await store.install(who, low).expect(200);
      await store.install(user, high).expect(200);
      await app.call('put', `/plugins/${low}/rating`, user).send({ stars: 2 }).expect(200);
      await app.call('put', `/plugins/${high}/rating`, user).send({ stars: 5 }).expect(200);
      const order = async (sort: string) =>
        (await app.call('get', `/plugins?category=sorted&sort=${sort}`, user).expect(200)).body.plugins.map(
          ({ id }: { id: string }) => id,
        );
      expect(await order('rating')).toEqual([high, low]);
      expect(await order('installs')).toEqual([low, high]);
      expect(await order('newest')).toEqual([high, low]);
    });
  });

  describe('installing', () => {
    it('hands out the signed package by an address of five minutes, without a token', async () => {
      const bytes = zipOf({ 'main.js': 'export default 42;\n' });
      const pluginId = await store.publish(author, {}, bytes);
      const { body } = await store.install(user, pluginId).expect(200);
      expect(body).toEqual({ ok: true, download_url: expect.any(String) });
      const answer = await bytesOf(body.download_url).expect(200);
      expect(answer.body).toEqual(bytes);
      expect(answer.headers).toMatchObject({
        'content-type': 'application/octet-stream',
        'content-disposition': expect.stringContaining('attachment'),
        'cache-control': 'private, no-store',
        'x-content-type-options': 'nosniff',
        'x-checksum': sha256(bytes),
        'x-plugin-version': '1.0.0',
      });
      const { body: keys } = await app.call('get', '/plugins/signing-key').expect(200);
      const { versions } = (await app.call('get', `/plugins/${pluginId}`, user)).body;
      expect(versions[0]).toMatchObject({
        signature: answer.headers['x-signature'],
        key_id: keys.keys[0].key_id,
        checksum: sha256(bytes),
      });
      const isGenuine = (content: Buffer) =>
        verify(
          null,
          Buffer.from(`adiuva plugin package 1\n${pluginId}\n1.0.0\n${sha256(content)}\n${content.length}\n`),
          createPublicKey({
            key: {
              kty: 'OKP',
              crv: 'Ed25519',
              x: Buffer.from(keys.keys[0].public_key, 'base64').toString('base64url'),
            },
            format: 'jwk',
          }),
          Buffer.from(String(answer.headers['x-signature']), 'base64'),
        );
      expect(isGenuine(bytes)).toBe(true);
      for (let at = 0; at < bytes.length; at += 7) {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ 1;
        expect(isGenuine(changed)).toBe(false);
      }
    });

    it('gives addresses that cannot be forged or stretched', async () => {
      const pluginId = await store.publish(author);
      const asked = Date.now();
      const { body } = await store.install(user, pluginId).expect(200);
      const answered = Date.now();
      const path = pathOf(body.download_url);
      const [payload = '', mac = ''] = path.slice('/plugin-packages/'.length).split('.');
      const ticket: unknown[] = JSON.parse(Buffer.from(payload, 'base64url').toString());
      const altered = (change: (parts: unknown[]) => void) => {
        const copy = [...ticket];
        change(copy);
        return `${Buffer.from(JSON.stringify(copy)).toString('base64url')}.${mac}`;
      };
      const forged = [
        altered((parts) => (parts[2] = Number(parts[2]) + 600)),
        altered((parts) => (parts[3] = true)),
        altered((parts) => (parts[0] = newId())),
        `${payload}.${'A'.repeat(43)}`,
        `${payload}.`,
        payload,
        'x',
        `${payload}.${mac}.x`,
        `${payload}.${mac}=`,
      ];
      for (const wrong of forged) await app.call('get', `/plugin-packages/${wrong}`).expect(404);
      expect(Number(ticket[2]) * 1_000).toBeGreaterThan(asked + 298_000);
      expect(Number(ticket[2]) * 1_000).toBeLessThanOrEqual(answered + 300_000);
      await app.call('get', path).expect(200);
    });

    it('counts users, not clicks', async () => {
      const pluginId = await store.publish(author);
      await Promise.all(Array.from({ length: 10 }, () => store.install(user, pluginId).expect(200)));
      const count = async () => (await app.call('get', `/plugins/${pluginId}`, user)).body;
      expect(await count()).toMatchObject({ install_count: 1, installed: true });
      expect((await app.call('delete', `/plugins/${pluginId}/install`, user).expect(200)).body).toEqual({ ok: true });
      expect(await count()).toMatchObject({ install_count: 0, installed: false });
      await app.call('delete', `/plugins/${pluginId}/install`, user).expect(404);
    });

    it('gives an older version to who asks, and none that was not approved', async () => {
      const pluginId = await store.publish(author, {}, zipOf({ 'main.js': 'one' }));
      await store.submitVersion(author, pluginId, { version: '1.1.0' }, zipOf({ 'main.js': 'two' })).expect(201);
      await store.install(user, pluginId, { plugin_id: pluginId, version: '1.1.0' }).expect(404);
      await store.decide(admin, pluginId, 'approve').expect(200);
      const { body } = await store.install(user, pluginId, { plugin_id: pluginId, version: '1.0.0' }).expect(200);
      expect((await bytesOf(body.download_url)).headers['x-plugin-version']).toBe('1.0.0');
      await store.install(user, pluginId, { plugin_id: newId() }).expect(400);
      await store.install(user, pluginId, { plugin_id: pluginId, path: '/' }).expect(400);
      await store.install(user, 'not-an-id').expect(404);
    });

    it('cuts the package off when its stored bytes have changed', async () => {
      const pluginId = await store.publish(author, {}, zipOf({ 'main.js': 'genuine genuine' }));
      const { body } = await store.install(user, pluginId).expect(200);
      const [version] = await rows<{ blob_key: string; size_bytes: number }>(
        'SELECT blob_key, size_bytes FROM plugin_versions WHERE plugin_id = $1',
        [pluginId],
      );
      const key = parseKey(version?.blob_key ?? '');
      await app.nest.get(BlobStore).delete([key]);
      await app.nest
        .get(BlobStore)
        .put(key, Readable.from([Buffer.alloc(version?.size_bytes ?? 0, 1)]), { maxBytes: 10_000 });
      const whole = fetch(`${app.url}/api/v1${pathOf(body.download_url)}`).then((answer) => answer.arrayBuffer());
      await expect(whole).rejects.toThrow();
    });
  });

  describe('ratings', () => {
    it('come from who has it, one each, and never from the author', async () => {
      const seller = await app.user('power');
      const pluginId = await store.publish(seller);
      const rate = (who: TestUser, stars: unknown, text?: string) =>
        app.call('put', `/plugins/${pluginId}/rating`, who).send({ stars, ...(text === undefined ? {} : { text }) });
      await rate(user, 4).expect(403);
      await store.install(user, pluginId).expect(200);
      await store.install(seller, pluginId).expect(200);
      await rate(seller, 5).expect(403);
      for (const wrong of [0, 6, 2.5, '5', null]) await rate(user, wrong).expect(400);
      await rate(user, 4, 'It knows my notes.').expect(200);
      await rate(user, 2, 'Second thoughts.').expect(200);
      const other = await app.user('team');
      await store.install(other, pluginId).expect(200);
      await rate(other, 5).expect(200);
      const { body } = await app.call('get', `/plugins/${pluginId}`, user);
      expect(body.ratings).toEqual({ average: 3.5, count: 2 });
      const mine = await app.call('get', '/plugins/mine', seller).expect(200);
      expect(mine.body.plugins[0].rating_texts.map(({ text }: { text: string | null }) => text).sort()).toEqual([
        'Second thoughts.',
        null,
      ]);
      expect(JSON.stringify(await rows('SELECT * FROM plugin_ratings'))).not.toContain('Second thoughts');
      await app.call('put', `/plugins/${newId()}/rating`, user).send({ stars: 3 }).expect(404);
    });

    it('need no words, absent, empty or null', async () => {
      const pluginId = await store.publish(author);
      await store.install(user, pluginId, { plugin_id: null, version: null }).expect(200);
      const rating = { stars: 3, text: 'Mine.' };
      for (const body of [rating, { ...rating, text: null }, rating, { ...rating, text: '' }, rating, { stars: 3 }]) {
        await app.call('put', `/plugins/${pluginId}/rating`, user).send(body).expect(200);
        const [row] = await rows<{ text: Buffer | null }>('SELECT text FROM plugin_ratings WHERE plugin_id = $1', [
          pluginId,
        ]);
        expect(row?.text === null).toBe(body !== rating);
      }
    });

    it('that come at once add up', async () => {
      const pluginId = await store.publish(author);
      const users = await Promise.all(Array.from({ length: 6 }, () => app.user('power')));
      for (const who of users) await store.install(who, pluginId).expect(200);
      await Promise.all(
        users.map((who, index) =>
          app
            .call('put', `/plugins/${pluginId}/rating`, who)
            .send({ stars: (index % 5) + 1 })
            .expect(200),
        ),
      );
      expect((await app.call('get', `/plugins/${pluginId}`, user)).body.ratings).toEqual({ average: 16 / 6, count: 6 });
    });
  });

  describe('administrators', () => {
    it('take a plugin out at once, also from addresses that were given before, and put it back', async () => {
      const pluginId = await store.publish(author, { category: 'shady' });
      const { body } = await store.install(user, pluginId).expect(200);
      await app.call('post', `/admin/plugins/${pluginId}/unlist`, admin).send({ version: null }).expect(200);
      await app.call('get', `/plugins/${pluginId}`, user).expect(404);
      await store.install(user, pluginId).expect(404);
      await app.call('get', pathOf(body.download_url)).expect(404);
      expect((await app.call('get', '/plugins?category=shady', user)).body.total).toBe(0);
      await app.call('delete', `/plugins/${pluginId}/install`, user).expect(200);
      await app.call('post', `/admin/plugins/${pluginId}/relist`, admin).send({}).expect(200);
      await app.call('get', `/plugins/${pluginId}`, user).expect(200);
      await app.call('post', `/admin/plugins/${newId()}/unlist`, admin).send({}).expect(404);
    });

    it('yank a version, so that the one before is served again', async () => {
      const pluginId = await store.publish(author, { description: 'The first.' });
      await store.submitVersion(author, pluginId, { version: '1.1.0', description: 'The second.' }).expect(201);
      await store.decide(admin, pluginId, 'approve').expect(200);
      const { body } = await store.install(user, pluginId).expect(200);
      await app.call('post', `/admin/plugins/${pluginId}/unlist`, admin).send({ version: '1.1.0' }).expect(200);
      await app.call('get', pathOf(body.download_url)).expect(404);
      const now = (await app.call('get', `/plugins/${pluginId}`, user).expect(200)).body;
      expect([now.version, now.description, now.versions.length]).toEqual(['1.0.0', 'The first.', 1]);
      await app.call('post', `/admin/plugins/${pluginId}/unlist`, admin).send({ version: '1.0.0' }).expect(200);
      await app.call('get', `/plugins/${pluginId}`, user).expect(404);
      await app.call('post', `/admin/plugins/${pluginId}/relist`, admin).send({}).expect(404);
    });

    it('leave a trace of what they do', async () => {
      const pluginId = await store.publish(author);
      await app.call('post', `/admin/plugins/${pluginId}/unlist`, admin).send({}).expect(200);
      const { body } = await app.call('get', '/admin/audit?limit=2', admin).expect(200);
      expect(body.events).toEqual([
        {
          id: expect.any(String),
          user_id: null,
          actor_id: admin.id,
          action: 'plugin.unlist',
          details: { subject: pluginId },
          at: expect.any(Number),
        },
        expect.objectContaining({
          action: 'review.approve',
          details: expect.objectContaining({ plugin_id: pluginId, version: '1.0.0' }),
        }),
      ]);
    });
  });

  it('publishes look-alikes of nobody', async () => {
    await store.publish(author, { name: 'Meeting Minutes' });
    const other = await app.user();
    const { body } = await store.submit(other, { name: 'Meet1ng Minutes' }).expect(400);
    expect(body.errors).toEqual([expect.objectContaining({ field: 'manifest.name', rule: 'look_alike_name' })]);
    await store.submit(author, { name: 'Meet1ng Minutes' }).expect(201);
    await store.submit(other, { name: 'Meeting Minutes' }).expect(201);
  });

  it('publishes no look-alike of a name whose skeleton was stored under another rule', async () => {
    const id = await store.publish(author, { name: 'Harvest Calendar' });
    const database = app.nest.get(Database);
    await database.query(`UPDATE plugins SET skeleton = 'harvestcalendar' WHERE id = $1`, [id]);
    const restarted = await TestApp.start({}, app);
    await restarted.stop();
    await store.submit(await app.user(), { name: 'Harvest Ca1endar' }).expect(400);
  });

  it('publishes no look-alike of what came while it waited', async () => {
    const other = await app.user();
    const { body } = await store.submit(other, { name: 'Garden P1anner' }).expect(201);
    await store.publish(author, { name: 'Garden Planner' });
    const refused = await store.decide(admin, body.plugin_id, 'approve').expect(422);
    expect(refused.body.errors).toEqual([expect.objectContaining({ rule: 'look_alike_name' })]);
    await store.decide(admin, body.plugin_id, 'reject', 'Somebody else has this name.').expect(200);
  });

  it('forgets an account with all that it has published, installed and rated', async () => {
    await app.startJobs();
    const [seller, reader] = [await app.user(), await app.user('power')];
    const [own, kept] = [await store.publish(seller), await store.publish(author)];
    for (const pluginId of [own, kept]) {
      await store.install(reader, pluginId).expect(200);
      await app.call('put', `/plugins/${pluginId}/rating`, reader).send({ stars: 1, text: 'mine' }).expect(200);
    }
    const before = await blobs();
    for (const gone of [reader, seller]) {
      await app.call('delete', '/auth/account', gone).send({ password: gone.password }).expect(202);
    }
    await eventually(
      async () => (await rows('SELECT 1 FROM users WHERE id = ANY ($1)', [[reader.id, seller.id]])).length === 0,
    );
    await eventually(async () => (await blobs()) === before - 1);
    await app.call('get', `/plugins/${own}`, user).expect(404);
    expect((await app.call('get', `/plugins/${kept}`, user).expect(200)).body).toMatchObject({
      install_count: 0,
      ratings: { average: 0, count: 0 },
    });
  });
});
