import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Problem } from '@adiuva/kernel';
import { runTool, ToolCatalogue } from '@adiuva/agents';
import { StepAgentRunner } from '@adiuva/automations';
import { StepHandlers, type StepExecution, type StepHandler, type StepOutcome } from '@adiuva/runs';
import { GatewayStepShape } from './gateway-step';

const NO_USAGE = { inputTokens: 0, outputTokens: 0 };

/** Executes the run of a tool call: hands its action to the app, or asks a device. */
@Injectable()
export class GatewayHandler implements StepHandler, OnModuleInit {
  readonly kind = 'gateway';

  constructor(
    private readonly tools: ToolCatalogue,
    private readonly agentRunner: StepAgentRunner,
    private readonly handlers: StepHandlers,
  ) {}

  onModuleInit(): void {
    this.handlers.register(this);
  }

  execute(step: StepExecution, signal: AbortSignal): Promise<StepOutcome> {
    const { tool: name, arguments: args, action } = GatewayStepShape.parse(step.body);
    if (action) return Promise.resolve(done('', action.data, [action]));
    const [tool] = this.tools.of([name]);
    if (!tool) throw new Problem('unprocessable', { detail: 'There is no such tool any more' });
    return this.agentRunner.run(
      step,
      { input: {}, texts: [args] },
      async (turn) => {
        const { value } = await runTool(tool, args, turn);
        return done(JSON.stringify(value), value, []);
      },
      signal,
    );
  }
}

type Actions = Extract<StepOutcome, { kind: 'done' }>['output']['actions'];

function done(response: string, value: unknown, actions: Actions): StepOutcome {
  return { kind: 'done', output: { response, value, actions }, usage: NO_USAGE };
}
