import { randomBytes } from 'node:crypto';
import { BlobStore, Database } from '@adiuva/platform';
import { TestApp } from '../support/app';
import { zip } from '../support/builders/zip';
import { Store } from './store';

describe('the packages of one author that wait for a review', () => {
  it('count against a bound in bytes, however many arrive concurrently, and a decision frees it', async () => {
    const app = await TestApp.start({ PLUGIN_PENDING_MAX_BYTES: '100000' });
    try {
      const store = new Store(app);
      const [author, other] = [await app.user(), await app.user()];
      // Random bytes alone may begin as a program or an archive does.
      const bytes = () => zip([{ name: 'data.bin', data: Buffer.concat([Buffer.of(0), randomBytes(30_000)]) }]);
      const sent = await Promise.all(Array.from({ length: 8 }, () => store.submit(author, {}, bytes())));
      expect(sent.map(({ status }) => status).sort()).toEqual([201, 201, 201, 409, 409, 409, 409, 409]);
      const refused = sent.find(({ status }) => status === 409);
      expect(refused?.body).toMatchObject({ code: 'conflict', detail: expect.stringContaining('100000 bytes') });
      let objects = 0;
      for await (const entry of app.nest.get(BlobStore).list('plugins/')) objects += entry.size > 0 ? 1 : 0;
      const rows = await app.nest.get(Database).query('SELECT 1 FROM plugin_versions');
      expect([objects, rows.length]).toEqual([3, 3]);
      await store.submit(other, {}, bytes()).expect(201);
      const accepted = sent.find(({ status }) => status === 201);
      await store.decide(await store.admin(), accepted?.body.plugin_id, 'reject', 'Too large').expect(200);
      await store.submit(author, {}, bytes()).expect(201);
    } finally {
      await app.stop();
    }
  });
});
