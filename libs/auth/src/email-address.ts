import { domainToASCII } from 'node:url';

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

/** Why an address cannot have an account, or null: two addresses that look alike must not be two accounts. */
export function emailError(email: string): string | null {
  const normal = normalEmail(email);
  const [local = '', domain = '', ...rest] = normal.split('@');
  if (INVISIBLE.test(email.trim()) || INVISIBLE.test(normal)) return 'must not contain invisible characters';
  if (local === '' || rest.length > 0 || domainToASCII(domain) === '') return 'must be an e-mail address';
  return null;
}
