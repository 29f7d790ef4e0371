import { InspectionThreads } from '../../libs/marketplace/src/packages/inspection-threads.adapter';
import { PACKAGE_LIMITS } from '../../libs/marketplace/src/packages/package-limits';
import { zip, zipOf } from '../support/builders/zip';
import { BAD_PACKAGES, GOOD_PACKAGES, MANIFEST } from './package-samples';
import { whenBusy } from '../support/app';

describe('the inspection of a package in a thread', () => {
  const threads = new InspectionThreads();
  beforeAll(
    async () => void (await threads.inspect({ bytes: zipOf({ a: 'a' }), manifest: MANIFEST, limits: PACKAGE_LIMITS })),
  );
  afterAll(() => threads.onModuleDestroy());
  const inspect = (bytes: Buffer, limits = PACKAGE_LIMITS) => threads.inspect({ bytes, manifest: MANIFEST, limits });

  it('finds what the inspection itself finds', async () => {
    const [bad] = BAD_PACKAGES;
    const [good] = GOOD_PACKAGES;
    expect(await inspect(bad?.bytes() ?? Buffer.alloc(0))).toContainEqual(expect.objectContaining({ rule: bad?.rule }));
    expect((await inspect(good?.bytes() ?? Buffer.alloc(0))).filter(({ severity }) => severity === 'error')).toEqual(
      [],
    );
  });

  it.each<[string, () => Buffer]>([
    ['a name of 65,533 bytes with 32,766 slashes', () => zip([{ name: `${'a/'.repeat(32_766)}a` }])],
    [
      '2,000 names that differ in their last of 120 steps',
      () => zip(Array.from({ length: 2_000 }, (_, at) => ({ name: `${'a/'.repeat(119)}${at}` }))),
    ],
    [
      'entries full of empty extra fields',
      () => zip(Array.from({ length: 150 }, (_, at) => ({ name: `f${at}`, extra: Buffer.alloc(65_532) }))),
    ],
    [
      'a comment full of end records',
      () => zip([{ name: 'a' }], { comment: Buffer.alloc(65_535, Buffer.from('504b0506', 'hex')) }),
    ],
    ['a million entries that are not there', () => zip([{ name: 'a' }], { entryCount: 65_535 })],
    [
      'a manifest nested 30,000 deep',
      () => zipOf({ 'manifest.json': `{"permissions":${'['.repeat(30_000)}${']'.repeat(30_000)}}` }),
    ],
    ['text that patterns almost match', () => zip([{ name: 'a.js', data: '-eyJ'.repeat(2_000_000) }])],
  ])('answers within 5 s and leaves the event loop and the memory free: %s', async (_, bytes) => {
    const hostile = bytes();
    const before = process.memoryUsage().rss;
    const started = performance.now();
    const idle = performance.eventLoopUtilization();
    const findings = await inspect(hostile);
    const { active } = performance.eventLoopUtilization(idle);
    expect(findings.some(({ severity }) => severity === 'error')).toBe(true);
    expect(performance.now() - started).toBeLessThan(whenBusy(PACKAGE_LIMITS.milliseconds + 1_000));
    expect(active).toBeLessThan(whenBusy(100));
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
  });

  it('does not hold against a package that this process could not run meanwhile', async () => {
    // What comes next in the event loop are timers, and not what the thread says.
    await new Promise((turn) => setImmediate(turn));
    const inspection = inspect(zipOf({ 'a.js': 'let a = 1;' }), { ...PACKAGE_LIMITS, milliseconds: 1_000 });
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2_000);
    expect(await inspection).toEqual([]);
  });

  it('is ended from outside when it does not end itself, and the next one works', async () => {
    const slow = zip([{ name: 'a.js', data: '-eyJ'.repeat(2_000_000) }]);
    const findings = await inspect(slow, { ...PACKAGE_LIMITS, ratio: 1_000_000, milliseconds: 5 });
    expect(findings).toContainEqual(expect.objectContaining({ rule: 'too_slow', severity: 'error' }));
    expect(await inspect(zipOf({ 'a.js': 'let a = 1;' }))).toEqual([]);
  });
});
