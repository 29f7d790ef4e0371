import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { checksumOf, newId, Problem } from '@adiuva/kernel';
import { type BlobStore, MIN_PART_BYTES, parseKey, safeKey, verifyingStream, type BlobKey } from '@adiuva/platform';

const MANY = Number.MAX_SAFE_INTEGER;
/** Of a store whose times are whole seconds. */
const CLOCK_ERROR_MS = 1_000;
const LATER = (): Date => new Date(Date.now() + 60_000);

/** What every adapter of `BlobStore` promises. `store` is called in each test; `keys` are made fresh. */
export function blobStoreContract(store: () => BlobStore): void {
  it('gives back exactly what was put, with size and checksum of the bytes that passed', async () => {
    for (const size of [0, 1, 65_537, 6 * 1024 * 1024]) {
      const bytes = randomBytes(size);
      const key = freshKey();
      const stored = await store().put(key, trickle(bytes), { maxBytes: MANY, sha256: checksumOf(bytes) });
      expect(stored).toEqual({ key, size, sha256: checksumOf(bytes) });
      expect(checksumOf(await read(await store().open(key)))).toBe(checksumOf(bytes));
    }
  });

  it('opens any range, both ends inclusive, and refuses one outside', async () => {
    const key = await put(store(), Buffer.from('0123456789'));
    expect((await read(await store().open(key, { start: 2, end: 4 }))).toString()).toBe('234');
    expect((await read(await store().open(key, { start: 9, end: 9 }))).toString()).toBe('9');
    await expect(store().open(key, { start: 10, end: 11 })).rejects.toMatchObject({ code: 'range_not_satisfiable' });
  });

  it('keeps nothing of bytes that do not match their checksum, large or small', async () => {
    for (const size of [10, 6 * 1024 * 1024]) {
      const key = freshKey();
      const put = store().put(key, trickle(randomBytes(size)), { maxBytes: MANY, sha256: 'a'.repeat(64) });
      await expect(put).rejects.toMatchObject({ code: 'checksum_mismatch' });
      expect(await store().head(key)).toBeNull();
    }
  });

  it('keeps nothing of bytes that are too many, and stops reading them', async () => {
    for (const limit of [100, 6 * 1024 * 1024]) {
      const key = freshKey();
      let given = 0;
      const endless = Readable.from(
        (function* () {
          for (; given < 1_000_000_000; given += 65_536) yield Buffer.alloc(65_536);
        })(),
        { objectMode: false },
      );
      await expect(store().put(key, endless, { maxBytes: limit })).rejects.toMatchObject({ code: 'payload_too_large' });
      expect(given).toBeLessThan(limit + 4 * 1024 * 1024);
      expect(await store().head(key)).toBeNull();
    }
  });

  it('keeps nothing when the source breaks off or the caller gives up', async () => {
    const broken = freshKey();
    const failing = Readable.from(
      (function* () {
        yield randomBytes(1_000);
        throw new Problem('malformed_request');
      })(),
    );
    await expect(store().put(broken, failing, { maxBytes: MANY })).rejects.toMatchObject({ code: 'malformed_request' });
    const stopped = freshKey();
    const controller = new AbortController();
    const hanging = new Readable({ read: () => undefined });
    hanging.push(randomBytes(1_000));
    const pending = store().put(stopped, hanging, { maxBytes: MANY }, controller.signal);
    setImmediate(() => controller.abort());
    await expect(pending).rejects.toMatchObject({ name: 'AbortError' });
    expect(await store().head(broken)).toBeNull();
    expect(await store().head(stopped)).toBeNull();
  });

  it('opens nothing for a caller who gives up meanwhile', async () => {
    const key = await put(store(), Buffer.from('0123456789'));
    const controller = new AbortController();
    const opening = store().open(key, undefined, controller.signal);
    controller.abort();
    await expect(opening).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('answers not_found for what is not there, and null for its head', async () => {
    await expect(store().open(freshKey())).rejects.toMatchObject({ code: 'not_found' });
    expect(await store().head(freshKey())).toBeNull();
  });

  it('tells size and time of an object', async () => {
    const before = Date.now();
    const key = await put(store(), Buffer.from('abc'));
    const after = Date.now();
    const head = await store().head(key);
    expect(head?.size).toBe(3);
    expect([null, checksumOf(Buffer.from('abc'))]).toContain(head?.sha256);
    expect(head?.modifiedAt.getTime()).toBeGreaterThanOrEqual(before - CLOCK_ERROR_MS);
    expect(head?.modifiedAt.getTime()).toBeLessThanOrEqual(after + CLOCK_ERROR_MS);
  });

  it('deletes many at once, and counts what is not there as deleted', async () => {
    const keys = await Promise.all([1, 2, 3].map((byte) => put(store(), Buffer.of(byte))));
    await store().delete([...keys, freshKey()]);
    await store().delete([]);
    for (const key of keys) expect(await store().head(key)).toBeNull();
  });

  it('lists by any prefix, whole segments or not, every object once', async () => {
    const user = newId();
    const keys = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        put(store(), Buffer.of(index), safeKey(user, index % 2 ? 'notes' : 'note', `r${index}.1`)),
      ),
    );
    const listed = async (prefix: string): Promise<string[]> => {
      const found: string[] = [];
      for await (const entry of store().list(prefix)) {
        if (entry.key.startsWith(user)) expect(entry.size).toBe(1);
        found.push(entry.key);
      }
      return found.sort();
    };
    expect(await listed(user)).toEqual([...keys].sort());
    expect(await listed(`${user}/`)).toEqual([...keys].sort());
    expect(await listed(`${user}/note/`)).toEqual(keys.filter((key) => key.includes('/note/')).sort());
    expect(await listed(`${user}/notes/r1`)).toEqual(keys.filter((key) => key.includes('/notes/r1')).sort());
    expect(await listed(`${newId()}/`)).toEqual([]);
    expect(await listed('')).toEqual(expect.arrayContaining([...keys]));
  });

  it('stands behind the wall: no unsafe key reaches it', async () => {
    for (const key of [
      '../secret',
      'a/../b',
      'a//b',
      '/etc/passwd',
      'a/',
      'A/b',
      'a\0b',
      'a/.b',
      'a\\b',
      '%2e%2e/a',
      '',
    ]) {
      // A plain string can only get here by a cast or from JavaScript; the wall holds all the same.
      const forged = key as BlobKey;
      await expect(call(() => store().put(forged, Readable.from([]), { maxBytes: 1 }))).rejects.toBeInstanceOf(Problem);
      await expect(call(() => store().open(forged))).rejects.toBeInstanceOf(Problem);
      await expect(call(() => store().delete([forged]))).rejects.toBeInstanceOf(Problem);
      await expect(call(() => store().beginParts(forged))).rejects.toBeInstanceOf(Problem);
    }
  });

  it('serves many writers and readers at once', async () => {
    const all = Array.from({ length: 40 }, (_, index) => randomBytes(1_000 + index));
    const keys = await Promise.all(all.map((bytes) => put(store(), bytes)));
    const back = await Promise.all(keys.map(async (key) => read(await store().open(key))));
    expect(back.map(checksumOf)).toEqual(all.map(checksumOf));
  });

  it('can be checked for readiness', async () => {
    await expect(store().check()).resolves.toBeUndefined();
  });

  partsContract(store);
}

