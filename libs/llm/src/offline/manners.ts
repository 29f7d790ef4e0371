import type { OfferedTool } from './capabilities';
import { fold } from './draft';

const WHO_I_AM = 'I am the built-in command reader, not a language model';

/** Answers to what is no command but kind: a greeting, thanks, "what can you do?". */
export function greeting(message: string, tools: readonly OfferedTool[]): string | undefined {
  const words = fold(message.slice(0, 200)).trim();
  if (
    /^(?:hi|hello|hey|good (?:morning|afternoon|evening)|hallo|guten (?:tag|morgen|abend)|ciao|buongiorno|buonasera)\b[^?]{0,40}$/.test(
      words,
    )
  )
    return `Hello. ${WHO_I_AM}. ${abilities(tools)}`;
  if (/^(?:thanks|thank you|thx|great|perfect|danke|grazie)\b/.test(words)) return 'You are welcome.';
  if (/^(?:ok(?:ay)?|yes|no|nope|sure|cool|fine|alright|ja|nein|si)\W*$/.test(words)) return 'All right.';
  if (/\b(?:what can you do|who are you|what are you|help)\b/.test(words)) return `${WHO_I_AM}. ${abilities(tools)}`;
  return undefined;
}

export function cannot(tools: readonly OfferedTool[]): string {
  return `${WHO_I_AM}, and I did not recognise a command in that. ${abilities(tools)}`;
}

/** One sentence of what the tools at hand can do. */
export function abilities(tools: readonly OfferedTool[]): string {
  const names = tools.slice(0, 10).map((tool) => tool.name.replaceAll('_', ' '));
  return names.length > 0 ? `Here I can ${names.join(', ')}. Say, for example, "${exampleFor(tools)}".` : '';
}

function exampleFor(tools: readonly OfferedTool[]): string {
  return EXAMPLES.find(([name]) => tools.some((tool) => tool.name === name))?.[1] ?? 'show my list';
}

const EXAMPLES = [
  ['create_task', 'remind me to call Anna tomorrow at 5'],
  ['create_checkpoint', 'add a milestone Beta on 1 June to the project Atlas'],
  ['create_project', 'create a project called Atlas'],
  ['create_note', 'note: the key is under the mat'],
  ['create_event', 'schedule a meeting with Anna on Friday at 10'],
  ['draft_email', 'draft an email to Anna about the invoice'],
] as const;

/**
 * What the reader says where free text is wanted: a plain sentence, and the results of earlier agents word for
 * word.
 */
export function withoutTools(message: string): string {
  const results = resultsIn(message);
  const plain = `${WHO_I_AM}, so I cannot write free text.`;
  return results.length > 0 ? `${results.join('\n\n')}\n\n${plain}` : plain;
}

const SECTION = /^[\s>#*[-]*(?:agent[: ]+)?([a-z]+_agent)\b[\]*:\s-]*/i;

/**
 * Earlier results in a prompt: JSON with `response`, `result` or `output`, or lines that begin with an agent's
 * name.
 */
function resultsIn(message: string): string[] {
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
