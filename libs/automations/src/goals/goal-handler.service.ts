import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Orchestrator } from '@adiuva/orchestrator';
import { StepHandlers, type StepExecution, type StepHandler, type StepOutcome } from '@adiuva/runs';
import { stepAnswer } from '../steps/step-answer';
import { StepAgentRunner } from '../steps/step-agent-runner.service';
import { openGoal } from './goal-decryption';
import { GoalBodyShape } from './goal-run';

/** Executes a goal by the agents of the chat: same routing, budgets, provider fallback and leak protection. */
@Injectable()
export class GoalHandler implements StepHandler, OnModuleInit {
  readonly kind = 'goal';

  constructor(
    private readonly orchestrator: Orchestrator,
    private readonly agentRunner: StepAgentRunner,
    private readonly handlers: StepHandlers,
  ) {}

  onModuleInit(): void {
    this.handlers.register(this);
  }

  async execute(step: StepExecution, signal: AbortSignal): Promise<StepOutcome> {
    const body = GoalBodyShape.parse(step.body);
    const { agent } = body;
    const { instructions, input } = openGoal(step, body, step.input);
    const material = { input, texts: [instructions] };
    const request = { message: instructions, agents: agent === null ? undefined : [agent] };
    return this.agentRunner.run(
      step,
      material,
      (turn, scrubber) => stepAnswer(scrubber, (emit) => this.orchestrator.answer(turn, request, emit)),
      signal,
    );
  }
}
