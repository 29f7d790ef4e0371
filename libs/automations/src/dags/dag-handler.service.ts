import { Injectable, type OnModuleInit } from '@nestjs/common';
import { newId, Problem } from '@adiuva/kernel';
import { runTool, type PreviousResult, type TurnContext } from '@adiuva/agents';
import { Orchestrator } from '@adiuva/orchestrator';
import { StepHandlers, type StepExecution, type StepHandler, type StepOutcome } from '@adiuva/runs';
import { CoachStepShape } from '../coach/coach';
import { CoachRunner } from '../coach/coach-runner.service';
import { stepAnswer } from '../steps/step-answer';
import { StepAgentRunner } from '../steps/step-agent-runner.service';
import { holds } from './dag-condition';
import { DagInputShape, DagStepShape, type DagStep } from './dag-steps';
import { memberAt, render, textOf, type Lookup } from './dag-template';
import { DagTools } from './dag-tools.service';

const NO_USAGE = { inputTokens: 0, outputTokens: 0 };

/** Executes one node of a DAG: its condition, its templates, then its agent or tool. The built-in graph of the coach has agents of its own. */
@Injectable()
export class DagHandler implements StepHandler, OnModuleInit {
  readonly kind = 'dag';

  constructor(
    private readonly orchestrator: Orchestrator,
    private readonly agentRunner: StepAgentRunner,
    private readonly tools: DagTools,
    private readonly coach: CoachRunner,
    private readonly handlers: StepHandlers,
  ) {}

  onModuleInit(): void {
    this.handlers.register(this);
  }

  async execute(step: StepExecution, signal: AbortSignal): Promise<StepOutcome> {
    const builtIn = CoachStepShape.safeParse(step.body);
    if (builtIn.success) return this.coach.execute(builtIn.data.coach, step, signal);
    const body = DagStepShape.parse(step.body);
    const { params } = DagInputShape.parse(step.input);
    if (isSkipped(body, step)) return { kind: 'skipped' };
    const lookup: Lookup = (reference) =>
      reference.kind === 'param'
        ? memberAt(params[reference.param], reference.path)
        : memberAt(outputOf(step, body.sources[reference.node]), reference.path);
    const given = render({ instructions: body.instructions, arguments: body.arguments }, lookup);
    const { tool } = body;
    return this.agentRunner.run(
      step,
      { input: dataIn(params), texts: [params, given] },
      (turn, scrubber) => {
        if (tool !== null) return this.useTool(step, tool, given.arguments, turn);
        const request = {
          message: messageOf(given),
          agents: [body.agent ?? ''],
          previousResults: resultsOf(body, step),
        };
        return stepAnswer(scrubber, (emit) => this.orchestrator.answer(turn, request, emit));
      },
      signal,
    );
  }

  private async useTool(
    step: StepExecution,
    name: string,
    args: Readonly<Record<string, unknown>>,
    turn: TurnContext,
  ): Promise<StepOutcome> {
    const tool = this.tools.tool(turn.caller, name);
    if (!tool) throw new Problem('unprocessable', { detail: 'There is no such tool any more' });
    try {
      const { value, actions } = await runTool(tool, args, turn);
      const response = actions.length > 0 ? '' : textOf(value);
      const output = {
        response,
        value,
        actions: actions.map((action) => ({ id: newId(), ...action, data: action.data && { ...action.data } })),
      };
      return { kind: 'done', output, usage: NO_USAGE };
    } catch (error) {
      // What a device refused is asked for again when the run is resumed.
      if (error instanceof Problem) await step.saveJournal([]);
      throw error;
    }
  }
}

/** The condition does not hold, or all that the node depends on was skipped. */
function isSkipped({ when, needs, sources }: DagStep, step: StepExecution): boolean {
  if (needs.length > 0 && needs.every((need) => step.results.get(need.step)?.status === 'skipped')) return true;
  return when !== null && !holds(when, outputOf(step, sources[when.node]));
}

/** Undefined for a step that was skipped or failed. */
function outputOf({ results }: StepExecution, position: number | undefined): unknown {
  const output = position === undefined ? undefined : results.get(position)?.output;
  return output?.value ?? output?.response;
}

/** Parameters that hold rows, which read tools look in. */
function dataIn(params: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const isRow = (item: unknown): boolean => typeof item === 'object' && item !== null && !Array.isArray(item);
  return Object.fromEntries(
    Object.entries(params).filter(
      ([name, value]) => (Array.isArray(value) && value.every(isRow)) || (name === 'user_profile' && isRow(value)),
    ),
  );
}

/** The arguments of an agent are data that follow its instructions. */
function messageOf(given: {
  readonly instructions: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}): string {
  const text = textOf(given.instructions);
  return Object.keys(given.arguments).length === 0 ? text : `${text}\n\n${JSON.stringify(given.arguments)}`;
}

function resultsOf({ needs }: DagStep, { results }: StepExecution): PreviousResult[] {
  return needs.flatMap(({ step, by }) => {
    const output = results.get(step)?.output;
    if (!output) return [];
    const actions = output.actions.map(({ id: _, ...action }) => action);
    return [{ agent: by, response: output.response, actions }];
  });
}
