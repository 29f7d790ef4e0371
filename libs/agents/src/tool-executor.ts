import { ZodError } from 'zod';
import { newId } from '@adiuva/kernel';
import type { SpanAttributes, Tracing } from '@adiuva/platform';
import type { ClientToolResult, ToolCall } from './journal';
import {
  ToolArgumentsError,
  type AgentTool,
  type PlanAction,
  type ReadTool,
  type ServerTool,
  type ToolContext,
} from './tool';
import type { ClientToolExecutor, ClientToolCall, TurnContext } from './turn-context';

const MAX_ACTIONS = 100;
const MAX_QUESTIONS = 20;
const MAX_RESULT = 64_000;

/**
 * An agent's tools while it works on one message. What the model asks for is input like any other: unknown tools and wrong arguments
 * become an error that it can read.
 */
export class ToolExecutor {
  readonly actions: PlanAction[] = [];
  private ranOnServer = false;
  private readonly context: ToolContext;

  constructor(
    private readonly tools: readonly AgentTool[],
    private readonly turn: TurnContext,
    agents: readonly string[],
    private readonly tracing: Tracing,
  ) {
    this.context = { context: turn.context, now: turn.now, agents, newId: () => turn.journal.id(newId) };
  }

  /** What each call brought, as the model reads it. */
  async execute(calls: readonly ToolCall[]): Promise<Map<ToolCall, string>> {
    const results = new Map<ToolCall, string>();
    const asked: { call: ToolCall; tool: ReadTool; questions: readonly ClientToolCall[] }[] = [];
    for (const call of calls) {
      const tool = this.tools.find(({ name }) => name === call.name);
      if (tool?.kind === 'server') {
        results.set(call, await this.traced(tool.name, () => this.runOnServer(tool, call)));
        continue;
      }
      const result = toModelText(() => {
        if (!tool) return { error: 'There is no such tool' };
        if (tool.kind === 'write') return this.timed(tool.name, () => this.act(tool.act(call.args, this.context)));
        if (!this.turn.askClient) return this.timed(tool.name, () => tool.runLocally(call.args, this.context));
        asked.push({ call, tool, questions: tool.questions(call.args) });
        return undefined;
      });
      if (result !== undefined) results.set(call, result);
    }
    if (asked.length === 0 || !this.turn.askClient) return results;
    const questions = asked.flatMap(({ questions }) => questions);
    const ask = this.turn.askClient;
    const names = [...new Set(asked.map(({ tool }) => tool.name))];
    const answers = await this.traced(names.length === 1 ? names.join() : 'client', () => this.askAll(questions, ask));
    let at = 0;
    for (const { call, tool, questions } of asked) {
      const own = answers.slice(at, (at += questions.length));
      results.set(call, toModelText(() => this.fromClient(tool, call, own)) ?? '');
    }
    return results;
  }

  /** Whether something was changed or looked up on the server, after which a model may have nothing to add. */
  get hasActed(): boolean {
    return this.actions.length > 0 || this.ranOnServer;
  }

  /** Takes over what a delegate wants the client to do. */
  addActions(actions: readonly PlanAction[]): void {
    this.actions.push(...actions.slice(0, MAX_ACTIONS - this.actions.length));
  }

  private traced<T>(tool: string, work: () => Promise<T>): Promise<T> {
    return this.tracing.span(`execute_tool ${tool}`, spanOf(tool), work);
  }

  private timed<T>(tool: string, work: () => T): T {
    const span = this.tracing.start(`execute_tool ${tool}`, spanOf(tool));
    try {
      return span.run(work);
    } finally {
      span.end();
    }
  }

  private act(action: PlanAction): unknown {
    if (this.actions.length >= MAX_ACTIONS) return { error: 'Too many changes for one message' };
    this.actions.push(action);
    return { ok: true, action };
  }

  private async runOnServer(tool: ServerTool, call: ToolCall): Promise<string> {
    this.ranOnServer = true;
    const result = await this.turn.journal.serverResult(newId, async (id) => {
      try {
        return (await tool.run(call.args, id)) ?? null;
      } catch (error) {
        return { error: argumentsFault(error) };
      }
    });
    return JSON.stringify(result).slice(0, MAX_RESULT);
  }

  private async askAll(
    questions: readonly ClientToolCall[],
    ask: ClientToolExecutor,
  ): Promise<readonly ClientToolResult[]> {
    const answers = await this.turn.journal.answers(() => ask(questions.slice(0, MAX_QUESTIONS)));
    return questions.map((_, index) => answers[index] ?? { error: 'Too many questions at once' });
  }

  private fromClient(tool: ReadTool, call: ToolCall, answers: readonly ClientToolResult[]): unknown {
    const failed = answers.find((answer) => 'error' in answer);
    if (failed) return failed;
    return tool.fromClientResults(
      call.args,
      this.context,
      answers.map((answer) => ('result' in answer ? answer.result : null)),
    );
  }
}

/** Only tools of ours are executed, so their names are no content. */
function spanOf(tool: string): SpanAttributes {
  return { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': tool };
}

/** The outcome as JSON; undefined where there is none yet. */
function toModelText(work: () => unknown): string | undefined {
  try {
    const outcome = work();
    return outcome === undefined ? undefined : JSON.stringify(outcome).slice(0, MAX_RESULT);
  } catch (error) {
    return JSON.stringify({ error: argumentsFault(error) });
  }
}

/** What is wrong with the arguments, for the model; any other failure is rethrown. */
function argumentsFault(error: unknown): string {
  if (error instanceof ToolArgumentsError) return error.message;
  if (!(error instanceof ZodError)) throw error;
  const faults = error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
  return `Wrong arguments: ${faults}`;
}
