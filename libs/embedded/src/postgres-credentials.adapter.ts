import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** What we keep beside the cluster, in `postgres.json` with mode 0600. */
export interface Secret {
  /** 256 random bits. */
  readonly password: string;
  /** Where the server listened last, 0 before the first time. */
  readonly port: number;
}

export function readSecret(dataDir: string): Secret | null {
  const path = secretPath(dataDir);
  let kept: unknown;
  try {
    kept = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return null;
    throw new Error(`The password of the embedded PostgreSQL cannot be read from ${path}.`, { cause });
  }
  if (typeof kept !== 'object' || kept === null || !('password' in kept) || !('port' in kept)) {
    throw new Error(`${path} is not what the server wrote there; restore it.`);
  }
  return { password: String(kept.password), port: Number(kept.port) || 0 };
}

/** Of two servers that start concurrently, the password of the first is kept. */
export function readOrCreateSecret(dataDir: string): Secret {
  const found = readSecret(dataDir);
  if (found) return found;
  const made = { password: randomBytes(32).toString('base64url'), port: 0 };
  const draft = writeDraft(dataDir, made);
  try {
    linkSync(draft, secretPath(dataDir));
    return made;
  } catch {
    const first = readSecret(dataDir);
    // Some file systems know no hard links.
    if (!first) renameSync(draft, secretPath(dataDir));
    return first ?? made;
  } finally {
    rmSync(draft, { force: true });
  }
}

export function keepPort(dataDir: string, secret: Secret, port: number): void {
  if (secret.port !== port) renameSync(writeDraft(dataDir, { ...secret, port }), secretPath(dataDir));
}

/** `ENOENT`, `28P01`: what Node and PostgreSQL call an error. */
export function errorCode(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

function secretPath(dataDir: string): string {
  return join(dataDir, 'postgres.json');
}

function writeDraft(dataDir: string, secret: Secret): string {
  const draft = join(dataDir, `postgres.json.${randomBytes(6).toString('hex')}`);
  const file = openSync(draft, 'wx', 0o600);
  try {
    writeSync(file, `${JSON.stringify(secret)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  return draft;
}
