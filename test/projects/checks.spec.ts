import { checkFiles } from '../../libs/projects/src/checks/check-files';
import type { Finding } from '../../libs/projects/src/checks/finding';

async function check(files: Readonly<Record<string, string>>): Promise<Finding[]> {
  async function* sources() {
    for (const [path, content] of Object.entries(files)) {
      yield { path, content };
    }
  }
  return checkFiles(sources(), new Set(Object.keys(files)));
}

const short = (findings: readonly Finding[]) => findings.map(({ path, line, rule }) => `${path}:${line} ${rule}`);

describe('checks without a model', () => {
  it('find broken JSON and YAML with the line', async () => {
    const findings = await check({
      'a.json': '{\n  "a": 1,\n  "b": \n}',
      'b.yaml': 'a: 1\nb:\n  - x\n - y\n',
      'c.yml': 'a: 1\na: 2\n',
      'tsconfig.json': '{ // comments are allowed here\n}',
      'good.json': '[]',
    });
    expect(short(findings)).toEqual(['a.json:4 json-syntax', 'b.yaml:4 yaml-syntax', 'c.yml:2 yaml-syntax']);
  });

  it('refuse aliases that expand to a billion', async () => {
    const layers = Array.from({ length: 9 }, (_, i) => `l${i + 1}: &l${i + 1} [${Array(9).fill(`*l${i}`).join(', ')}]`);
    expect(short(await check({ 'bomb.yaml': ['l0: &l0 [lol]', ...layers].join('\n') }))).toEqual([
      'bomb.yaml:1 yaml-aliases',
    ]);
  });

  it('find wrong syntax in TypeScript and JavaScript', async () => {
    const findings = await check({
      'a.ts': 'const a: number = 1;\nconst b = (;\n',
      'b.tsx': 'export const B = () => <div>\n',
      'c.mjs': 'import x from "y"\nlet x = 1;\n',
      'd.ts': 'enum E { A }\nabstract class C<T> { declare x: T; @dec m() {} }\n',
      'e.jsx': 'export default () => <p>{1}</p>;\n',
      'f.cjs': 'return 1',
    });
    expect(short(findings)).toEqual(['a.ts:2 syntax', 'b.tsx:1 syntax', 'c.mjs:2 syntax']);
  });

  it('find relative imports that lead nowhere, of every form', async () => {
    const findings = await check({
      'src/main.ts': [
        "import { a } from './a.js';",
        "import b from './missing';",
        "export * from '../lib';",
        "const c = require('./c.json');",
        "void import('./gone');",
        "import react from 'react';",
        "import '../../outside';",
        "export { d } from './d';",
      ].join('\n'),
      'src/a.ts': '',
      'src/c.json': '{}',
      'src/d/index.tsx': '',
      'lib/index.ts': '',
    });
    expect(short(findings)).toEqual([
      'src/main.ts:7 broken-import',
      'src/main.ts:5 broken-import',
      'src/main.ts:2 broken-import',
    ]);
  });

  it('find secrets, and never repeat them', async () => {
    const key = ['sk', 'live', 'abcdefghijklmnop1234'].join('_');
    const findings = await check({
      'a.ts': `const a = 1;\nconst key = '${key}';\n`,
      'b.env': `DATABASE_URL=postgres://user:${'hunter22'}@db.example.org/x\nOTHER=postgres://user:\${PASSWORD}@db.example.org/x`,
      'c.pem': `-----BEGIN ${'RSA PRIVATE KEY'}-----`,
    });
    expect(short(findings)).toEqual(['a.ts:2 secret', 'b.env:1 secret', 'c.pem:1 secret']);
    expect(JSON.stringify(findings)).not.toContain(key);
  });

  it('look for secrets in a file of any length, each once, with its line', async () => {
    const key = `AKIA${'Q'.repeat(16)}`;
    const line = 'x'.repeat(63);
    const long = Array.from({ length: 16_000 }, (_, at) => (at % 1_000 === 500 ? key : line)).join('\n');
    const found = await check({ 'a.txt': long });
    const secrets = Array.from({ length: 16 }, (_, at) => `a.txt:${at * 1_000 + 501} secret`);
    expect(short(found)).toEqual(['a.txt:1 too-long', ...secrets]);
    for (const before of [65_520, 65_530, 65_535, 65_536, 65_537]) {
      const bordering = `${' '.repeat(before)}${key}\n${' '.repeat(100_000)}`;
      expect(short(await check({ 'b.txt': bordering }))).toEqual(['b.txt:1 too-long', 'b.txt:1 secret']);
      const inWord = `${'x'.repeat(before)}${key}\n${' '.repeat(100_000)}`;
      expect(short(await check({ 'c.txt': inWord }))).toEqual(['c.txt:1 too-long']);
    }
  });

  it('survive files that nest deeply or are too long', async () => {
    const findings = await check({
      'a.ts': '('.repeat(60_000),
      'b.ts': `${'a;'.repeat(70_000)}`,
      'c.json': '['.repeat(60_000),
    });
    expect(short(findings)).toEqual(['a.ts:1 syntax', 'b.ts:1 too-long', 'c.json:1 json-syntax']);
  });
});
