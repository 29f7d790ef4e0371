import { ClientError } from '../client-error';

/** The password is too easy to guess. The server sees only a secret derived from it, so the rule is applied here. */
export class WeakPasswordError extends ClientError {
  constructor(rule: string) {
    super('WeakPasswordError', `The password ${rule}`);
  }
}

const MIN_LENGTH = 10;
const MAX_LENGTH = 256;
const MIN_DISTINCT = 5;
const RUNS = [
  '01234567890123456789',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiopasdfghjklzxcvbnm',
  'qwertzuiopasdfghjklyxcvbnm',
];
/** What is left of the most common passwords without the digits and signs around them. */
const COMMON =
  /^(?:pass(?:word|wort|w0rd)|p[a@]ssw[o0]rd|letmein|welcome|admin(?:istrator)?|iloveyou|football|baseball|basketball|superman|batman|dragon|monkey|sunshine|princess|starwars|whatever|trustno|master|michael|jennifer|passphrase|changeme|secret|qwerty|qwertz|azerty|abcdef|abc|adiuva|ciao|hallo|hello|liebe|juventus|test)+$/;

/** Throws `WeakPasswordError` for what is short, common, a run of keys, of few characters, or the address. */
export function assertStrong(password: string, email: string): void {
  const length = [...password].length;
  if (length < MIN_LENGTH || length > MAX_LENGTH)
    throw new WeakPasswordError(`must have ${MIN_LENGTH} to ${MAX_LENGTH} characters`);
  const plain = password.normalize('NFKC').toLowerCase();
  const address = email.trim().toLowerCase();
  if (plain === address || plain === address.split('@')[0])
    throw new WeakPasswordError('must not be the e-mail address');
  const core = plain.replace(/^[^a-z]+|[^a-z]+$/g, '');
  const isRun = RUNS.some((run) => run.includes(plain) || [...run].reverse().join('').includes(plain));
  if (isRun || COMMON.test(core) || new Set(plain).size < MIN_DISTINCT) throw new WeakPasswordError('is too common');
}
