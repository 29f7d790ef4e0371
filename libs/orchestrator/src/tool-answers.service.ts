import { Injectable } from '@nestjs/common';
import { HumanMessage, SystemMessage, type BaseMessage } from '@langchain/core/messages';
import { z } from 'zod';
import { ModelCaller, type TurnContext, type Usage } from '@adiuva/agents';
import { addUsage, NO_USAGE, type ModelRole, type ToolSchema } from '@adiuva/llm';

export interface ToolQuestion<R> {
  readonly role: ModelRole;
  readonly instructions: string;
  readonly message: string;
  /** The one tool; its arguments are the answer. */
  readonly tool: ToolSchema;
  readonly shape: z.ZodType<R>;
  /** Why an answer is refused, beside its form. */
  readonly faults: (answer: R) => readonly string[];
  /** What the model reads in front of the reasons. */
  readonly refused: string;
}

const MAX_ATTEMPTS = 2;

/** Answers of models as the arguments of a tool that they must call. */
@Injectable()
export class ToolAnswers {
  constructor(private readonly modelCaller: ModelCaller) {}

  /** Whether no language model serves the role. */
  isOffline(role: ModelRole): boolean {
    return this.modelCaller.isOffline(role);
  }

  /** One that is refused is asked for once more, with the reasons. Undefined where that is refused too. */
  async ask<R>(
    turn: TurnContext,
    { role, instructions, message, tool, shape, faults, refused }: ToolQuestion<R>,
  ): Promise<{ readonly answer: R; readonly usage: Usage } | undefined> {
    const messages: BaseMessage[] = [new SystemMessage(instructions), new HumanMessage(message)];
    let usage = NO_USAGE;
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      const reply = await this.modelCaller.call(turn, role, { messages, tools: [tool], mustCall: tool.name });
      usage = addUsage(usage, reply.usage);
      const parsed = shape.safeParse(reply.calls.find(({ name }) => name === tool.name)?.args);
      const reasons = parsed.success ? faults(parsed.data) : [z.prettifyError(parsed.error)];
      if (parsed.success && reasons.length === 0) return { answer: parsed.data, usage };
      messages.push(new HumanMessage([refused, ...reasons].join('\n')));
    }
    return undefined;
  }
}
