import { hasErrors } from '../../libs/marketplace/src/plugins/finding';
import { inspectPackage } from '../../libs/marketplace/src/packages/package-inspector.adapter';
import { PACKAGE_LIMITS } from '../../libs/marketplace/src/packages/package-limits';
import { zip, zipOf } from '../support/builders/zip';
import { BAD_PACKAGES, GOOD_PACKAGES, MANIFEST } from './package-samples';
import { whenBusy } from '../support/app';

describe('the check of a package', () => {
  it.each(BAD_PACKAGES.map((bad) => [bad.what, bad] as const))('refuses %s and says where', async (_, bad) => {
    const findings = await inspectPackage(bad.bytes(), MANIFEST);
    expect(findings).toContainEqual(
      expect.objectContaining({
        severity: 'error',
        rule: bad.rule,
        ...(bad.file === undefined ? {} : { file: bad.file }),
        ...(bad.line === undefined ? {} : { line: bad.line }),
      }),
    );
  });

  it.each(GOOD_PACKAGES.map((good) => [good.what, good.bytes] as const))('lets %s pass', async (_, bytes) => {
    const findings = await inspectPackage(bytes(), MANIFEST);
    expect(findings.filter((finding) => finding.severity === 'error')).toEqual([]);
  });

  it('has at least thirty of either kind', () => {
    expect(Math.min(BAD_PACKAGES.length, GOOD_PACKAGES.length)).toBeGreaterThanOrEqual(30);
  });

  it('refuses a package that is too large before it reads it', async () => {
    const findings = await inspectPackage(Buffer.alloc(PACKAGE_LIMITS.packageBytes + 1), MANIFEST);
    expect(findings).toEqual([expect.objectContaining({ rule: 'package_too_large' })]);
  });

  it('warns of code that should be read with care, and of a network that was not asked for', async () => {
    const bytes = zipOf({ 'a.js': "eval('1');\nfetch('https://example.org');\nrequire('child_process');\n" });
    const findings = await inspectPackage(bytes, MANIFEST);
    expect(findings.map(({ rule, severity, line }) => `${severity} ${rule} ${line}`).sort()).toEqual([
      'warning runs_code 1',
      'warning runs_code 3',
      'warning undeclared_network 2',
    ]);
    const allowed = await inspectPackage(bytes, { ...MANIFEST, permissions: ['network:fetch'] });
    expect(allowed.map((finding) => finding.rule)).toEqual(['runs_code', 'runs_code']);
  });

  it('ends within its time, whatever it is given', async () => {
    const hostile = zipOf({
      'a.js': `${'-eyJ'.repeat(300_000)}\n${'password="'.repeat(200_000)}${'a:'.repeat(100_000)}`,
    });
    const started = performance.now();
    await inspectPackage(hostile, MANIFEST, { ...PACKAGE_LIMITS, ratio: 100_000 });
    expect(performance.now() - started).toBeLessThan(whenBusy(PACKAGE_LIMITS.milliseconds + 500));
    const late = await inspectPackage(hostile, MANIFEST, { ...PACKAGE_LIMITS, ratio: 100_000, milliseconds: 0 });
    expect(late).toContainEqual(expect.objectContaining({ rule: 'too_slow', severity: 'error' }));
  });

  it('does not count the time in which the process could not run', async () => {
    const now = performance.now.bind(performance);
    let stoodStill = 0;
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => now() + (stoodStill += 20_000));
    const findings = await inspectPackage(zipOf({ 'a.js': 'let a = 1;' }), MANIFEST);
    clock.mockRestore();
    expect(findings).toEqual([]);
  });

  it('takes less than 100 MB beside the package', async () => {
    const bytes = zip(
      Array.from({ length: 5 }, (_, index) => ({ name: `f${index}`, data: Buffer.alloc(9_900_000, 'pack me, ') })),
    );
    const before = process.memoryUsage().rss;
    await inspectPackage(bytes, MANIFEST, { ...PACKAGE_LIMITS, ratio: 100_000 });
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
  });

  it('survives any single damaged byte', async () => {
    const honest = zipOf({ 'a.js': 'let a = 1;', 'b/c.js': 'let b = 2;' });
    for (let at = 0; at < honest.length; at += 1) {
      const damaged = Buffer.from(honest);
      damaged[at] = (damaged[at] ?? 0) ^ 0xff;
      await expect(inspectPackage(damaged, MANIFEST).then(hasErrors)).resolves.toEqual(expect.any(Boolean));
    }
  });
});
