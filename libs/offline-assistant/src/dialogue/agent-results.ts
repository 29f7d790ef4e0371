const SECTION = /^[\s>#*[-]*(?:agent[: ]+)?([a-z]+_agent)\b[\]*:\s-]*/i;

/**
 * Earlier results in a prompt: JSON with `response`, `result` or `output`, or lines that begin with an agent's
 * name.
 */
export function resultsIn(message: string): string[] {
  const parsed = jsonIn(message);
  if (parsed.length > 0) return parsed;
  const sections: string[] = [];
  for (const line of message.split('\n')) {
    const head = SECTION.exec(line);
    if (head) sections.push(line.slice(head[0].length));
    else if (sections.length > 0) sections.push(`${sections.pop() ?? ''}\n${line}`);
  }
  return sections
    .map((section) => section.replace(/<\/?[a-z_]{1,30}>/gi, '').trim())
    .filter((section) => section !== '');
}

function jsonIn(message: string): string[] {
  const start = message.search(/[[{]/);
  const end = Math.max(message.lastIndexOf(']'), message.lastIndexOf('}'));
  if (start < 0 || end < start) return [];
  try {
    const value: unknown = JSON.parse(message.slice(start, end + 1));
    return (Array.isArray(value) ? value : [value]).flatMap(textOf);
  } catch {
    return [];
  }
}

function textOf(entry: unknown): string[] {
  if (typeof entry !== 'object' || entry === null) return [];
  const fields = new Map<string, unknown>(Object.entries(entry));
  const text = ['response', 'result', 'output', 'text', 'content']
    .map((name) => fields.get(name))
    .find((value) => typeof value === 'string');
  return typeof text === 'string' && text.trim() !== '' ? [text.trim()] : [];
}
