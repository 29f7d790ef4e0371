import { readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TestApp } from '../support/app';
import { FakeS3 } from '../support/fakes/s3/fake-s3';

/** Where a server keeps its bytes. Every promise about backups holds on each. */
export const STORES = ['disk', 'S3'] as const;

const BUCKETS = new WeakMap<TestApp, FakeS3>();

export async function startOn(store: (typeof STORES)[number], settings: Record<string, string> = {}): Promise<TestApp> {
  if (store === 'disk') return TestApp.start(settings);
  const s3 = await new FakeS3().start();
  const app = await TestApp.start({
    ...s3.settings,
    // As long as a slow machine needs.
    S3_TIMEOUT_MS: '60000',
    ...settings,
  });
  BUCKETS.set(app, s3);
  return app;
}

export async function stopWithStore(app: TestApp): Promise<void> {
  await app.stop();
  await BUCKETS.get(app)?.stop();
}

/** Every object of the app, by its file or key, but for the proofs that an erasure was carried out. */
export async function objectsOf(app: TestApp): Promise<string[]> {
  const s3 = BUCKETS.get(app);
  const objects = s3 ? [...s3.bucket.objects.keys()] : await filesBelow(app, 'objects');
  return objects.filter((object) => !object.startsWith('erased/'));
}

/** What has come in of objects that are not whole yet. */
export async function unfinishedOf(app: TestApp): Promise<string[]> {
  const s3 = BUCKETS.get(app);
  if (s3) return [...s3.bucket.uploads.keys()];
  return [...(await filesBelow(app, 'parts')), ...(await filesBelow(app, 'unfinished'))];
}

/** Flips one byte of the object that holds a backup. */
export async function damage(app: TestApp, id: string, at = 0): Promise<void> {
  const [name = ''] = (await objectsOf(app)).filter((object) => object.includes(id) && object.includes('whole'));
  const s3 = BUCKETS.get(app);
  const bytes = s3 ? Buffer.from(s3.bucket.get(name).bytes) : await readFile(name);
  bytes.writeUInt8(bytes.readUInt8(at) ^ 0xff, at);
  if (s3) s3.bucket.put(name, bytes, s3.bucket.get(name));
  else await writeFile(name, bytes);
}

/** Removes the objects of a backup behind the server's back. */
export async function lose(app: TestApp, id: string): Promise<void> {
  const s3 = BUCKETS.get(app);
  for (const object of await objectsOf(app)) {
    if (!object.includes(id)) continue;
    if (s3) s3.bucket.objects.delete(object);
    else await rm(object);
  }
}

/** Makes every object look as old as the epoch. */
export async function age(app: TestApp): Promise<void> {
  const s3 = BUCKETS.get(app);
  for (const object of await objectsOf(app)) {
    if (s3) s3.bucket.objects.set(object, { ...s3.bucket.get(object), modifiedAt: new Date(0) });
    else await utimes(object, new Date(0), new Date(0));
  }
}

async function filesBelow(app: TestApp, below: string): Promise<string[]> {
  const root = join(app.dataDir, 'blobs', below);
  const names = await readdir(root, { recursive: true }).catch(() => []);
  const files: string[] = [];
  for (const name of names) {
    const found = await stat(join(root, name)).catch(() => null);
    if (found?.isFile()) files.push(join(root, name));
  }
  return files;
}
