import type { Finding, SourceText } from './finding';
import { lineAt } from './line-at';

/** Forms that providers document for their keys; a finding never repeats the key. */
const SECRETS: readonly (readonly [name: string, form: RegExp])[] = [
  ['private key', /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/g],
  ['AWS access key', /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g],
  ['GitHub token', /\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{50,})\b/g],
  ['Stripe key', /\b(?:sk|rk)_live_[A-Za-z0-9]{16,}\b/g],
  ['Slack token', /\bxox[abprs]-[A-Za-z0-9-]{10,}\b/g],
  ['Google API key', /\bAIza[A-Za-z0-9_-]{35}\b/g],
  ['OpenAI key', /\bsk-(?:proj-)?[A-Za-z0-9_-]{32,}\b/g],
  ['address with a password', /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:@/'"`]{1,100}:[^\s:@/'"`$<{]{3,100}@[\w.-]/g],
];

export function findSecrets({ path, content }: SourceText): Finding[] {
  return SECRETS.flatMap(([name, form]) =>
    [...content.matchAll(form)].map(({ index }) => ({
      path,
      line: lineAt(content, index),
      severity: 'error',
      rule: 'secret',
      message: `This looks like a secret: ${name}`,
    })),
  );
}
