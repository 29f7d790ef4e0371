import { setImmediate } from 'node:timers/promises';
import { checkData } from './data-check';
import type { Finding, SourceFile } from './finding';
import { checkScript } from './script-check';
import { findSecrets } from './secret-check';

const MAX_FINDINGS = 500;

/**
 * Checks without a model: JSON, YAML, the syntax of TypeScript and JavaScript, relative imports that lead to no file of the project, secrets.
 * `paths` are all paths of the project; `files` are read one by one, and other work runs between two of them.
 */
export async function checkFiles(
  files: AsyncIterable<SourceFile>,
  paths: ReadonlySet<string>,
  signal?: AbortSignal,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for await (const file of files) {
    signal?.throwIfAborted();
    findings.push(...checkFile(file, paths));
    if (findings.length >= MAX_FINDINGS) return findings.slice(0, MAX_FINDINGS);
    await setImmediate();
  }
  return findings;
}

function checkFile(file: SourceFile, paths: ReadonlySet<string>): Finding[] {
  if (file.content === null) {
    const message = 'The file is too long to be parsed';
    return [{ path: file.path, line: 1, severity: 'warning', rule: 'too-long', message }];
  }
  return [...checkData(file), ...checkScript(file, paths), ...findSecrets(file)];
}
