import type { Random } from './random';

/** What no regular client sends, in the place of any value. */
const ODD_VALUES: readonly unknown[] = [
  ...[null, true, false, 0, -1, 1.5, -0, 1e308, 5e-324, 2 ** 53, -(2 ** 53), 2 ** 31, 2 ** 63, 8_640_000_000_000_001],
  ...[[], [null], [[]], {}, [{}], [''], { toString: 1 }, { length: 1e9 }, { then: 1 }, { valueOf: null, toJSON: 1 }],
  ...['', ' ', '0', '-1', '1e309', 'NaN', 'null', '__proto__', 'constructor', '../x', "'--", '%', '\\', '\0', '\ud800'],
  ...['\u2028', '\u200b', '\ufeff', '👩‍💻', 'İ', 'ſ', '9999-12', '0x10', '1,2', '=', 'a'.repeat(5_000), '9'.repeat(400)],
  ...['x@y', 'Europe/Nowhere', '* * * * *', '*/1 * * * * *', 'FREQ=SECONDLY', 'FREQ=YEARLY;BYMONTHDAY=31;BYMONTH=2'],
  ...[
    'RRULE:FREQ=DAILY;COUNT=99999999999999',
    '0 0 31 2 *',
    '1.0.0-' + 'a'.repeat(300),
    'data:,x',
    'file:///etc/passwd',
  ],
];
const ODD_NAMES = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'then',
  'length',
  '',
  'id',
  'user_id',
  '$ref',
];

export function oddValue(random: Random, depth = 0): unknown {
  if (random.chance(0.7)) return random.pick(ODD_VALUES);
  if (random.chance(0.4)) return random.codeUnits(random.below(40));
  if (depth > 3) return random.next();
  const length = random.below(5);
  if (random.chance(0.4)) return Array.from({ length }, () => oddValue(random, depth + 1));
  return Object.fromEntries(Array.from({ length }, () => [random.pick(ODD_NAMES), oddValue(random, depth + 1)]));
}

/** The value with one place somewhere inside changed: replaced, removed, repeated, renamed or wrapped. */
export function mutated(random: Random, value: unknown): unknown {
  const descends = random.chance(0.75);
  if (Array.isArray(value) && value.length > 0 && descends) {
    const at = random.below(value.length);
    if (random.chance(0.2)) return [...value, ...value];
    return value.with(at, mutated(random, value[at]));
  }
  if (typeof value === 'object' && value !== null && Object.keys(value).length > 0 && descends)
    return mutatedObject(random, value);
  if (typeof value === 'string' && random.chance(0.4)) return mutatedText(random, value);
  return random.chance(0.1) ? [value] : oddValue(random);
}

function mutatedObject(random: Random, value: object): object {
  const members = Object.entries(value);
  const at = random.below(members.length);
  const [name = '', member] = members[at] ?? [];
  if (random.chance(0.1)) return Object.fromEntries(members.toSpliced(at, 1));
  if (random.chance(0.1)) return { ...value, [random.pick(ODD_NAMES)]: oddValue(random) };
  if (random.chance(0.1)) return Object.fromEntries(members.with(at, [name.toUpperCase(), member]));
  return Object.fromEntries(members.with(at, [name, mutated(random, member)]));
}

export function mutatedText(random: Random, text: string): string {
  const at = random.below(text.length + 1);
  const inserted = random.pick([
    '\0',
    '\ud800',
    '\u202e',
    '%00',
    "'",
    '"',
    '\\',
    '\n',
    '𝟙',
    'é',
    '/',
    '..',
    random.codeUnits(3),
  ]);
  return random.pick([text.slice(0, at) + inserted + text.slice(at), text.slice(at), text + text, text.toUpperCase()]);
}

/** The value as JSON, sometimes in a form that no serializer makes. */
export function jsonOf(random: Random, value: unknown): string {
  const json = JSON.stringify(value) ?? '';
  if (random.chance(0.9)) return json;
  const at = random.below(json.length + 1);
  return random.pick([
    json.slice(0, at),
    `\ufeff${json}`,
    `${json}${json}`,
    `${json.slice(0, at)}${random.codeUnits(2)}${json.slice(at)}`,
    json.replace(/[a-z]/, (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`),
    json.replace(/^\{/, '{"__proto__":{"tier":"team"},'),
    json.replace(/\d+/, '1e999'),
    '['.repeat(20_000),
    `{"a":${'[1,'.repeat(300)}`,
    `${' '.repeat(10_000)}${json}`,
  ]);
}
