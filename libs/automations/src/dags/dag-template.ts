import { Problem } from '@adiuva/kernel';

/** What one `{{…}}` refers to. `path` leads to a member of the output or the parameter. */
export type Reference =
  | { readonly kind: 'node'; readonly node: string; readonly path: readonly string[] }
  | { readonly kind: 'param'; readonly param: string; readonly path: readonly string[] };

export type Lookup = (reference: Reference) => unknown;

export const PARAMS = 'params';
const TEMPLATE = /\{\{([^{}]*)\}\}/g;
const WORD = /^[\p{L}\p{N}_-]+$/u;
/** Characters that the templates of one step may grow to. */
const MAX_RENDERED = 256_000;

/** The references in every string of a value, and the templates that refer to nothing. */
export function referencesIn(value: unknown): { references: Reference[]; malformed: string[] } {
  const references: Reference[] = [];
  const malformed: string[] = [];
  const read = (text: string): string =>
    text.replace(TEMPLATE, (template, inner: string) => {
      const reference = parse(inner);
      if (reference) references.push(reference);
      else malformed.push(template);
      return '';
    });
  mapStrings(value, read);
  return { references, malformed };
}

/** The value with its templates filled in. A string that is one template becomes what it refers to. Throws `unprocessable` for too much text. */
export function render<T>(value: T, lookup: Lookup): T {
  let size = 0;
  return mapStrings(value, (text) => {
    const only = /^\{\{([^{}]*)\}\}$/.exec(text.trim());
    const reference = only && parse(only[1] ?? '');
    if (reference) {
      const found = lookup(reference) ?? null;
      size += textOf(found).length;
      assertSize(size);
      return found;
    }
    return text.replace(TEMPLATE, (template, inner: string) => {
      const named = parse(inner);
      const filled = named ? textOf(lookup(named)) : template;
      size += filled.length;
      assertSize(size);
      return filled;
    });
  });
}

/** The member of a value that a path leads to; undefined where there is none. */
export function memberAt(value: unknown, path: readonly string[]): unknown {
  let member = value;
  for (const name of path) {
    if (typeof member !== 'object' || member === null || !Object.hasOwn(member, name)) return undefined;
    member = Reflect.get(member, name);
  }
  return member;
}

export function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** `node.output`, `node.output.member.0` or `params.name.member`. */
function parse(inner: string): Reference | undefined {
  const [first = '', second = '', ...path] = inner.trim().split('.');
  if (![first, second, ...path].every((word) => WORD.test(word))) return undefined;
  if (first === PARAMS) return { kind: 'param', param: second, path };
  return second === 'output' ? { kind: 'node', node: first, path } : undefined;
}

function assertSize(size: number): void {
  if (size > MAX_RENDERED)
    throw new Problem('unprocessable', { detail: 'The outputs that a node refers to are too large' });
}

function mapStrings<T>(value: T, change: (text: string) => unknown): T;
function mapStrings(value: unknown, change: (text: string) => unknown): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    return items.map((item) => mapStrings(item, change));
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, mapStrings(item, change)]));
}
