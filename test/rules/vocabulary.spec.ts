import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { forbiddenInIdentifier, forbiddenProse } from './vocabulary';

const ROOT = resolve(__dirname, '../..');

describe('the vocabulary', () => {
  it('finds a word in any part of an identifier', () => {
    const words = ['MAX_ROWS', 'paymentNews', 'NewsSource', 'MOST_ROWS', 'almostDone'].map((name) =>
      forbiddenInIdentifier(name).map(({ word }) => word),
    );
    expect(words).toEqual([[], ['news'], ['news'], ['most'], []]);
  });

  it('finds a phrase across a line break', () => {
    expect(forbiddenProse('all of it is done at\nonce').map(({ word }) => word)).toEqual(['at\nonce']);
  });

  it('holds for file names', () => {
    const names = tracked('apps', 'libs', 'test', 'bench', 'docs', 'examples');
    const found = names.flatMap((name) =>
      forbiddenInIdentifier(name.replace(/[^a-z0-9]+/gi, '_')).map(({ word }) => `${name}: ${word}`),
    );
    expect(found).toEqual([]);
  });

  it.each(tracked('*.md', '.env.example', '.ci/run', 'Dockerfile', 'compose.yaml'))('holds for %s', (name) => {
    expect(forbiddenProse(readFileSync(resolve(ROOT, name), 'utf8'))).toEqual([]);
  });
});

function tracked(...places: readonly string[]): string[] {
  return execFileSync('git', ['ls-files', '--', ...places], { cwd: ROOT, encoding: 'utf8' })
    .trim()
    .split('\n');
}
