import { randomUUID } from 'node:crypto';
import { Environment } from '@adiuva/config';
import { BlobStore, Database, OrphanSweep, parseKey, safeKey } from '@adiuva/platform';
import { OrphanCollector } from '@adiuva/storage';
import { findLosses, sweep } from '../../apps/cli/src/sweep.command';
import { TestApp } from '../support/app';
import { ageOrphans } from '../support/builders/orphans';
import { cipher, RecordClient } from './record-client';

const KEEP = { remove: false, force: false };
const REMOVE = { remove: true, force: false };
const FORCE = { remove: true, force: true };

describe('the sweep that an operator runs', () => {
  let app: TestApp;
  let records: RecordClient;

  beforeAll(async () => {
    app = await TestApp.start({ BLOB_ORPHAN_MINUTES: '0' });
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
    expect(await sweep(environment(), REMOVE)).toMatch(/Removed 0 objects .* other 2 are marked/);
    await ageOrphans(app.nest.get(Database));
    expect(await sweep(environment(), REMOVE)).toMatch(/Removed 2 objects/);
    expect(await sweep(environment(), KEEP)).toMatch(/^1 objects of records, of which no row names 0/);
    expect((await records.get(id)).body).toEqual(bytes);
  });

  it('refuses to remove a great part of all unless it is forced, and no record suffers', async () => {
    const { id, bytes } = await records.made();
    await orphans(23);
    for (const age of [false, true]) {
      if (age) await ageOrphans(app.nest.get(Database));
      expect(await sweep(environment(), REMOVE)).toMatch(
        /names 23 .*Nothing was removed, because that is too great a share/,
      );
    }
    expect(await sweep(environment(), FORCE)).toMatch(/Removed 23 objects/);
    expect((await records.get(id)).body).toEqual(bytes);
  });

  it('keeps an object that a row names again before its days are over', async () => {
    const database = app.nest.get(Database);
    const { id, bytes } = await records.made();
    const table = 'UPDATE records SET object_key';
    const [row] = await database.query<{ object_key: string }>('SELECT object_key FROM records WHERE id = $1', [id]);
    await database.query(`${table} = $2 WHERE id = $1`, [id, `${records.user.id}/notes/${id}.1-0000000000000000`]);
    await sweep(environment(), REMOVE);
    await ageOrphans(database);
    await database.query(`${table} = $2 WHERE id = $1`, [id, row?.object_key]);
    expect(await sweep(environment(), REMOVE)).toMatch(/names 0 /);
    expect(await database.query('SELECT FROM orphaned_objects')).toEqual([]);
    expect((await records.get(id)).body).toEqual(bytes);
  });

  it('of a small store never deletes all: one object is kept as well as twenty-three', async () => {
    const kept = safeKey('installation-test', 'one');
    await app.nest.get(BlobStore).put(kept, cipher(3), { maxBytes: 3 });
    const rule = {
      kind: 'test',
      prefix: 'installation-test/',
      verify: () => Promise.resolve(null),
      parse: parseKey,
      named: () => Promise.resolve(new Set<string>()),
    };
    const run = () => app.nest.get(OrphanSweep).run(rule, { dryRun: false });
    await app.nest
      .get(Database)
      .query(
        `INSERT INTO orphaned_objects (object_key, kind, found_at) VALUES ($1, 'test', now() - interval '9 days')`,
        [kept],
      );
    expect(await run()).toMatchObject({ seen: 1, refused: true, removed: 0 });
    expect(await app.nest.get(BlobStore).head(kept)).not.toBeNull();
  });

  it('counts the days of an orphan from the last restore, because a newer database may be put back', async () => {
    const database = app.nest.get(Database);
    await orphans(1);
    const collector = app.nest.get(OrphanCollector);
    await collector.run({ dryRun: false });
    await ageOrphans(database);
    await database.query('UPDATE installation SET restored_at = now()');
    expect(await collector.run({ dryRun: false })).toMatchObject({ removed: 0 });
    await ageOrphans(database);
    await database.query(`UPDATE installation SET restored_at = now() - interval '10 days'`);
    expect(await collector.run({ dryRun: false })).toMatchObject({ removed: 1 });
  });

  it('touches nothing when database and blob store do not belong together', async () => {
    await orphans(1);
    const collector = app.nest.get(OrphanCollector);
    await collector.run({ dryRun: false });
    await ageOrphans(app.nest.get(Database));
    const store = app.nest.get(BlobStore);
    const foreign = safeKey('installation', randomUUID(), '0000000001');
    await store.put(foreign, cipher(3), { maxBytes: 3 });
    await expect(collector.run({ dryRun: false })).rejects.toThrow(/installation/);
    await store.delete([foreign]);
    app.log.length = 0;
    expect(await collector.run({ dryRun: false })).toMatchObject({ removed: 1 });
    const counts = app.log.map((line): unknown => JSON.parse(line));
    for (const [event, count] of Object.entries({ sweep_seen: expect.any(Number), sweep_orphans: 1, sweep_removed: 1 }))
      expect(counts).toContainEqual(expect.objectContaining({ event, rule: 'records', count }));
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
