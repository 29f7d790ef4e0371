import { checkFileHead, checkFileName } from './file-signatures';
import { errorFinding, warningFinding, type Finding, type Rule } from '../plugins/finding';
import type { Permission } from '../plugins/manifest';

interface Pattern {
  readonly rule: Rule;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly expression: RegExp;
  /** Only in files that a plugin runs. */
  readonly codeOnly?: boolean;
  /** Not where the manifest asks for this permission. */
  readonly unless?: Permission;
}

const CODE_NAME = /\.(?:[cm]?[jt]sx?|html?|svg|vue|svelte)$/i;
const HEAD_BYTES = 512;
/** Longer than the longest match that counts. */
const OVERLAP = 2_048;
/** Of either severity. */
const MAX_FINDINGS_A_FILE = 20;

// Every quantifier is bounded, so that a pattern's work on a chunk is bounded too.
const PATTERNS: readonly Pattern[] = [
  secret('an AWS access key', /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g),
  secret('a GitHub token', /\b(?:gh[pousr]_[A-Za-z0-9]{30,255}|github_pat_[A-Za-z0-9_]{22,255})/g),
  secret('a GitLab token', /\bglpat-[A-Za-z0-9_-]{20,64}/g),
  secret('a Stripe key', /\b(?:[sr]k_(?:live|test)_[A-Za-z0-9]{10,255}|whsec_[A-Za-z0-9]{16,255})/g),
  secret('a Slack token', /\bxox[abeoprs]-[A-Za-z0-9-]{10,255}/g),
  secret('a Google key', /\bAIza[0-9A-Za-z_-]{35}/g),
  secret("a model provider's key", /\bsk-(?:ant-|proj-|or-)?[A-Za-z0-9_-]{20,255}/g),
  secret('an npm token', /\bnpm_[A-Za-z0-9]{36}/g),
  secret('a SendGrid key', /\bSG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{32,64}/g),
  secret('a private key', /-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----/g),
  secret('a signed token', /\beyJ[A-Za-z0-9_-]{10,400}\.eyJ[A-Za-z0-9_-]{10,400}\.[A-Za-z0-9_-]{16,400}/g),
  secret(
    'a password in an address',
    /\b[a-z][a-z0-9+]{1,15}:\/\/[^\s:@/'"]{1,64}:[^\s:@/'"$<{]{6,64}@[a-z0-9.-]{3,64}/gi,
  ),
  secret(
    'a key or password',
    /(?:password|passwd|secret|api_?key|access_?token|auth_?token|private_?key)["'`]?\s{0,4}[:=]\s{0,4}["'`](?=[^"'`\s]{0,64}\d)(?=[^"'`\s]{0,64}[A-Za-z])[A-Za-z0-9+/=_.$!@#%^&*-]{16,128}["'`]/gi,
  ),
  code('runs_code', 'builds code from text while it runs', /\b(?:eval|Function|execScript)\s{0,4}\(/g),
  code('runs_code', 'starts other programs', /\b(?:child_process|worker_threads|process\.binding|process\.dlopen)\b/g),
  {
    ...code(
      'undeclared_network',
      'reaches the network, which the manifest does not ask for',
      /\b(?:fetch|XMLHttpRequest|WebSocket|EventSource|sendBeacon)\s{0,4}\(|["'`](?:node:)?(?:https?|net|tls|dgram)["'`]/g,
    ),
    unless: 'network:fetch',
  },
];
const INSTALL_SCRIPT = /"(?:pre|post)?install"\s{0,8}:\s{0,8}"/g;

/**
 * Reads one file of a package as it is unpacked and finds what does not belong into a plugin. Bounded in memory: it keeps a
 * part of a chunk. Bytes are read as Latin-1, because everything looked for is ASCII.
 */
export class ContentScan {
  readonly findings: Finding[];
  private readonly patterns: readonly Pattern[];
  private readonly seen = new Set<string>();
  private head = Buffer.alloc(0);
  private tail = '';
  private lineOfTail = 1;

  constructor(
    private readonly name: string,
    permissions: readonly Permission[],
  ) {
    this.findings = [...checkFileName(name)];
    const isCode = CODE_NAME.test(name);
    this.patterns = PATTERNS.filter(
      ({ codeOnly, unless }) => (!codeOnly || isCode) && !(unless && permissions.includes(unless)),
    ).concat(
      /(?:^|\/)package\.json$/.test(name)
        ? [code('install_script', 'runs a script when it is installed', INSTALL_SCRIPT)]
        : [],
    );
  }

  push(chunk: Buffer): void {
    if (this.head.length < HEAD_BYTES) {
      this.head = Buffer.concat([this.head, chunk.subarray(0, HEAD_BYTES - this.head.length)]);
    }
    const text = this.tail + chunk.toString('latin1');
    for (const pattern of this.patterns) this.match(pattern, text);
    const cut = Math.max(0, text.length - OVERLAP);
    this.lineOfTail += newlinesIn(text, cut);
    this.tail = text.slice(cut);
  }

  end(): readonly Finding[] {
    return [...checkFileHead(this.name, this.head), ...this.findings];
  }

  private match(pattern: Pattern, text: string): void {
    for (const match of text.matchAll(pattern.expression)) {
      if (this.countOf(pattern.severity) >= MAX_FINDINGS_A_FILE) return;
      const line = this.lineOfTail + newlinesIn(text, match.index);
      const key = `${pattern.message}:${line}`;
      if (this.seen.has(key)) continue;
      this.seen.add(key);
      const make = pattern.severity === 'error' ? errorFinding : warningFinding;
      this.findings.push(make(pattern.rule, pattern.message, this.name, line));
    }
  }

  private countOf(severity: Finding['severity']): number {
    return this.findings.filter((finding) => finding.severity === severity).length;
  }
}

function secret(what: string, expression: RegExp): Pattern {
  return { rule: 'secret', severity: 'error', message: `This looks like ${what}`, expression };
}

function code(rule: Rule, what: string, expression: RegExp): Pattern {
  return { rule, severity: 'warning', message: `This ${what}`, expression, codeOnly: rule !== 'install_script' };
}

function newlinesIn(text: string, end: number): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1 && at < end; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
