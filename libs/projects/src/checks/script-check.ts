import { parse, type ParserOptions } from '@babel/parser';
import type { Finding, SourceText } from './finding';

const SCRIPT = /\.([cm]?[jt]sx?)$/i;
const EXTENSIONS = [
  '',
  '.ts',
  '.tsx',
  '.d.ts',
  '.js',
  '.jsx',
  '.mts',
  '.mjs',
  '.cts',
  '.cjs',
  '.json',
  '.css',
  '.scss',
  '.svg',
  '.vue',
];
const INDEXES = ['/index.ts', '/index.tsx', '/index.js', '/index.jsx', '/index.mjs', '/index.cjs'];
/** What TypeScript writes as the extension of the file that it emits. */
const EMITTED: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx'],
  '.jsx': ['.tsx'],
  '.mjs': ['.mts'],
  '.cjs': ['.cts'],
};
const MAX_ERRORS = 20;

/** A specifier of an import with the line that it is on. */
interface Import {
  readonly specifier: string;
  readonly line: number;
}

/** Syntax of TypeScript and JavaScript, and relative imports that lead to no file of the project. */
export function checkScript({ path, content }: SourceText, paths: ReadonlySet<string>): Finding[] {
  const extension = SCRIPT.exec(path)?.[1]?.toLowerCase();
  if (extension === undefined) return [];
  const parsed = parseScript(content, extension);
  const findings: Finding[] = parsed.errors.map((fault) => ({ path, severity: 'error', rule: 'syntax', ...fault }));
  for (const { specifier, line } of parsed.imports) {
    if (!/^\.{1,2}(?:\/|$)/.test(specifier) || leadsTo(path, specifier, paths)) continue;
    findings.push({
      path,
      line,
      severity: 'error',
      rule: 'broken-import',
      message: `No file of the project is ${specifier}`,
    });
  }
  return findings;
}

interface Parsed {
  readonly errors: readonly Fault[];
  readonly imports: readonly Import[];
}

interface Fault {
  readonly line: number;
  readonly message: string;
}

function parseScript(content: string, extension: string): Parsed {
  const typed = extension.includes('t');
  const markup = extension.endsWith('x') || !typed;
  const options: ParserOptions = {
    sourceType: 'unambiguous',
    errorRecovery: true,
    allowReturnOutsideFunction: true,
    plugins: [...(typed ? (['typescript', 'decorators'] as const) : []), ...(markup ? (['jsx'] as const) : [])],
  };
  try {
    const tree = parse(content, options);
    const imports: Import[] = [];
    collectImports(tree.program, imports);
    return { errors: (tree.errors ?? []).slice(0, MAX_ERRORS).map(faultOf), imports };
  } catch (error) {
    return { errors: [faultOf(error)], imports: [] };
  }
}

/** Every import, re-export, `require` and `import()` with a constant specifier. Not recursive: a file may nest deeply. */
function collectImports(root: object, found: Import[]): void {
  const open: unknown[] = [root];
  for (let node = open.pop(); node !== undefined || open.length > 0; node = open.pop()) {
    if (typeof node !== 'object' || node === null) continue;
    if (Array.isArray(node)) {
      open.push(...(node as unknown[]));
      continue;
    }
    const fields: Record<string, unknown> = { ...node };
    const specifier = specifierOf(fields);
    if (specifier) found.push(specifier);
    for (const [name, child] of Object.entries(fields)) {
      if (name !== 'loc' && name !== 'errors' && typeof child === 'object') open.push(child);
    }
  }
}

function specifierOf(node: Readonly<Record<string, unknown>>): Import | undefined {
  switch (node['type']) {
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
    case 'ExportNamedDeclaration':
    case 'ImportExpression':
      return constant(node['source']);
    case 'CallExpression': {
      const callee: unknown = node['callee'];
      const args: unknown = node['arguments'];
      return isNode(callee) && (callee['name'] === 'require' || callee['type'] === 'Import') && Array.isArray(args)
        ? constant(args[0])
        : undefined;
    }
    default:
      return undefined;
  }
}

function constant(node: unknown): Import | undefined {
  if (!isNode(node) || node['type'] !== 'StringLiteral' || typeof node['value'] !== 'string') return undefined;
  return { specifier: node['value'], line: lineOf(node['loc']) };
}

function isNode(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function lineOf(location: unknown): number {
  if (!isNode(location)) return 1;
  const start = isNode(location['start']) ? location['start'] : location;
  return typeof start['line'] === 'number' ? start['line'] : 1;
}

function faultOf(error: unknown): Fault {
  const location = isNode(error) ? error['loc'] : undefined;
  const message = error instanceof SyntaxError ? error.message.replace(/ \(\d+:\d+\)$/, '') : 'This cannot be parsed';
  return { line: lineOf(location), message };
}

function leadsTo(from: string, specifier: string, paths: ReadonlySet<string>): boolean {
  const segments = from.split('/').slice(0, -1);
  for (const segment of specifier.replace(/[?#].*$/, '').split('/')) {
    if (segment === '..') {
      if (segments.pop() === undefined) return false;
    } else if (segment !== '.' && segment !== '') segments.push(segment);
  }
  const target = segments.join('/');
  if (EXTENSIONS.some((extension) => paths.has(target + extension))) return true;
  if (INDEXES.some((index) => paths.has(target === '' ? index.slice(1) : target + index))) return true;
  const dot = target.lastIndexOf('.');
  const sources = dot < 0 ? [] : (EMITTED[target.slice(dot)] ?? []);
  return sources.some((extension) => paths.has(target.slice(0, dot) + extension));
}
