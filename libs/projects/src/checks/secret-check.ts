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

/** A part of a longer text: matches count that begin in `from` to `to`, and `lines` lines are before it. */
interface Window {
  readonly from: number;
  readonly to: number;
  readonly lines: number;
}

const WINDOW = 65_536;
/** More than the longest form needs to be recognised, so that a secret on the border of two windows is found. */
const OVERLAP = 1_024;
const MAX_MATCHES = 100;

export function findSecrets({ path, content }: SourceText, within?: Window): Finding[] {
  const { from, to, lines } = within ?? { from: 0, to: content.length, lines: 0 };
  const counts = ({ index }: RegExpExecArray): boolean => index >= from && index < to;
  return SECRETS.flatMap(([name, form]) =>
    [...content.matchAll(form)]
      .filter(counts)
      .slice(0, MAX_MATCHES)
      .map(({ index }) => ({
        path,
        line: lines + lineAt(content, index),
        severity: 'error',
        rule: 'secret',
        message: `This looks like a secret: ${name}`,
      })),
  );
}

/** The secrets of a long file, a window after the other, so that other work runs between two of them. */
export function* findSecretsInLong({ path, content }: SourceText): Generator<Finding[]> {
  let lines = 0;
  for (let start = 0; start < content.length; start += WINDOW) {
    // With the character before it, which tells whether a word begins here.
    const from = Math.min(start, 1);
    const text = content.slice(start - from, start + WINDOW + OVERLAP);
    yield findSecrets({ path, content: text }, { from, to: from + WINDOW, lines });
    lines += lineAt(content.slice(start - from, start - from + WINDOW), WINDOW) - 1;
  }
}
