import { parsePython } from './python-literals';

const CONTROL = /[\u0000-\u001f]/;
/** A special token or closing tag that a server has left behind the arguments. */
const LEFTOVER = /<(?:\/\w+|[|｜][^<>]*[|｜])>$/;
const MAX_LEFTOVER = 64;

/**
 * Reads the arguments of a call. Nothing and `null` are no arguments. Some servers put the JSON into a string once more, send an empty value
 * ahead of the arguments, or send them twice; some models write line ends into strings, or Python.
 */
export function parseArguments(text: string): unknown {
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
export function areComplete(text: string): boolean {
  const json = text.trim();
  if (json === 'null') return true;
  const value = /[}\]"]$/.test(json.slice(-1)) ? parsed(json) : undefined;
  return isObject(value) || (typeof value === 'string' && isObject(parsed(value)));
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