function partsContract(store: () => BlobStore): void {
  const first = randomBytes(MIN_PART_BYTES);
  const second = randomBytes(1_000);

  it('joins parts that came in any order, one of them twice, and shows nothing before', async () => {
    const upload = await store().beginParts(freshKey());
    const b = await store().putPart(upload, 2, trickle(second), { maxBytes: MANY, sha256: checksumOf(second) });
    await store().putPart(upload, 1, trickle(randomBytes(10)), { maxBytes: MANY });
    const a = await store().putPart(upload, 1, trickle(first), { maxBytes: MANY });
    expect(await store().head(upload.key)).toBeNull();
    expect(await store().listParts(upload)).toEqual([a, b]);
    expect(await store().completeParts(upload, [a, b])).toEqual({ size: first.length + second.length });
    const whole = await read(await store().open(upload.key));
    expect(checksumOf(whole)).toBe(checksumOf(Buffer.concat([first, second])));
    await expect(store().listParts(upload)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('refuses a wrong, too large or misnumbered part and keeps the earlier one', async () => {
    const upload = await store().beginParts(freshKey());
    const kept = await store().putPart(upload, 1, trickle(second), { maxBytes: MANY });
    const wrong = { maxBytes: MANY, sha256: 'b'.repeat(64) };
    await expect(store().putPart(upload, 1, trickle(first), wrong)).rejects.toMatchObject({
      code: 'checksum_mismatch',
    });
    await expect(store().putPart(upload, 1, trickle(first), { maxBytes: 10 })).rejects.toMatchObject({
      code: 'payload_too_large',
    });
    for (const number of [0, -1, 1.5, 10_001]) {
      await expect(store().putPart(upload, number, trickle(second), { maxBytes: MANY })).rejects.toMatchObject({
        code: 'validation_failed',
      });
    }
    expect(await store().listParts(upload)).toEqual([kept]);
    await store().abortParts(upload);
  });

  it('refuses to join parts that are missing or were replaced', async () => {
    const upload = await store().beginParts(freshKey());
    const stale = await store().putPart(upload, 1, trickle(second), { maxBytes: MANY });
    await store().putPart(upload, 1, trickle(first), { maxBytes: MANY });
    await expect(store().completeParts(upload, [stale])).rejects.toMatchObject({ code: 'conflict' });
    await expect(store().completeParts(upload, [])).rejects.toMatchObject({ code: 'conflict' });
    expect(await store().head(upload.key)).toBeNull();
    await store().abortParts(upload);
  });

  it('joins parts only into the whole that was promised, and can be asked again', async () => {
    const upload = await store().beginParts(freshKey());
    const part = await store().putPart(upload, 1, trickle(second), { maxBytes: MANY });
    const asked = [
      await store().completeParts(upload, [part], checksumOf(second)),
      await store().completeParts(upload, [part], checksumOf(second)),
    ];
    expect(asked).toEqual([{ size: second.length }, { size: second.length }]);
    expect(await readVerified(store(), upload.key, second)).toEqual(second);
    const wrong = await store().beginParts(freshKey());
    const stored = await store().putPart(wrong, 1, trickle(second), { maxBytes: MANY });
    await expect(store().completeParts(wrong, [stored], checksumOf(first))).rejects.toMatchObject({
      code: 'checksum_mismatch',
    });
    expect(await store().head(wrong.key)).toBeNull();
    await store().abortParts(wrong);
  });

  it('refuses a part or an object that is shorter than promised', async () => {
    const upload = await store().beginParts(freshKey());
    const short = { maxBytes: MANY, minBytes: second.length + 1, sha256: checksumOf(second) };
    await expect(store().putPart(upload, 1, trickle(second), short)).rejects.toMatchObject({
      code: 'validation_failed',
    });
    expect(await store().listParts(upload)).toEqual([]);
    await store().abortParts(upload);
    const key = freshKey();
    await expect(store().put(key, trickle(second), short)).rejects.toMatchObject({ code: 'validation_failed' });
    expect(await store().head(key)).toBeNull();
  });

  it('binds an upload to its key, and gives it up as often as asked', async () => {
    const upload = await store().beginParts(freshKey());
    const stolen = { key: freshKey(), id: upload.id };
    await expect(store().putPart(stolen, 1, trickle(second), { maxBytes: MANY })).rejects.toMatchObject({
      code: 'not_found',
    });
    await store().abortParts(upload);
    await store().abortParts(upload);
    await expect(store().putPart(upload, 1, trickle(second), { maxBytes: MANY })).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('drops what was begun before a moment and never finished, after a dry run that only counts', async () => {
    await store().dropUnfinished(LATER(), false);
    const upload = await store().beginParts(freshKey());
    await store().putPart(upload, 1, trickle(second), { maxBytes: MANY });
    expect(await store().dropUnfinished(new Date(Date.now() - 3_600_000), false)).toBe(0);
    expect(await store().dropUnfinished(LATER(), true)).toBe(1);
    expect(await store().listParts(upload)).toHaveLength(1);
    expect(await store().dropUnfinished(LATER(), false)).toBe(1);
    await expect(store().listParts(upload)).rejects.toMatchObject({ code: 'not_found' });
  });
}

export function freshKey(): BlobKey {
  return safeKey(newId(), 'notes', `${newId()}.1-${randomBytes(4).toString('hex')}`);
}

export async function put(store: BlobStore, bytes: Buffer, key: BlobKey = freshKey()): Promise<BlobKey> {
  await store.put(parseKey(key), trickle(bytes), { maxBytes: MANY, sha256: checksumOf(bytes) });
  return key;
}

export async function read(bytes: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  return Buffer.concat(chunks);
}

export async function readVerified(store: BlobStore, key: BlobKey, bytes: Buffer): Promise<Buffer> {
  return read(verifyingStream(await store.open(key), checksumOf(bytes), bytes.length));
}

/** Bytes in pieces of 64 KiB, as a socket would give them. */
export function trickle(bytes: Buffer): Readable {
  return Readable.from(
    (function* () {
      for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
    })(),
    { objectMode: false },
  );
}

async function call(action: () => Promise<unknown>): Promise<unknown> {
  return action();
}
