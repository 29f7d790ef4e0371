import { randomUUID } from 'node:crypto';
import { Environment } from '@adiuva/config';
import { BlobStore, safeKey } from '@adiuva/platform';
import { findLosses, sweep } from '../../apps/cli/src/sweep.command';
import { TestApp } from '../support/app';
import { cipher, RecordClient } from './record-client';

const KEEP = { remove: false, force: false };
const REMOVE = { remove: true, force: false };
const FORCE = { remove: true, force: true };

describe('the sweep by hand', () => {
  let app: TestApp;
  let records: RecordClient;

  beforeAll(async () => {
    app = await TestApp.start();
    records = new RecordClient(app, await app.user('power'));
  });
  afterAll(() => app.stop());

  /** Beside the running server, as an operator would. */
  const environment = (minutes = 0): Environment =>
    new Environment({
      ENV: 'test',
      LOG_LEVEL: 'silent',
      DATA_DIR: app.dataDir,
      DATABASE_URL: app.database.url,
      BLOB_ORPHAN_MINUTES: String(minutes),
    });

  async function orphans(count: number): Promise<void> {
    for (let made = 0; made < count; made += 1) {
      const key = safeKey(records.user.id, 'notes', `${randomUUID()}.1-0123456789abcdef`);
      await app.nest.get(BlobStore).put(key, cipher(10), { maxBytes: 10 });
    }
  }

  it('counts, and removes nothing before it is told to', async () => {
    const { id, bytes } = await records.made();
    await orphans(2);
    expect(await sweep(environment(), KEEP)).toMatch(
      /^3 objects .* names 2 \(20 bytes\).* 0 unfinished uploads\. Nothing was removed\.$/,
    );
    expect(await sweep(environment(60), REMOVE)).toMatch(/names 0 \(0 bytes\)/);
    expect(await sweep(environment(), REMOVE)).toMatch(/Removed 2 objects/);
    expect(await sweep(environment(), KEEP)).toMatch(/^1 objects of records, of which no row names 0/);
    expect((await records.get(id)).body).toEqual(bytes);
  });

  it('refuses to remove a great part of all unless it is forced, and no record suffers', async () => {
    const { id, bytes } = await records.made();
    await orphans(1_001);
    expect(await sweep(environment(), REMOVE)).toMatch(/names 1001 .*Nothing was removed, because so many/);
    expect(await sweep(environment(), FORCE)).toMatch(/Removed 1001 objects/);
    expect((await records.get(id)).body).toEqual(bytes);
  });

  it('names the records that have lost their object, and their users', async () => {
    expect(await findLosses(environment())).toMatch(/^Each of \d+ records has its object\.$/);
    const { id } = await records.made();
    const store = app.nest.get(BlobStore);
    for await (const { key } of store.list(`${records.user.id}/notes/${id}`))
      await store.delete([safeKey(...key.split('/'))]);
    expect(await findLosses(environment())).toMatch(new RegExp(`have lost .*\\n  ${records.user.id} ${id}$`));
  });
});
