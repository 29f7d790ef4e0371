import { LineCounter, parseAllDocuments } from 'yaml';
import type { Finding, SourceText } from './finding';
import { lineAt } from './line-at';

/** Aliases that expand to more are refused by the parser. */
const MAX_ALIASES = 100;
const POSITION = /at position (\d+)/;
/** JSON with comments by convention. */
const COMMENTED = /(?:^|\/)(?:[tj]sconfig[^/]*|\.eslintrc|\.babelrc)(?:\.json)?$|\.jsonc$/;

/** Syntax of JSON and YAML files. */
export function checkData({ path, content }: SourceText): Finding[] {
  if (/\.json$/i.test(path) && !COMMENTED.test(path)) return checkJson(path, content);
  if (/\.ya?ml$/i.test(path)) return checkYaml(path, content);
  return [];
}

function checkJson(path: string, content: string): Finding[] {
  try {
    JSON.parse(content);
    return [];
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    const position = POSITION.exec(message)?.[1];
    const line = position === undefined ? lineAt(content, content.length) : lineAt(content, Number(position));
    return [{ path, line, severity: 'error', rule: 'json-syntax', message: 'This is no valid JSON' }];
  }
}

function checkYaml(path: string, content: string): Finding[] {
  const lineCounter = new LineCounter();
  const documents = parseAllDocuments(content, { lineCounter, prettyErrors: false, uniqueKeys: true });
  if (!Array.isArray(documents)) return [];
  // One fault makes the parser report what follows from it too.
  const faults = documents.flatMap(({ errors }) => errors.slice(0, 1));
  if (faults.length === 0) {
    try {
      for (const document of documents) document.toJS({ maxAliasCount: MAX_ALIASES });
    } catch {
      return [{ path, line: 1, severity: 'error', rule: 'yaml-aliases', message: 'The aliases expand too far' }];
    }
  }
  return faults.map(({ pos, message }) => ({
    path,
    line: lineCounter.linePos(pos[0]).line || 1,
    severity: 'error',
    rule: 'yaml-syntax',
    message,
  }));
}
