import { setImmediate } from 'node:timers/promises';
import { checkData } from './data-check';
import { MAX_PARSED_BYTES, type Finding, type SourceText } from './finding';
import { checkScript } from './script-check';
import { findSecrets, findSecretsInLong } from './secret-check';

const MAX_FINDINGS = 500;

/**
 * Checks without a model: JSON, YAML, the syntax of TypeScript and JavaScript, relative imports that lead to no file of the project, secrets.
 * `paths` are all paths of the project; `files` are read one by one, and other work runs between two of them.
 */
export async function checkFiles(
  files: AsyncIterable<SourceText>,
  paths: ReadonlySet<string>,
  signal?: AbortSignal,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for await (const file of files) {
    signal?.throwIfAborted();
    for (const found of checkFile(file, paths)) {
      findings.push(...found);
      if (findings.length >= MAX_FINDINGS) return findings.slice(0, MAX_FINDINGS);
      await setImmediate();
    }
  }
  return findings;
}

function* checkFile(file: SourceText, paths: ReadonlySet<string>): Generator<Finding[]> {
  if (Buffer.byteLength(file.content) <= MAX_PARSED_BYTES) {
    yield [...checkData(file), ...checkScript(file, paths), ...findSecrets(file)];
    return;
  }
  const message = 'The file is too long to be parsed: only secrets are looked for';
  yield [{ path: file.path, line: 1, severity: 'warning', rule: 'too-long', message }];
  yield* findSecretsInLong(file);
}
