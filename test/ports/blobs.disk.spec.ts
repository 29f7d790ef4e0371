import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rename, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Problem } from '@adiuva/kernel';
import { DiskBlobStore } from '@adiuva/platform';
import { toDiskProblem } from '../../libs/platform/src/blobs/disk/disk-error';
import { blobStoreContract, freshKey, put, read } from './blob-store.port';

describe('objects on disk', () => {
  let root = '';
  let store: DiskBlobStore;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'adiuva-blobs-'));
    store = new DiskBlobStore({ root });
  });
  afterAll(() => rm(root, { recursive: true, force: true }));

  blobStoreContract(() => store);

  it('shows no file under its name before the last byte has come', async () => {
    const key = freshKey();
    const slow = new Readable({ read: () => undefined });
    slow.push(Buffer.alloc(100_000));
    const pending = store.put(key, slow, { maxBytes: 1_000_000 });
    expect(await store.head(key)).toBeNull();
    slow.push(null);
    expect((await pending).size).toBe(100_000);
    expect((await store.head(key))?.size).toBe(100_000);
  });

  it.each([0, 1, 4_096, 3_000_000])(
    'writes %d bytes that are in memory, and not over an object that is there',
    async (size) => {
      const [key, bytes, maxBytes] = [freshKey(), randomBytes(size), 3_000_000];
      expect((await store.put(key, bytes, { maxBytes })).size).toBe(size);
      await expect(store.put(key, randomBytes(10), { maxBytes })).rejects.toMatchObject({ code: 'unavailable' });
      expect(await read(await store.open(key))).toEqual(bytes);
    },
  );

  it('leaves no directory of a user whose last object is gone', async () => {
    const key = await put(store, Buffer.of(1));
    await store.delete([key]);
    expect(await readdir(join(root, 'objects'))).not.toContain(key.split('/')[0]);
  });

  it('leaves no unfinished file behind a failure', async () => {
    await store.put(freshKey(), Readable.from([Buffer.alloc(10)]), { maxBytes: 1 }).catch(() => undefined);
    expect(await readdir(join(root, 'unfinished'))).toEqual([]);
  });

  it('gives an upload that was given up no directory again when its last part arrives', async () => {
    const upload = await store.beginParts(freshKey());
    const slow = new Readable({ read: () => undefined });
    slow.push(Buffer.alloc(100));
    const late = store.putPart(upload, 1, slow, { maxBytes: 100 });
    await new Promise((turn) => setImmediate(turn));
    await store.abortParts(upload);
    slow.push(null);
    await expect(late).rejects.toMatchObject({ code: 'not_found' });
    expect(await readdir(join(root, 'parts'))).not.toContain(upload.id);
    expect(await readdir(join(root, 'unfinished'))).toEqual([]);
  });

  it('lets parts arrive while their upload is given up, in any order', async () => {
    const fast = new DiskBlobStore({ root, fsync: false });
    for (let round = 0; round < 150; round += 1) {
      const upload = await fast.beginParts(freshKey());
      const part = (number: number) =>
        fast
          .putPart(upload, number, Readable.from([Buffer.of(round)]), { maxBytes: 1 })
          .catch((error: Problem) => error.code);
      const [parts] = await Promise.all([
        Promise.all([part(1), part(2), part(3), fast.listParts(upload).catch((error: Problem) => error.code)]),
        new Promise((turn) => setTimeout(turn, round % 5)).then(() => fast.abortParts(upload)),
      ]);
      for (const outcome of parts) if (typeof outcome !== 'object') expect(outcome).toBe('not_found');
    }
  });

  it('lists no parts as missing whose files cannot be read', async () => {
    const upload = await store.beginParts(freshKey());
    const { tag } = await store.putPart(upload, 1, Readable.from([Buffer.of(1)]), { maxBytes: 1 });
    const file = join(root, 'parts', upload.id, `1.${tag}`);
    await rm(file);
    expect(await store.listParts(upload)).toEqual([]);
    // A link to itself can be listed, and nothing else.
    await symlink(file, file);
    await expect(store.listParts(upload)).rejects.toMatchObject({ code: 'unavailable' });
    await store.abortParts(upload);
  });

  it('is unavailable while its folder is gone, for every operation, and is not made again', async () => {
    const key = await put(store, Buffer.of(1));
    const away = `${root}-away`;
    await rename(root, away);
    const operations = {
      put: () => store.put(freshKey(), Buffer.of(1), { maxBytes: 1 }),
      stream: () => store.put(freshKey(), Readable.from([Buffer.of(1)]), { maxBytes: 1 }),
      parts: () => store.beginParts(freshKey()),
      open: () => store.open(key),
      head: () => store.head(key),
      delete: () => store.delete([key]),
      list: async () => {
        for await (const entry of store.list('')) throw new Error(entry.key);
      },
      check: () => store.check(),
    };
    const codes = await Promise.all(
      Object.entries(operations).map(([name, run]) =>
        run().then(
          () => `${name} succeeded`,
          (error: Problem) => error.code,
        ),
      ),
    );
    expect(codes).toEqual(Object.keys(operations).map(() => 'unavailable'));
    await expect(stat(root)).rejects.toMatchObject({ code: 'ENOENT' });
    await rename(away, root);
    expect((await store.head(key))?.size).toBe(1);
    await store.check();
  });

  it.each(['ENOSPC', 'EDQUOT', 'EROFS', 'EIO'])('takes %s of the system for a store that is unavailable', (code) => {
    expect(toDiskProblem(Object.assign(new Error(code), { code }))).toMatchObject({
      code: 'unavailable',
      options: { retryAfter: 5 },
    });
  });

  it('answers unavailable when its directory cannot be made', async () => {
    const lost = new DiskBlobStore({ root: join('/dev/null', 'blobs') });
    await expect(lost.check()).rejects.toMatchObject({ code: 'unavailable' });
    await expect(lost.put(freshKey(), Readable.from([]), { maxBytes: 1 })).rejects.toMatchObject({
      code: 'unavailable',
    });
  });
});
