import { parsePython } from './python-literals';
import { MAY_BE_NO_TEXT, storable } from './well-formed-text';

const CONTROL = /[\u0000-\u001f]/;
/** A special token or closing tag that a server has left behind the arguments. */
const LEFTOVER = /<(?:\/\w+|[|｜][^<>]*[|｜])>$/;
const MAX_LEFTOVER = 64;
/** `null` and white space around it. */
const MAX_LITERAL = 16;

/**
 * Reads the arguments of a call. Nothing and `null` are no arguments. Some servers put the JSON into a string once more, send an empty value
 * ahead of the arguments, or send them twice; some models write line ends into strings, or Python.
 */
export function parseArguments(text: string): unknown {
  const value = read(text);
  return MAY_BE_NO_TEXT.test(text) ? storable(value) : value;
}

function read(text: string): unknown {
  const json = text.trim();
  if (json === '' || json === 'null') return {};
  const value = firstParsed(json);
  if (value === undefined) return text;
  const inner = typeof value === 'string' ? parsed(value.trim() === '' ? '{}' : value) : undefined;
  const whole = inner === undefined ? value : inner;
  if (whole === null) return {};
  return Array.isArray(whole) && whole.length === 1 && isObject(whole[0]) ? whole[0] : whole;
}

/** Whether a text is all of the arguments of a call, as JSON. */
function areComplete(text: string): boolean {
  const json = text.trim();
  if (json === 'null') return true;
  const value = /[}\]"]$/.test(json.slice(-1)) ? parsed(json) : undefined;
  return isObject(value) || (typeof value === 'string' && isObject(parsed(value)));
}

/** The arguments of a call as they arrive. Each character is read one time, however small the parts are. */
export class ArgumentsReader {
  text = '';
  private state: 'before' | 'literal' | 'inside' | 'after' | 'broken' = 'before';
  private depth = 0;
  private isString = false;
  private isEscaped = false;
  private known: boolean | undefined;

  append(part: string): void {
    this.text += part;
    for (const character of part) this.read(character);
  }

  /** Whether they are whole, as JSON. */
  get isComplete(): boolean {
    if (this.state === 'literal') return this.text.length <= MAX_LITERAL && areComplete(this.text);
    return this.state === 'after' && (this.known ??= areComplete(this.text));
  }

  private read(character: string): void {
    if (this.state === 'inside') this.readInside(character);
    else if (/\s/.test(character) || this.state === 'literal') return;
    else if (this.state === 'after') this.state = 'broken';
    else if (this.state === 'before') {
      this.state = /[{["]/.test(character) ? 'inside' : 'literal';
      this.readInside(character);
    }
  }

  private readInside(character: string): void {
    if (this.isString) {
      if (character === '"' && !this.isEscaped) this.isString = false;
      this.isEscaped = character === '\\' && !this.isEscaped;
    } else if (character === '"') this.isString = true;
    else if (character === '{' || character === '[') this.depth += 1;
    else if (character === '}' || character === ']') this.depth -= 1;
    if (this.state === 'inside' && this.depth <= 0 && !this.isString) this.state = 'after';
  }
}

/** Without the marks of a code block around it. */
export function unfenced(text: string): string {
  const inner = text.trim().replace(/^```\w*\s*/, '');
  return inner.endsWith('```') ? inner.slice(0, -3).trimEnd() : inner;
}

function firstParsed(json: string): unknown {
  const value = parsed(json);
  if (value !== undefined) return value;
  const half = json.slice(0, json.length / 2);
  const forms = [
    json.replace(/^(?:\{\}|null)/, ''),
    ...(half + half === json ? [half] : []),
    withoutLeftover(unfenced(json)),
    escapedInStrings(json),
  ];
  for (const form of forms) {
    const read = form === json ? undefined : parsed(form);
    if (read !== undefined) return read;
  }
  return json.startsWith('{') ? parsePython(json) : undefined;
}

function withoutLeftover(text: string): string {
  const tail = text.slice(-MAX_LEFTOVER);
  return text.slice(0, text.length - tail.length) + tail.replace(LEFTOVER, '');
}

/** Line ends and other control characters that JSON allows between values, but not in a string. */
function escapedInStrings(json: string): string {
  if (!CONTROL.test(json)) return json;
  let isString = false;
  let isEscaped = false;
  return [...json]
    .map((character) => {
      if (character === '"' && !isEscaped) isString = !isString;
      isEscaped = isString && character === '\\' && !isEscaped;
      return isString && CONTROL.test(character) ? JSON.stringify(character).slice(1, -1) : character;
    })
    .join('');
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
