import { Fragment, type ReactNode } from 'react';

/** The Markdown of answers and notes as elements; HTML in it stays text. */
export function Markdown({ text }: { readonly text: string }): ReactNode {
  return (
    <div className="markdown">
      {blocksOf(text).map((block, index) => (
        <Fragment key={index}>{block}</Fragment>
      ))}
    </div>
  );
}

function blocksOf(text: string): readonly ReactNode[] {
  const blocks: ReactNode[] = [];
  const lines = text.split('\n');
  for (let at = 0; at < lines.length;) {
    const line = lines[at] ?? '';
    if (line.startsWith('```')) {
      const end = lines.findIndex((other, index) => index > at && other.startsWith('```'));
      const last = end < 0 ? lines.length : end;
      blocks.push(
        <pre tabIndex={0}>
          <code>{lines.slice(at + 1, last).join('\n')}</code>
        </pre>,
      );
      at = last + 1;
    } else if (/^#{1,6} /.test(line)) {
      blocks.push(<p className="heading">{inline(line.replace(/^#+ /, ''))}</p>);
      at += 1;
    } else if (bullet(line) !== undefined) {
      const isNumbered = /^\s*\d/.test(line);
      const items = run(lines, at, (other) => bullet(other) !== undefined);
      const children = items.map((item, index) => <li key={index}>{inline(bullet(item) ?? '')}</li>);
      blocks.push(isNumbered ? <ol>{children}</ol> : <ul>{children}</ul>);
      at += items.length;
    } else if (line.trim() === '') at += 1;
    else {
      const paragraph = run(
        lines,
        at,
        (other) => other.trim() !== '' && !/^(```|#{1,6} )/.test(other) && bullet(other) === undefined,
      );
      blocks.push(<p>{inline(paragraph.join('\n'))}</p>);
      at += paragraph.length;
    }
  }
  return blocks;
}

function run(lines: readonly string[], from: number, belongs: (line: string) => boolean): readonly string[] {
  const end = lines.findIndex((line, index) => index >= from && !belongs(line));
  return lines.slice(from, end < 0 ? lines.length : Math.max(end, from + 1));
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
