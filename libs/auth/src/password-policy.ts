import { dictionary } from '@zxcvbn-ts/language-common';

export const PASSWORD_MIN = 10;
export const PASSWORD_MAX = 256;

const MIN_COMMON = 6;
const RUNS = [
  '01234567890123456789',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiopasdfghjklzxcvbnm',
  'qwertzuiopasdfghjklyxcvbnm',
  '1q2w3e4r5t6y7u8i9o0p',
];
const TRIMMINGS = /^[^a-z]+|[^a-z]+$/g;
const MIN_DISTINCT = 4;

/** Why a password cannot be taken, as a sentence; undefined when it can. */
export function passwordError(password: string, email: string): string | undefined {
  const length = [...password].length;
  if (length < PASSWORD_MIN || length > PASSWORD_MAX) return `must have ${PASSWORD_MIN} to ${PASSWORD_MAX} characters`;
  if (password.includes('\0')) return 'must not contain NUL';
  const lower = password.normalize('NFKC').toLowerCase();
  if (lower === email || lower === email.split('@')[0]) return 'must not be the e-mail address';
  if (isCommon(lower)) return 'is one of the most common passwords';
  return undefined;
}

let common: ReadonlySet<string> | undefined;
/** Well-known passwords of the zxcvbn dictionary, loaded when first asked for; shorter ones are refused by their length. */
function isWellKnown(word: string): boolean {
  common ??= new Set(dictionary['passwords-common'].filter(({ length }) => length >= MIN_COMMON));
  return common.has(word);
}

/** In the dictionary, a dictionary word with digits or signs around it, a run on the keyboard, or few different characters. */
function isCommon(lower: string): boolean {
  if (isWellKnown(lower) || new Set(lower).size < MIN_DISTINCT) return true;
  if (RUNS.some((run) => run.includes(lower) || [...run].reverse().join('').includes(lower))) return true;
  const core = lower.replace(TRIMMINGS, '');
  return core.length >= lower.length - 4 && core.length < lower.length && isWellKnown(core);
}
