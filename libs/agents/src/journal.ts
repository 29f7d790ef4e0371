import { z } from 'zod';
import type { FinishReason } from '@adiuva/llm';

/** A tool that a model asks for. Its arguments are as the model wrote them: input like any other. */
const Call = z.object({ id: z.string(), name: z.string(), args: z.unknown() });
const Usage = z.object({ inputTokens: z.number(), outputTokens: z.number() });
const ReplyEntry = z.object({
  kind: z.literal('reply'),
  text: z.string(),
  calls: z.array(Call),
  usage: Usage,
  finishReason: z.enum(['stop', 'length']).default('stop'),
  /** What the model's provider wants back with the results of its calls; read by it alone. */
  state: z.unknown().optional(),
});
const ClientToolResultShape = z.union([z.object({ result: z.unknown() }), z.object({ error: z.string() })]);
const ClientToolResultsEntry = z.object({ kind: z.literal('answers'), answers: z.array(ClientToolResultShape) });
const GeneratedIdEntry = z.object({ kind: z.literal('id'), id: z.string() });

export const JournalShape = z.array(
  z.discriminatedUnion('kind', [ReplyEntry, ClientToolResultsEntry, GeneratedIdEntry]),
);
export type JournalEntry = z.infer<typeof JournalShape>[number];

export type ToolCall = z.infer<typeof Call>;
export type Usage = z.infer<typeof Usage>;
/** What the client says to a question: a result, or why there is none. */
export type ClientToolResult = z.infer<typeof ClientToolResultShape>;

export interface ModelReply {
  readonly text: string;
  readonly calls: readonly ToolCall[];
  readonly usage: Usage;
  readonly finishReason: FinishReason;
  readonly state?: unknown;
}

/**
 * Everything that came from outside while a message was answered, in order: what models replied, what the client answered, ids that
 * were made. The rest of the work follows from it, so that an answer which stopped to ask the client is taken up again by doing the
 * work anew with the journal: what is in it is not asked for again.
 */
export class Journal {
  private at = 0;

  constructor(private readonly kept: JournalEntry[] = []) {}

  get entries(): readonly JournalEntry[] {
    return this.kept;
  }

  /** Whether the next thing is one that has happened before. */
  get replaying(): boolean {
    return this.at < this.kept.length;
  }

  async reply(live: () => Promise<ModelReply>): Promise<ModelReply> {
    const past = this.past('reply');
    if (past) return past;
    const reply = await live();
    this.add({ kind: 'reply', ...reply, calls: [...reply.calls] });
    return reply;
  }

  async answers(live: () => Promise<readonly ClientToolResult[]>): Promise<readonly ClientToolResult[]> {
    const past = this.past('answers');
    if (past) return past.answers;
    const answers = await live();
    this.add({ kind: 'answers', answers: [...answers] });
    return answers;
  }

  id(live: () => string): string {
    const past = this.past('id');
    if (past) return past.id;
    const id = live();
    this.add({ kind: 'id', id });
    return id;
  }

  private add(entry: JournalEntry): void {
    this.kept.push(entry);
    this.at = this.kept.length;
  }

  private past<K extends JournalEntry['kind']>(kind: K): Extract<JournalEntry, { kind: K }> | undefined {
    const entry = this.kept[this.at];
    if (!entry) return undefined;
    if (!isKind(entry, kind)) throw new Error('the journal is that of other work');
    this.at += 1;
    return entry;
  }
}

function isKind<K extends JournalEntry['kind']>(
  entry: JournalEntry,
  kind: K,
): entry is Extract<JournalEntry, { kind: K }> {
  return entry.kind === kind;
}
