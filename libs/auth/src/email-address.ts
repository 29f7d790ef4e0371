import { domainToASCII, domainToUnicode } from 'node:url';

interface AddressHash {
  hmac(purpose: 'account-index', text: string): Buffer;
}

/** Characters that are not seen or do not count: controls, format characters, fillers, spaces of any kind. */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{C}\p{Z}\u2800]/u;

/**
 * The one spelling under which an address is known: compatibility forms folded (NFKC), lower case, the domain in its ASCII form (IDNA) without
 * a final dot.
 */
export function normalEmail(email: string): string {
  const folded = email.trim().normalize('NFKC').toLowerCase();
  const at = folded.lastIndexOf('@');
  const domain = folded.slice(at + 1).replace(/[.\u3002]$/u, '');
  return at < 0 ? folded : `${folded.slice(0, at)}@${domainToASCII(domain) || domain}`;
}

/**
 * The spellings under which an account of this address may be kept: the normal one, and for accounts from before the ASCII form was used the
 * one with a domain in Unicode.
 */
export function spellingsOf(email: string): readonly string[] {
  const normal = normalEmail(email);
  const at = normal.lastIndexOf('@');
  const unicode = domainToUnicode(normal.slice(at + 1));
  const former = `${normal.slice(0, at)}@${unicode}`;
  return at < 0 || unicode === '' || former === normal ? [normal] : [normal, former];
}

/** The keyed hashes by which an account of this address is found. The first one is that of a new account. */
export function indexesOf(keys: AddressHash, email: string): readonly Buffer[] {
  return spellingsOf(email).map((spelling) => keys.hmac('account-index', spelling));
}

/** Why an address cannot have an account, or null: two addresses that look alike must not be two accounts. */
export function emailError(email: string): string | null {
  const normal = normalEmail(email);
  const [local = '', domain = '', ...rest] = normal.split('@');
  if (INVISIBLE.test(email.trim()) || INVISIBLE.test(normal)) return 'must not contain invisible characters';
  if (local === '' || rest.length > 0 || domainToASCII(domain) === '') return 'must be an e-mail address';
  return null;
}
