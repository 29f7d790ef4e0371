import { ZodError } from 'zod';
import { invalidField, newId, Problem } from '@adiuva/kernel';
import {
  ToolArgumentsError,
  type AgentTool,
  type PlanAction,
  type ReadTool,
  type ServerTool,
  type ToolContext,
} from './tool';
import type { TurnContext } from './turn-context';

export interface ToolResult {
  readonly value: unknown;
  readonly actions: readonly PlanAction[];
}

/**
 * Uses one tool without a model. Throws `validation_failed` for arguments that it refuses, `unprocessable` where the client cannot give
 * what it is asked for.
 */
export async function runTool(tool: AgentTool, args: unknown, turn: TurnContext): Promise<ToolResult> {
  const context = { context: turn.context, now: turn.now, agents: [], newId: () => turn.journal.id(newId) };
  try {
    if (tool.kind === 'read') return { value: (await lookUp(tool, args, context, turn)) ?? null, actions: [] };
    if (tool.kind === 'server') throw new Problem('unprocessable', { detail: 'This tool is for agents alone' });
    const action = tool.act(args, context);
    return { value: action.data, actions: [action] };
  } catch (error) {
    throw refusal(error) ?? error;
  }
}

/** Throws `validation_failed` for arguments that the schema of the tool refuses. */
export function assertArguments(tool: ReadTool | ServerTool, args: unknown): void {
  try {
    if (tool.kind === 'read') tool.questions(args);
    else tool.assert(args);
  } catch (error) {
    throw refusal(error) ?? error;
  }
}

async function lookUp(tool: ReadTool, args: unknown, context: ToolContext, turn: TurnContext): Promise<unknown> {
  const { askClient } = turn;
  if (!askClient) return tool.runLocally(args, context);
  const questions = tool.questions(args);
  const answers = await turn.journal.answers(() => askClient(questions));
  if (answers.some((answer) => 'error' in answer))
    throw new Problem('unprocessable', { detail: 'The device could not carry out a read tool' });
  return tool.fromClientResults(
    args,
    context,
    answers.map((answer) => ('result' in answer ? answer.result : null)),
  );
}

function refusal(error: unknown): Problem | undefined {
  if (error instanceof ToolArgumentsError) return invalidField('arguments', error.message);
  if (!(error instanceof ZodError)) return undefined;
  const errors = error.issues.map(({ path, message }) => ({ field: ['arguments', ...path].join('.'), message }));
  return new Problem('validation_failed', { errors, cause: error });
}
