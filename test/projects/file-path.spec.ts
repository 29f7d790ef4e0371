import { Problem } from '@adiuva/kernel';
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

const BAD = [
  '',
  '.',
  '..',
  '../x',
  'a/../b',
  'a/./b',
  'a/..',
  '/etc/passwd',
  '//server/share',
  'a//b',
  'a/',
  'a\\b',
  '..\\x',
  'C:x',
  'c:/x',
  '\\\\server\\share',
  'a\0b',
  'a\nb',
  'a\u007fb',
  'a\u0085b',
  '\u202egnp.exe',
  'a\u200bb',
  '\ufeffa',
  'a\u2028b',
  '\ud800',
  'a\ud800b',
  'trailing.',
  'trailing ',
  'dir./a',
  'dir /a',
  'a\u00a0',
  'con',
  'CON',
  'a/nul.txt',
  'aux.tar.gz',
  'COM1',
  'lpt9.log',
  'com¹',
  'conin$',
  'prn .txt',
  'a:stream',
  'a?b',
  'a*b',
  'a|b',
  'a<b',
  'a"b',
  '~/x',
  '%2e%2e/x',
  '%2E%2E%2Fx',
  '..%2fx',
  'a%2f..%2fb',
  'a%2fb',
  'a%5cb',
  'a%00b',
  '%252e%252e/x',
  '%25252e%25252e/x',
  'a%c0%aeb',
  '%c0%ae%c0%ae/x',
  'a%0ab',
  '%43%3a/x',
  'nu%6c',
  'e\u0301.md',
  'a\u2215b',
  'a\uff0fb',
  '\uff0e\uff0e/x',
  'a\u2024\u2024/b',
  'x'.repeat(513),
  `${'x'.repeat(256)}/a`,
  'é'.repeat(128),
];

describe('the path of a file', () => {
  it.each(GOOD)('may be %j', (path) => {
    expect(parseFilePath(path)).toBe(path);
  });

  it.each(BAD)('is refused as %j', (path) => {
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
