import { Injectable, type OnModuleInit } from '@nestjs/common';
import { z } from 'zod';
import { Orchestrator } from '@adiuva/orchestrator';
import { StepHandlers, type StepExecution, type StepHandler, type StepOutcome } from '@adiuva/runs';
import { stepAnswer } from '../steps/step-answer';
import { StepTurns } from '../steps/step-turns.service';
import { GoalBodyShape } from './goal-run';

const InputShape = z.record(z.string(), z.unknown()).nullable();

/** Executes a goal by the agents of the chat: same routing, budgets, provider fallback and leak protection. */
@Injectable()
export class GoalHandler implements StepHandler, OnModuleInit {
  readonly kind = 'goal';

  constructor(
    private readonly orchestrator: Orchestrator,
    private readonly turns: StepTurns,
    private readonly handlers: StepHandlers,
  ) {}

  onModuleInit(): void {
    this.handlers.register(this);
  }

  execute(step: StepExecution, signal: AbortSignal): Promise<StepOutcome> {
    const { instructions, agent } = GoalBodyShape.parse(step.body);
    const material = { input: InputShape.parse(step.input) ?? {}, texts: [instructions] };
    const request = { message: instructions, agents: agent === null ? undefined : [agent] };
    return this.turns.run(
      step,
      material,
      (turn, scrubber) => stepAnswer(scrubber, (emit) => this.orchestrator.answer(turn, request, emit)),
      signal,
    );
  }
}
