import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');

describe('dependencies', () => {
  const {
    dependencies,
    devDependencies,
  }: Record<string, Record<string, string>> = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

  it('each have a reason in docs/dependencies.md, and no reason is left without its package', () => {
    const text = readFileSync(join(ROOT, 'docs/dependencies.md'), 'utf8');
    const rows = text.split('\n').filter((line) => line.startsWith('| `'));
    const named = rows.flatMap((row) =>
      [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? ''),
    );
    expect([...named].sort()).toEqual(Object.keys({ ...dependencies, ...devDependencies }).sort());
  });

  it('are downloaded from nowhere that the lock file names', () => {
    expect(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).not.toContain('"resolved": "http');
  });
});
