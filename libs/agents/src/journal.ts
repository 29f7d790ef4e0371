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
export const ClientToolResultShape = z.union([z.object({ result: z.unknown() }), z.object({ error: z.string() })]);
const ClientToolResultsEntry = z.object({ kind: z.literal('answers'), answers: z.array(ClientToolResultShape) });
const GeneratedIdEntry = z.object({ kind: z.literal('id'), id: z.string() });
const ServerResultEntry = z.object({ kind: z.literal('server'), result: z.unknown() });

export const JournalShape = z.array(
  z.discriminatedUnion('kind', [ReplyEntry, ClientToolResultsEntry, GeneratedIdEntry, ServerResultEntry]),
);
export type JournalEntry = z.infer<typeof JournalShape>[number];

export type ToolCall = z.infer<typeof Call>;
export type Usage = z.infer<typeof Usage>;
/** The client's answer to a tool call: a result, or why there is none. */
export type ClientToolResult = z.infer<typeof ClientToolResultShape>;

export interface ModelReply {
  readonly text: string;
  readonly calls: readonly ToolCall[];
  readonly usage: Usage;
  readonly finishReason: FinishReason;
  readonly state?: unknown;
}

/**
 * Every non-deterministic input of an answer, in order: replies of models, results of client and server tools, generated ids. An answer that stopped
 * to ask the client resumes by replaying: recorded results are returned instead of repeating the external call.
 */
export class Journal {
  private at = 0;

  /** `save` stores the entries after each that came from outside, where the work must survive its process. */
  constructor(
    private readonly kept: JournalEntry[] = [],
    private readonly save: (entries: readonly JournalEntry[]) => Promise<void> = () => Promise.resolve(),
  ) {}

  get entries(): readonly JournalEntry[] {
    return this.kept;
  }

  /** Whether the next entry is a recorded one. */
  get replaying(): boolean {
    return this.at < this.kept.length;
  }

  async reply(live: () => Promise<ModelReply>): Promise<ModelReply> {
    const past = this.past('reply');
    if (past) return past;
    const reply = await live();
    this.add({ kind: 'reply', ...reply, calls: [...reply.calls] });
    await this.save(this.kept);
    return reply;
  }

  async answers(live: () => Promise<readonly ClientToolResult[]>): Promise<readonly ClientToolResult[]> {
    const past = this.past('answers');
    if (past) return past.answers;
    const answers = await live();
    this.add({ kind: 'answers', answers: [...answers] });
    await this.save(this.kept);
    return answers;
  }

  id(live: () => string): string {
    const past = this.past('id');
    if (past) return past.id;
    const id = live();
    this.add({ kind: 'id', id });
    return id;
  }

  /** The result of a server tool. The id that makes its effect idempotent is stored before the effect, the result after it. */
  async serverResult(newId: () => string, live: (id: string) => Promise<unknown>): Promise<unknown> {
    const id = this.id(newId);
    const past = this.past('server');
    if (past) return past.result;
    await this.save(this.kept);
    const result = await live(id);
    this.add({ kind: 'server', result });
    await this.save(this.kept);
    return result;
  }

  private add(entry: JournalEntry): void {
    this.kept.push(entry);
    this.at = this.kept.length;
  }

  private past<K extends JournalEntry['kind']>(kind: K): Extract<JournalEntry, { kind: K }> | undefined {
    const entry = this.kept[this.at];
    if (!entry) return undefined;
    if (!isKind(entry, kind)) throw new Error('the journal belongs to other work');
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
