import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

interface Violation {
  readonly from: string;
  readonly rule: { readonly name: string };
}

interface CruisedModule {
  readonly source: string;
  readonly dependencies: readonly { readonly resolved: string }[];
}

interface Report {
  readonly modules: readonly CruisedModule[];
  readonly summary: { readonly violations: readonly Violation[] };
}

const ROOT = resolve(__dirname, '../..');
const CRUISER = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');

/** A fault, the file that has it, and the rule that must bite. */
const FAULTS: readonly (readonly [rule: string, file: string, text: string])[] = [
  ['arrows-of-kernel', 'libs/kernel/src/a.ts', `import { y } from '@adiuva/auth';\nexport const x = y;\n`],
  ['arrows-of-auth', 'libs/auth/src/b.ts', `import { y } from '@adiuva/billing';\nexport const x = y;\n`],
  [
    'face-of-billing',
    'libs/marketplace/src/c.ts',
    `import { y } from '../../billing/src/index2';\nexport const x = y;\n`,
  ],
  ['own-face-of-storage', 'libs/storage/src/d.ts', `import { y } from './index';\nexport const x = y;\n`],
  ['not-to-apps', 'libs/chat/src/e.ts', `import { y } from '../../../apps/api/src/y';\nexport const x = y;\n`],
  [
    'bare-means-pure',
    'libs/quota/src/pure.ts',
    `import { readFileSync } from 'node:fs';\nexport const x = readFileSync;\n`,
  ],
  ['no-circular', 'libs/vectors/src/one.ts', `import type { Two } from './two';\nexport type One = Two | 1;\n`],
  ['home-of-stripe', 'libs/backup/src/pay.service.ts', `import Stripe from 'stripe';\nexport const x = Stripe;\n`],
  [
    'home-of-langchain',
    'libs/quota/src/model.service.ts',
    `import { HumanMessage } from '@langchain/core/messages';\nexport const x = HumanMessage;\n`,
  ],
  ['no-unresolved', 'libs/llm/src/lost.ts', `import { y } from './nowhere';\nexport const x = y;\n`],
];

const NEIGHBOURS: Readonly<Record<string, string>> = {
  'libs/auth/src/index.ts': 'export const y = 1;\n',
  'libs/billing/src/index.ts': 'export const y = 1;\n',
  'libs/billing/src/index2.ts': 'export const y = 1;\n',
  'libs/storage/src/index.ts': 'export const y = 1;\n',
  'libs/vectors/src/two.ts': `import type { One } from './one';\nexport type Two = One | 2;\n`,
  'apps/api/src/y.ts': 'export const y = 1;\n',
  'libs/backup/src/left/a.ts': `import { b } from '../right/b';\nexport const a = b;\n`,
  'libs/backup/src/right/b.ts': 'export const b = 1;\n',
  'libs/backup/src/right/c.ts': `import { d } from '../left/d';\nexport const c = d;\n`,
  'libs/backup/src/left/d.ts': 'export const d = 1;\n',
};

describe('the rules of the structure', () => {
  let folder: string;
  let planted: Report;

  beforeAll(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'adiuva-arrows-')));
    for (const [file, text] of [
      ...Object.entries(NEIGHBOURS),
      ...FAULTS.map(([, file, text]) => [file, text] as const),
    ]) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    }
    for (const file of ['.dependency-cruiser.js', 'tsconfig.json', 'package.json'])
      cpSync(join(ROOT, file), join(folder, file));
    symlinkSync(realpathSync(join(ROOT, 'node_modules')), join(folder, 'node_modules'));
    planted = cruise(folder, ['apps', 'libs']);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(FAULTS)('%s bites on %s', (rule, file) => {
    const bitten = planted.summary.violations.filter(({ from }) => from === file);
    expect(bitten.map((violation) => violation.rule.name)).toContain(rule);
  });

  it('find two folders of a lib that import each other, although no file does', () => {
    expect(folderCircles(planted.modules)).toEqual(['libs/backup/src: left, right']);
  });

  it('hold for the whole code', () => {
    const { modules, summary } = cruise(ROOT, ['apps', 'libs', 'ormconfig.ts']);
    expect(summary.violations.map(({ rule, from }) => `${rule.name}: ${from}`)).toEqual([]);
    expect(folderCircles(modules)).toEqual([]);
  });
});

/** The folders of one lib or of the API's edge that reach each other by imports. */
function folderCircles(modules: readonly CruisedModule[]): string[] {
  const graphs = new Map<string, Map<string, Set<string>>>();
  for (const { source, dependencies } of modules) {
    const from = folderOf(source);
    for (const { resolved } of from ? dependencies : []) {
      const to = folderOf(resolved);
      if (!from || !to || to.parent !== from.parent || to.name === from.name) continue;
      const graph = graphs.get(from.parent) ?? new Map<string, Set<string>>();
      graphs.set(from.parent, graph.set(from.name, (graph.get(from.name) ?? new Set<string>()).add(to.name)));
    }
  }
  return [...graphs].flatMap(([parent, graph]) => {
    const circular = [...graph.keys()].filter((name) => reaches(graph, name, name)).sort();
    return circular.length > 0 ? [`${parent}: ${circular.join(', ')}`] : [];
  });
}

function folderOf(path: string): { parent: string; name: string } | undefined {
  const [, parent, name] = /^(libs\/[^/]+\/src|apps\/api\/src\/edge)\/([^/]+)\//.exec(path) ?? [];
  return parent !== undefined && name !== undefined ? { parent, name } : undefined;
}

function reaches(graph: ReadonlyMap<string, ReadonlySet<string>>, from: string, to: string): boolean {
  const seen = new Set<string>();
  const open = [from];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const name of graph.get(next) ?? []) {
      if (name === to) return true;
      if (!seen.has(name)) open.push(name);
      seen.add(name);
    }
  }
  return false;
}

function cruise(cwd: string, places: readonly string[]): Report {
  const args = [CRUISER, ...places, '--config', '.dependency-cruiser.js', '--output-type', 'json'];
  return JSON.parse(outputOf(args, cwd));
}

/** The cruiser exits with the number of violations; its report is on standard output all the same. */
function outputOf(args: readonly string[], cwd: string): string {
  try {
    return execFileSync(process.execPath, args, {
      cwd,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'stdout' in error && typeof error.stdout === 'string')
      return error.stdout;
    throw error;
  }
}
