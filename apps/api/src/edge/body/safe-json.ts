import { Problem } from '@adiuva/kernel';

const MAX_DEPTH = 64;
const MAX_MEMBERS = 2_000;
const MAX_VALUES = 500_000;
const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];
const FORBIDDEN_NAMES = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Parses a JSON text and refuses, in linear time, what no honest client sends and what later layers trip over: NUL characters, lone
 * surrogates, numbers outside the range of a double, deep nesting, objects with thousands of members, names that reach a prototype.
 * Throws `malformed_request`.
 */
export function parseSafeJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Problem('malformed_request', { detail: 'The body is not JSON', cause: error });
  }
  assertSafeJson(value);
  return value;
}

/**
 * Refuses a JSON text with more values or deeper nesting than `parseSafeJson` admits before anything is allocated for them: what `[1],`
 * becomes takes 20 times its bytes. Linear, and ends at the first fault.
 */
export function assertBoundedJson(bytes: Buffer): void {
  let values = 0;
  let depth = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    switch (bytes[at]) {
      case QUOTE:
        at = endOfString(bytes, at);
        break;
      case OPEN_LIST:
      case OPEN_OBJECT:
        values += 1;
        depth += 1;
        if (depth > MAX_DEPTH) throw refusal('The body is nested too deeply');
        break;
      case CLOSE_LIST:
      case CLOSE_OBJECT:
        depth -= 1;
        break;
      case COMMA:
        values += 1;
        break;
      case undefined:
      default:
    }
    if (values > MAX_VALUES) throw refusal('The body has too many values');
  }
}

/** The place of the closing quote, or the end of the text. */
function endOfString(bytes: Buffer, start: number): number {
  const quote = bytes.indexOf(QUOTE, start + 1);
  if (quote < 0) return bytes.length;
  if (bytes[quote - 1] !== BACKSLASH) return quote;
  for (let at = start + 1; at < bytes.length; at += 1) {
    if (bytes[at] === BACKSLASH) at += 1;
    else if (bytes[at] === QUOTE) return at;
  }
  return bytes.length;
}

/** The same checks for a value that has been parsed elsewhere (a socket frame). Returns the characters of its texts. */
export function assertSafeJson(root: unknown): number {
  let characters = 0;
  const open: { value: unknown; depth: number }[] = [{ value: root, depth: 0 }];
  for (let seen = 0; ; seen += 1) {
    const next = open.pop();
    if (!next) return characters;
    if (seen > MAX_VALUES) throw refusal('The body has too many values');
    const { value, depth } = next;
    if (typeof value === 'string') {
      refuseText(value);
      characters += value.length;
    } else if (typeof value === 'number' && !Number.isFinite(value))
      throw refusal('The body has a number that is too large');
    else if (ArrayBuffer.isView(value)) throw refusal('The body has a binary value');
    else if (typeof value === 'object' && value !== null) {
      if (depth >= MAX_DEPTH) throw refusal('The body is nested too deeply');
      for (const member of membersOf(value)) open.push({ value: member, depth: depth + 1 });
    }
  }
}

function membersOf(value: object): readonly unknown[] {
  if (Array.isArray(value)) return value;
  const names = Object.keys(value);
  if (names.length > MAX_MEMBERS) throw refusal('The body has an object with too many members');
  for (const name of names) {
    if (FORBIDDEN_NAMES.has(name)) throw refusal('The body has a member whose name is not allowed');
    refuseText(name);
  }
  return Object.values(value);
}

function refuseText(text: string): void {
  if (text.includes('\0')) throw refusal('The body has a NUL character');
  if (!text.isWellFormed()) throw refusal('The body has half a surrogate pair');
}

function refusal(detail: string): Problem {
  return new Problem('malformed_request', { detail });
}
