import { memo, type ReactNode } from 'react';

/** The Markdown of answers and notes as elements; HTML in it stays text. */
export function Markdown({ text }: { readonly text: string }): ReactNode {
  return (
    <div className="markdown">
      {blocksOf(text).map((lines, index) => (
        <Block key={index} source={lines.join('\n')} />
      ))}
    </div>
  );
}

/** Of an answer that is being written, only the last block is drawn again. */
const Block = memo(function Block({ source }: { readonly source: string }): ReactNode {
  const lines = source.split('\n');
  const [first = ''] = lines;
  if (first.startsWith('```'))
    return (
      <pre tabIndex={0}>
        <code>{lines.slice(1, isFence(lines.at(-1)) && lines.length > 1 ? -1 : undefined).join('\n')}</code>
      </pre>
    );
  if (HEADING.test(first)) return <p className="heading">{inline(first.replace(HEADING, ''))}</p>;
  if (bullet(first) === undefined) return <p>{inline(source)}</p>;
  const items = lines.map((line, index) => <li key={index}>{inline(bullet(line) ?? '')}</li>);
  return /^\s*\d/.test(first) ? <ol>{items}</ol> : <ul>{items}</ul>;
});

const HEADING = /^#{1,6} /;

/** The lines of each block: fenced code, a heading, a list, or a paragraph. */
function blocksOf(text: string): readonly (readonly string[])[] {
  const blocks: (readonly string[])[] = [];
  const lines = text.split('\n');
  for (let at = 0; at < lines.length;) {
    const line = lines[at] ?? '';
    const end = line.trim() === '' ? at + 1 : endOfBlock(lines, at);
    if (line.trim() !== '') blocks.push(lines.slice(at, end));
    at = end;
  }
  return blocks;
}

function endOfBlock(lines: readonly string[], from: number): number {
  const line = lines[from] ?? '';
  const next = (ends: (other: string) => boolean): number => {
    const end = lines.findIndex((other, index) => index > from && ends(other));
    return end < 0 ? lines.length : end;
  };
  if (isFence(line)) return Math.min(next(isFence) + 1, lines.length);
  if (HEADING.test(line)) return from + 1;
  if (bullet(line) !== undefined) return next((other) => bullet(other) === undefined);
  return next((other) => other.trim() === '' || isFence(other) || HEADING.test(other) || bullet(other) !== undefined);
}

function isFence(line: string | undefined): boolean {
  return line?.startsWith('```') ?? false;
}

function bullet(line: string): string | undefined {
  return /^\s*(?:[-*•]|\d+[.)])\s+(.*)$/.exec(line)?.[1];
}

/** Code, bold and emphasis; addresses are links only where they are HTTPS. */
function inline(text: string): readonly ReactNode[] {
  return text.split(/(`[^`\n]+`|\*\*[^*\n]+\*\*|\*[^*\s][^*\n]*\*|https:\/\/[^\s)]+)/).map((part, index) => {
    if (/^`.+`$/.test(part)) return <code key={index}>{part.slice(1, -1)}</code>;
    if (/^\*\*.+\*\*$/.test(part)) return <strong key={index}>{part.slice(2, -2)}</strong>;
    if (/^\*.+\*$/.test(part)) return <em key={index}>{part.slice(1, -1)}</em>;
    if (!part.startsWith('https://')) return part;
    return (
      <a key={index} href={part} target="_blank" rel="noreferrer">
        {part}
      </a>
    );
  });
}
