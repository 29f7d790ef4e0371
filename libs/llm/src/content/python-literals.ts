const TOKEN =
  /\s*(?:("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)|([A-Za-z_][\w.]*)|([[\]{}(),:=]))/isy;
const REST = /\s*$/y;
const CONSTANTS = new Map<string, unknown>([
  ['true', true],
  ['false', false],
  ['none', null],
  ['null', null],
]);
const MAX_DEPTH = 32;

/** A call as Python writes it, with named arguments. */
export interface PythonCall {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** A literal of Python, such as `{'title': 'Milk', 'done': True}`. Undefined where it is none. */
export function parsePython(text: string): unknown {
  return attempt(text, (reader) => reader.value(0));
}

/** `name(key=value, …)`, alone, in a list, or inside of `print(…)`. Undefined for anything else. */
export function parsePythonCalls(text: string): readonly PythonCall[] | undefined {
  const inner = text.trim().replace(/^print\(([\s\S]*)\)$/, '$1');
  return attempt(inner, (reader) => (reader.skips('[') ? reader.list(']', () => reader.call()) : [reader.call()]));
}

function attempt<T>(text: string, read: (reader: Reader) => T): T | undefined {
  try {
    const reader = new Reader(text);
    const value = read(reader);
    return reader.isAtEnd ? value : undefined;
  } catch {
    return undefined;
  }
}

class Reader {
  private at = 0;

  constructor(private readonly text: string) {}

  get isAtEnd(): boolean {
    REST.lastIndex = this.at;
    return REST.test(this.text);
  }

  call(): PythonCall {
    const name = this.word();
    this.expect('(');
    const args = this.list(')', () => {
      const key = this.word();
      this.expect('=');
      return [key, this.value(0)] as const;
    });
    return { name, args: Object.fromEntries(args) };
  }

  value(depth: number): unknown {
    if (depth > MAX_DEPTH) throw new Error('too deep');
    const [, string, number, word, mark] = this.next();
    if (string !== undefined) return unquoted(string);
    if (number !== undefined) return Number(number);
    if (mark === '[') return this.list(']', () => this.value(depth + 1));
    if (mark === '(') return this.list(')', () => this.value(depth + 1));
    if (mark === '{') return Object.fromEntries(this.list('}', () => this.entry(depth + 1)));
    const constant = CONSTANTS.get(word?.toLowerCase() ?? '');
    if (constant === undefined) throw new Error('no literal');
    return constant;
  }

  /** The items up to the closing mark; a last comma is allowed. */
  list<T>(close: string, item: () => T): T[] {
    const items: T[] = [];
    while (!this.skips(close)) {
      items.push(item());
      if (this.skips(',')) continue;
      this.expect(close);
      break;
    }
    return items;
  }

  skips(mark: string): boolean {
    const before = this.at;
    if (!this.isAtEnd && this.next()[4] === mark) return true;
    this.at = before;
    return false;
  }

  private entry(depth: number): readonly [string, unknown] {
    const key = this.value(depth);
    this.expect(':');
    return [String(key), this.value(depth)];
  }

  private word(): string {
    const [, , , word] = this.next();
    if (word === undefined) throw new Error('no name');
    return word;
  }

  private expect(mark: string): void {
    if (!this.skips(mark)) throw new Error(`no ${mark}`);
  }

  private next(): RegExpExecArray {
    TOKEN.lastIndex = this.at;
    const token = TOKEN.exec(this.text);
    if (!token) throw new Error('no token');
    this.at = TOKEN.lastIndex;
    return token;
  }
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\n': '' };

function unquoted(string: string): string {
  return string.slice(1, -1).replace(/\\(u[\da-f]{4}|x[\da-f]{2}|[\s\S])/gi, (_, code: string) => {
    const isCodePoint = code.length > 1;
    return isCodePoint ? String.fromCharCode(Number.parseInt(code.slice(1), 16)) : (ESCAPES[code] ?? code);
  });
}
