import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Problem } from '@adiuva/kernel';
import type { TurnContext, Usage } from '@adiuva/agents';
import type { ModelRole, ToolSchema } from '@adiuva/llm';
import { ToolAnswers } from '@adiuva/orchestrator';
import { PromptRegistry, type Prompt } from '@adiuva/prompts';
import {
  COACH_AGENTS,
  ClassesShape,
  PatternsShape,
  PlanShape,
  TimetableShape,
  type Classes,
  type CoachAgentName,
  type Patterns,
  type Plan,
  type Timetable,
} from './coach';
import { COACH_INSTRUCTIONS, COACH_PROMPT, COACH_REFUSED, COACH_TOOL_DESCRIPTIONS } from './coach.prompt';

interface CoachModel<R> {
  readonly name: CoachAgentName;
  /** Planning is for the large model, sorting and watching for the small one. */
  readonly role: ModelRole;
  readonly shape: z.ZodType<R>;
}

export const GOAL_PLANNER: CoachModel<Plan> = { name: 'goal_planner', role: 'planner', shape: PlanShape };
export const CLASSIFIER: CoachModel<Classes> = { name: 'classifier', role: 'router', shape: ClassesShape };
export const SCHEDULER: CoachModel<Timetable> = { name: 'scheduler', role: 'planner', shape: TimetableShape };
export const PATTERN_OBSERVER: CoachModel<Patterns> = {
  name: 'pattern_observer',
  role: 'router',
  shape: PatternsShape,
};
const MODELS: readonly CoachModel<unknown>[] = [GOAL_PLANNER, CLASSIFIER, SCHEDULER, PATTERN_OBSERVER];

export interface CoachQuestion<R> {
  readonly goal: string;
  /** Shown to the model as JSON. */
  readonly context: Readonly<Record<string, unknown>>;
  /** Why a result is refused, beside its form. */
  readonly faults?: (result: R) => readonly string[];
}

/** Asks models for what the agents of the coach give. */
@Injectable()
export class CoachModels {
  private readonly prompts: ReadonlyMap<CoachAgentName, Prompt>;

  constructor(
    private readonly answers: ToolAnswers,
    registry: PromptRegistry,
  ) {
    registry.protectTools('coach', MODELS.map(toolOf));
    registry.define('coach.refused', COACH_REFUSED);
    this.prompts = new Map(
      COACH_AGENTS.map((name) => [
        name,
        registry.define(`coach.${name}`, COACH_PROMPT.replace('{{instructions}}', COACH_INSTRUCTIONS[name])),
      ]),
    );
  }

  /** Whether no language model serves this agent. */
  isOffline({ role }: CoachModel<unknown>): boolean {
    return this.answers.isOffline(role);
  }

  /** Throws `upstream_failed` where the model gives no result that can be used. */
  async ask<R>(
    turn: TurnContext,
    model: CoachModel<R>,
    { goal, context, faults = () => [] }: CoachQuestion<R>,
  ): Promise<{ readonly result: R; readonly usage: Usage }> {
    const { name, role, shape } = model;
    const instructions = this.instructions(name, context);
    const question = { role, instructions, message: goal, tool: toolOf(model), shape, faults, refused: COACH_REFUSED };
    const given = await this.answers.ask(turn, question);
    if (!given) throw new Problem('upstream_failed', { detail: 'An agent of the coach has given no result' });
    return { result: given.answer, usage: given.usage };
  }

  private instructions(name: CoachAgentName, context: Readonly<Record<string, unknown>>): string {
    const prompt = this.prompts.get(name);
    if (!prompt) throw new Error('every agent has a prompt');
    // A context that could close its own brackets could speak as if it were instructions.
    return prompt.render({ agent: name, context: JSON.stringify(context).replaceAll('<', '\\u003c') });
  }
}

function toolOf({ name, shape }: CoachModel<unknown>): ToolSchema {
  const { $schema: _, ...schema } = z.toJSONSchema(shape, { io: 'input', unrepresentable: 'any' });
  return { name: `take_${name}_result`, description: COACH_TOOL_DESCRIPTIONS[name], schema };
}
