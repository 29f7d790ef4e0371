import { Problem } from '@adiuva/kernel';

const MAX_DEPTH = 64;
const MAX_MEMBERS = 2_000;
const MAX_VALUES = 500_000;
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

/** The same checks for a value that has been parsed elsewhere (a socket frame). */
export function assertSafeJson(root: unknown): void {
  const open: { value: unknown; depth: number }[] = [{ value: root, depth: 0 }];
  for (let seen = 0; ; seen += 1) {
    const next = open.pop();
    if (!next) return;
    if (seen > MAX_VALUES) throw refusal('The body has too many values');
    const { value, depth } = next;
    if (typeof value === 'string') refuseText(value);
    else if (typeof value === 'number' && !Number.isFinite(value))
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
