import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemorySyncStore, SqliteSyncStore, type SqliteDatabase, type SyncStore } from '@adiuva/client';
import { Database as WasmDatabase } from 'node-sqlite3-wasm';

const bytes = (text: string) => new TextEncoder().encode(text);
const ID = '018f6f8e-7c00-4000-8000-000000000001';

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'adiuva-store-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The interface of `node:sqlite` and `better-sqlite3` over a library that runs on every Node. */
function sqlite(file: string): SqliteDatabase {
  const database = new WasmDatabase(file);
  return {
    exec: (sql) => database.exec(sql),
    prepare: (sql) => ({
      run: (...values) => database.run(sql, values as never),
      get: (...values) => database.get(sql, values as never),
      all: (...values) => database.all(sql, values as never),
    }),
  };
}

describe.each<[string, () => SyncStore]>([
  ['memory', () => new MemorySyncStore()],
  ['SQLite', () => new SqliteSyncStore(sqlite(':memory:'))],
])('a store in %s', (_, open) => {
  test('keeps records as they were written, deletions included', async () => {
    const store = open();
    expect(await store.get(ID)).toBeUndefined();
    await store.write('notes', ID, bytes('first'));
    expect(await store.get(ID)).toEqual({
      id: ID,
      table: 'notes',
      data: bytes('first'),
      dirty: true,
      version: 0,
      onServer: false,
      edits: 1,
    });
    await store.update(
      ID,
      (record) => record && { ...record, version: 4, onServer: true, dirty: false, sent: { proof: 'x', edits: 1 } },
    );
    expect([await store.dirtyIds(), await store.ids()]).toEqual([[], [ID]]);
    await store.delete(ID);
    expect(await store.get(ID)).toEqual({
      id: ID,
      table: 'notes',
      data: null,
      dirty: true,
      version: 4,
      onServer: true,
      edits: 2,
      sent: { proof: 'x', edits: 1 },
    });
    expect(await store.dirtyIds()).toEqual([ID]);
    expect(await store.all()).toEqual([await store.get(ID)]);
  });

  test('keeps the state of the sync', async () => {
    const store = open();
    expect(await store.state()).toBeUndefined();
    for (const state of ['one', 'two']) await store.saveState(state);
    expect(await store.state()).toBe('two');
  });

  test('leaves a record as it is when the change gives nothing or throws', async () => {
    const store = open();
    await store.write('notes', ID, bytes('first'));
    await store.update(ID, () => undefined);
    await expect(async () =>
      store.update(ID, () => {
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    await store.write('notes', ID, bytes('second'));
    expect((await store.get(ID))?.data).toEqual(bytes('second'));
  });
});

test('a store in a SQLite file has its records after a restart', async () => {
  const file = join(folder, 'notes.db');
  await new SqliteSyncStore(sqlite(file)).write('notes', ID, bytes('kept'));
  expect((await new SqliteSyncStore(sqlite(file)).get(ID))?.data).toEqual(bytes('kept'));
});
