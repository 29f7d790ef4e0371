import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');
const TEXT = readFileSync(resolve(ROOT, 'docs/architecture.md'), 'utf8');
const FLOWS = TEXT.split(/^### /m)
  .slice(1)
  .map((section) => ({
    name: section.split('\n', 1)[0] ?? '',
    files: [...(section.split(/^## /m)[0] ?? '').matchAll(/`((?:apps|libs)\/[^`]+\.ts)`/g)].map(
      ([, file = '']) => file,
    ),
  }));

describe('docs/architecture.md', () => {
  it('describes six flows', () => {
    expect(FLOWS.map(({ files }) => files.length > 3)).toEqual([true, true, true, true, true, true]);
  });

  it.each(FLOWS)('names files of "$name" that exist, each once', ({ files }) => {
    expect(files.filter((file) => !existsSync(resolve(ROOT, file)))).toEqual([]);
    expect(files.filter((file, index) => files.indexOf(file) !== index)).toEqual([]);
  });
});
