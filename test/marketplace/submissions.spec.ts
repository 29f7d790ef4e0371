import { newId } from '@adiuva/kernel';
import { BlobStore, Database, parseKey } from '@adiuva/platform';
import { Readable } from 'node:stream';
import { eventually, TestApp, type TestUser } from '../support/app';
import { zip, zipOf } from '../support/builders/zip';
import { BAD_PACKAGES, GOOD_PACKAGES, MANIFEST } from './package-samples';
import { binary, pathOf, sha256, Store } from './store';

describe('what authors send to the marketplace', () => {
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

  describe('submissions', () => {
    it('are taken from any signed-in user and wait for their review', async () => {
      const { body } = await store.submit(author).expect(201);
      expect(body).toEqual({ plugin_id: expect.any(String), version: '1.0.0', status: 'pending_review' });
      await app.call('get', `/plugins/${body.plugin_id}`, user).expect(404);
      await store.install(user, body.plugin_id).expect(404);
      const mine = await app.call('get', '/plugins/mine', author).expect(200);
      expect(mine.body.plugins[0]).toMatchObject({
        id: body.plugin_id,
        status: 'pending_review',
        version: null,
        reason: null,
      });
    });

    it('are refused with rule, file and line when the package is bad, and leave nothing behind', async () => {
      const before = await blobs();
      const someone = await app.user();
      for (const bad of BAD_PACKAGES) {
        const { status, body } = await store.submit(someone, {}, bad.bytes());
        expect([bad.what, status, body.code]).toEqual([bad.what, 400, 'validation_failed']);
        expect(body.errors).toContainEqual(
          expect.objectContaining({
            field: 'package',
            message: expect.stringContaining(bad.rule),
            rule: bad.rule,
            ...(bad.file === undefined ? {} : { file: bad.file }),
            ...(bad.line === undefined ? {} : { line: bad.line }),
          }),
        );
      }
      expect(await blobs()).toBe(before);
      expect((await app.call('get', '/plugins/mine', someone)).body.total).toBe(0);
    });

    it('pass when the package is good', async () => {
      const someone = await app.user();
      for (const good of GOOD_PACKAGES) {
        const { status } = await store.submit(someone, {}, good.bytes());
        expect([good.what, status]).toEqual([good.what, 201]);
      }
    });

    it('are refused when the manifest is bad, each field by its name', async () => {
      const { body } = await store
        .submit(author, { permissions: ['disk:write'], price_cents: -1, color: 'red' })
        .expect(400);
      expect(body.errors.map(({ field }: { field: string }) => field).sort()).toEqual([
        'manifest',
        'manifest.permissions.0',
        'manifest.price_cents',
      ]);
    });

    it('are refused when parts are missing, doubled, unknown, too large or not multipart', async () => {
      const post = () => app.call('post', '/plugins', author);
      const bytes = zipOf({ 'a.js': '1' });
      const manifest = JSON.stringify(MANIFEST);
      await post().field('manifest', manifest).expect(400);
      await post().attach('package', bytes, 'p.zip').expect(400);
      await post()
        .field('manifest', manifest)
        .field('manifest', manifest)
        .attach('package', bytes, 'p.zip')
        .expect(400);
      await post()
        .field('manifest', manifest)
        .attach('package', bytes, 'p.zip')
        .attach('package', bytes, 'q.zip')
        .expect(400);
      await post().field('manifest', manifest).field('extra', '1').attach('package', bytes, 'p.zip').expect(400);
      await post().field('manifest', 'x'.repeat(70_000)).attach('package', bytes, 'p.zip').expect(400);
      await post().field('manifest', manifest).field('package', 'text').expect(400);
      await post().send(MANIFEST).expect(415);
      await post().set('Content-Type', 'application/zip').send(bytes).expect(415);
      await post().set('Content-Type', 'multipart/form-data').send('x').expect(400);
      const large = await post()
        .field('manifest', manifest)
        .attach('package', Buffer.alloc(11 * 1024 * 1024), 'p.zip');
      expect([large.status, large.body.code]).toEqual([413, 'payload_too_large']);
      await app.call('post', '/plugins').field('manifest', manifest).expect(401);
    });

    it('take the manifest as a file too, and hold the package against its checksum', async () => {
      const bytes = zipOf({ 'a.js': '1' });
      const post = () =>
        app.call('post', '/plugins', author).attach('manifest', Buffer.from(JSON.stringify(MANIFEST)), 'manifest.json');
      await post().field('checksum', sha256(bytes)).attach('package', bytes, 'p.zip').expect(201);
      const { body } = await post()
        .field('checksum', sha256(Buffer.from('other')))
        .attach('package', bytes, 'p.zip')
        .expect(400);
      expect(body.code).toBe('checksum_mismatch');
    });

    it('with an idempotency key are taken once, and another package of the same length is refused', async () => {
      const someone = await app.user();
      const send = (code: string, changes: object = {}, key = 'once') =>
        store
          .submit(someone, changes, zip([{ name: 'main.js', data: code, stored: true }]))
          .set('Idempotency-Key', key);
      const before = await blobs();
      const first = await send('let a = 1;').expect(201);
      const again = await send('let a = 1;').expect(201);
      expect([again.body, again.headers['idempotency-replayed']]).toEqual([first.body, 'true']);
      for (const other of [send('let a = 2;'), send('let a = 1;', { version: '1.0.1' })]) {
        expect((await other.expect(422)).body.code).toBe('idempotency_key_reused');
      }
      await send('let a = 1;', {}, ' ').expect(400);
      const many = await Promise.all(Array.from({ length: 6 }, () => send('let a = 1;', {}, 'many')));
      expect(new Set(many.filter(({ status }) => status === 201).map(({ body }) => body.plugin_id)).size).toBe(1);
      expect(many.filter(({ status }) => status !== 201 && status !== 409)).toEqual([]);
      expect((await app.call('get', '/plugins/mine', someone)).body.total).toBe(2);
      expect((await blobs()) - before).toBe(2);
    });

    it('leave nothing behind when they are cut off', async () => {
      const before = await blobs();
      const head = `--x\r\nContent-Disposition: form-data; name="package"; filename="p"\r\nContent-Type: application/zip\r\n\r\n`;
      const body = new ReadableStream({
        start: (controller) => controller.enqueue(Buffer.from(head + 'PK'.repeat(1_000))),
        pull: () => undefined,
      });
      const aborter = new AbortController();
      const sending = fetch(`${app.url}/api/v1/plugins`, {
        method: 'POST',
        headers: { authorization: `Bearer ${author.accessToken}`, 'content-type': 'multipart/form-data; boundary=x' },
        body,
        duplex: 'half',
        signal: aborter.signal,
      });
      setTimeout(() => aborter.abort(), 300);
      await expect(sending).rejects.toThrow();
      await eventually(async () => (await blobs()) === before);
    });

    it('are limited for one author', async () => {
      const busy = await app.user();
      const [developer] = [await store.submit(busy).expect(201)].map(({ body }) => body.plugin_id);
      await rows(
        `INSERT INTO plugin_versions (id, plugin_id, version, manifest, blob_key, checksum, size_bytes, state, findings)
         SELECT gen_random_uuid(), $1, '0.0.' || n, '{"name":"x","author":"y"}', 'plugins/x', '', 1, 'pending_review', '[]'
         FROM generate_series(1, 199) n`,
        [developer],
      );
      await store.submit(busy).expect(409);
      await rows('DELETE FROM plugin_versions WHERE plugin_id = $1', [developer]);
    });
  });

  describe('versions', () => {
    it('only grow, and only for the author', async () => {
      const pluginId = await store.publish(author);
      await store.submitVersion(user, pluginId, { version: '1.0.1' }).expect(404);
      await store.submitVersion(author, newId(), { version: '1.0.1' }).expect(404);
      await store.submitVersion(author, pluginId, { version: '1.0.0' }).expect(409);
      await store.submitVersion(author, pluginId, { version: '0.9.0' }).expect(409);
      await store.submitVersion(author, pluginId, { version: '1.10.0' }).expect(201);
      await store.submitVersion(author, pluginId, { version: '1.9.0' }).expect(409);
      const { body } = await app.call('get', `/plugins/${pluginId}`, user).expect(200);
      expect([body.version, body.versions.length]).toEqual(['1.0.0', 1]);
    });

    it('that were rejected may be submitted again, and those that were accepted never change', async () => {
      const pluginId = await store.publish(author);
      await store.submitVersion(author, pluginId, { version: '2.0.0' }).expect(201);
      await store.decide(admin, pluginId, 'reject', 'please explain').expect(200);
      await store.submitVersion(author, pluginId, { version: '2.0.0' }).expect(201);
      await store.decide(admin, pluginId, 'approve').expect(200);
      await store.submitVersion(author, pluginId, { version: '2.0.0' }).expect(409);
    });

    it('of one number that come at once make one', async () => {
      const pluginId = await store.publish(author);
      const answers = await Promise.all(
        Array.from({ length: 5 }, () => store.submitVersion(author, pluginId, { version: '1.1.0' })),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409]);
    });
  });

  describe('reviews', () => {
    it('are for administrators', async () => {
      const { body } = await store.submit(author).expect(201);
      for (const path of ['/admin/plugins/reviews', `/admin/plugins/reviews/${body.plugin_id}`, '/admin/audit']) {
        await app.call('get', path, author).expect(403);
        await app.call('get', path).expect(401);
      }
      await store.decide(author, body.plugin_id, 'approve').expect(403);
      await app.call('post', `/admin/plugins/${body.plugin_id}/unlist`, author).send({}).expect(403);
      await app.call('post', '/admin/payouts', author).send({ period: '2026-10' }).expect(403);
    });

    it('come oldest first, with findings, the difference of permissions and the package', async () => {
      const pluginId = await store.publish(author, { permissions: ['notes:read', 'tasks:read'] });
      const bytes = zipOf({ 'main.js': 'eval(input);\n' });
      await store
        .submitVersion(author, pluginId, { version: '1.1.0', permissions: ['notes:read', 'network:fetch'] }, bytes)
        .expect(201);
      const queue: { id: string; submitted_at: number; plugin_id: string }[] = [];
      for (let page = 1; ; page += 1) {
        const { body } = await app.call('get', `/admin/plugins/reviews?limit=100&page=${page}`, admin).expect(200);
        queue.push(...body.reviews);
        if (queue.length >= body.total || body.reviews.length === 0) break;
      }
      const times = queue.map((review) => review.submitted_at);
      expect(times).toEqual([...times].sort((one, other) => one - other));
      const review = queue.find((entry) => entry.plugin_id === pluginId);
      const { body } = await app.call('get', `/admin/plugins/reviews/${review?.id}`, admin).expect(200);
      expect(body).toMatchObject({
        plugin_id: pluginId,
        status: 'pending_review',
        last_version: '1.0.0',
        checksum: sha256(bytes),
        permissions: { added: ['network:fetch'], removed: ['tasks:read'] },
        findings: [{ rule: 'runs_code', severity: 'warning', file: 'main.js', line: 1 }],
      });
      expect((await bytesOf(body.download_url)).body).toEqual(bytes);
    });

    it('are never decided by the author', async () => {
      const reviewer = await app.admin();
      const { body } = await store.submit(reviewer).expect(201);
      await store.decide(reviewer, body.plugin_id, 'approve').expect(403);
      await app.call('post', `/admin/plugins/reviews/${body.plugin_id}/claim`, reviewer).send({}).expect(403);
      await store.decide(admin, body.plugin_id, 'approve').expect(200);
    });

    it('are claimed by one colleague at a time', async () => {
      const other = await app.admin();
      const { body } = await store.submit(author).expect(201);
      const claim = (who: TestUser, what = 'claim') =>
        app.call('post', `/admin/plugins/reviews/${body.plugin_id}/${what}`, who).send({});
      await claim(admin).expect(200);
      await claim(admin).expect(200);
      await claim(other).expect(409);
      await store.decide(other, body.plugin_id, 'approve').expect(409);
      await claim(admin, 'release').expect(200);
      await claim(other).expect(200);
      await store.decide(other, body.plugin_id, 'approve').expect(200);
      await store.decide(other, body.plugin_id, 'reject', 'too late').expect(404);
    });

    it('need a reason to reject, which the author sees', async () => {
      const { body } = await store.submit(author).expect(201);
      await store.decide(admin, body.plugin_id, 'reject').expect(400);
      await store.decide(admin, body.plugin_id, 'reject', '  ').expect(400);
      await store.decide(admin, body.plugin_id, 'reject', 'It does nothing.').expect(200);
      const mine = await app.call('get', '/plugins/mine?limit=100', author).expect(200);
      const plugin = mine.body.plugins.find(({ id }: { id: string }) => id === body.plugin_id);
      expect(plugin).toMatchObject({ status: 'rejected', reason: 'It does nothing.', listing: 'unpublished' });
      expect(
        JSON.stringify(await rows('SELECT * FROM plugin_versions WHERE plugin_id = $1', [body.plugin_id])),
      ).not.toContain('It does nothing');
    });

    it('approve only the bytes that were submitted', async () => {
      const { body } = await store.submit(author).expect(201);
      const [version] = await rows<{ id: string; blob_key: string }>(
        'SELECT id, blob_key FROM plugin_versions WHERE plugin_id = $1',
        [body.plugin_id],
      );
      const key = parseKey(version?.blob_key ?? '');
      const blobStore = app.nest.get(BlobStore);
      await blobStore.delete([key]);
      await blobStore.put(key, Readable.from([zipOf({ 'main.js': 'another' })]), { maxBytes: 10_000 });
      const refused = await store.decide(admin, body.plugin_id, 'approve').expect(422);
      expect(refused.body.errors).toEqual([expect.objectContaining({ rule: 'checksum' })]);
      await app.call('get', `/plugins/${body.plugin_id}`, user).expect(404);
    });

    it('that are decided at once are decided once', async () => {
      const { body } = await store.submit(author).expect(201);
      const reviews = await app.call('get', `/admin/plugins/reviews/${body.plugin_id}`, admin);
      const answers = await Promise.all([1, 2, 3, 4].map(() => store.decide(admin, reviews.body.id, 'approve')));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409]);
    });
  });
});
