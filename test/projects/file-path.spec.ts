import { Problem } from '@adiuva/kernel';
import { HOSTILE_PATHS } from './hostile-paths';
import { foldPath, foldersOf, parseFilePath } from '../../libs/projects/src/files/file-path';

const GOOD = [
  'a',
  'src/[id]/page.tsx',
  'docs/100%.md',
  'a%20b.txt',
  'with space.txt',
  '.env.example',
  '...a',
  'a..b/c.d',
  'Straße/Übung.md',
  '日本語/説明.md',
  "a+b@2x (1), v2;#~&=!$'.png",
  'console.ts',
  'com10/lpt',
  '😀.md',
  `${'d/'.repeat(255)}ab`,
];

describe('the path of a file', () => {
  it.each(GOOD)('may be %j', (path) => {
    expect(parseFilePath(path)).toBe(path);
  });

  it.each(HOSTILE_PATHS)('is refused as %j', (path) => {
    expect(() => parseFilePath(path)).toThrow(Problem);
    try {
      parseFilePath(path);
    } catch (error) {
      expect(error).toMatchObject({ code: 'invalid_path', status: 400 });
    }
  });

  it('is the same file for twins by case, width and ligature', () => {
    const same = ['Straße.md', 'STRASSE.MD', 'strasse.md'];
    expect(new Set(same.map(foldPath)).size).toBe(1);
    expect(foldPath('ﬁle.ts')).toBe(foldPath('FILE.TS'));
    expect(foldPath('ａ.ts')).toBe(foldPath('A.ts'));
    expect(foldPath('a.ts')).not.toBe(foldPath('b.ts'));
  });

  it('is in all folders above it', () => {
    expect(foldersOf('a/b/c.ts')).toEqual(['a', 'a/b']);
    expect(foldersOf('c.ts')).toEqual([]);
  });
});
