/** What the app lets the assistant read: functions by tool name. What one returns is sent to the server for this answer only. */
export type ChatTools = Readonly<
  Record<string, (input: Readonly<Record<string, unknown>>, signal: AbortSignal) => unknown>
>;

export type ToolAnswer =
  { readonly ok: true; readonly result: unknown } | { readonly ok: false; readonly error: string };

/** A device that serves runs lives for weeks; a call comes again within moments of a reconnect. */
const MAX_ANSWERS = 100;

/** Answers the server's tool calls, each once: a call that comes again after a reconnect gets the same answer. */
export class ToolExecutor {
  private readonly answers = new Map<string, Promise<ToolAnswer>>();

  constructor(
    private readonly tools: ChatTools,
    private readonly signal: AbortSignal,
  ) {}

  answer(callId: string, name: string, input: Readonly<Record<string, unknown>>): Promise<ToolAnswer> {
    const known = this.answers.get(callId);
    if (known) return known;
    const answer = this.run(name, input);
    this.answers.set(callId, answer);
    const [oldest] = this.answers.keys();
    if (this.answers.size > MAX_ANSWERS && oldest !== undefined) this.answers.delete(oldest);
    return answer;
  }

  private async run(name: string, input: Readonly<Record<string, unknown>>): Promise<ToolAnswer> {
    const tool = Object.hasOwn(this.tools, name) ? this.tools[name] : undefined;
    if (!tool) return { ok: false, error: 'unknown_tool' };
    try {
      return { ok: true, result: (await tool(input, this.signal)) ?? null };
    } catch {
      // The error may hold the user's words, and the server needs only to know that there is no result.
      return { ok: false, error: 'tool_failed' };
    }
  }
}
