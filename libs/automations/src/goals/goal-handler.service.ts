import { Injectable, type OnModuleInit } from '@nestjs/common';
import { z } from 'zod';
import { newId, type Principal } from '@adiuva/kernel';
import {
  Journal,
  JournalShape,
  TurnBudget,
  type ClientToolCall,
  type ClientToolExecutor,
  type ClientToolResult,
  type PlanAction,
  type TurnContext,
} from '@adiuva/agents';
import { Entitlements } from '@adiuva/billing';
import { Orchestrator, type OrchestratorRequest } from '@adiuva/orchestrator';
import { LeakScrubber, UserTexts, type OutputScrubber } from '@adiuva/prompts';
import { StepHandlers, type StepExecution, type StepHandler, type StepOutcome } from '@adiuva/runs';
import { goalContext, hasData } from './goal-context';
import { GoalBodyShape } from './goal-run';

const InputShape = z.record(z.string(), z.unknown()).nullable();
/** What the step's journal holds: that of the agents, and the arguments that devices have been sent. */
const StateShape = z.object({
  toolArguments: z.array(z.record(z.string(), z.unknown())).default([]),
  entries: JournalShape.default([]),
});
const AnswerShape = z.array(z.union([z.object({ result: z.unknown() }), z.object({ error: z.string() })]));

/** Thrown to stop the work where a read tool needs a device. */
class DeviceNeeded extends Error {
  constructor(readonly calls: readonly ClientToolCall[]) {
    super();
  }
}

/** Executes a goal by the agents of the chat: same routing, budgets, provider fallback and leak protection. */
@Injectable()
export class GoalHandler implements StepHandler, OnModuleInit {
  readonly kind = 'goal';

  constructor(
    private readonly orchestrator: Orchestrator,
    private readonly entitlements: Entitlements,
    private readonly leaks: LeakScrubber,
    private readonly handlers: StepHandlers,
  ) {}

  onModuleInit(): void {
    this.handlers.register(this);
  }

  async execute(step: StepExecution, signal: AbortSignal): Promise<StepOutcome> {
    const { instructions, agent } = GoalBodyShape.parse(step.body);
    const input = InputShape.parse(step.input) ?? {};
    const state = StateShape.parse(step.journal[0] ?? {});
    const userTexts = new UserTexts([instructions])
      .add(input)
      .add(state.entries.filter(({ kind }) => kind === 'answers'));
    const scrubber = this.leaks.output(userTexts);
    for (const args of state.toolArguments) scrubber.replayToolCall(args);
    const journal = new Journal([...state.entries], (entries) => step.saveJournal([{ ...state, entries }]));
    const budget = new TurnBudget();
    const turn = {
      caller: await this.caller(step),
      context: goalContext(input),
      now: step.startedAt,
      journal,
      budget,
      askClient: hasData(input) ? undefined : deviceOf(step, userTexts, scrubber),
      signal: AbortSignal.any([signal, budget.signal]),
    };
    try {
      const request = { message: instructions, mode: 'direct' as const, agents: agent === null ? undefined : [agent] };
      return await this.answer(turn, request, scrubber);
    } catch (error) {
      if (!(error instanceof DeviceNeeded)) throw error;
      const toolArguments = [...state.toolArguments, ...error.calls.map((call) => call.arguments)];
      const calls = error.calls.map((call) => ({ callId: newId(), ...call }));
      return {
        kind: 'wait',
        for: 'device',
        question: { calls },
        journal: [{ toolArguments, entries: journal.entries }],
      };
    } finally {
      budget.end();
    }
  }

  private async answer(
    turn: TurnContext,
    request: OrchestratorRequest,
    scrubber: OutputScrubber,
  ): Promise<StepOutcome> {
    const response: string[] = [];
    const result = await this.orchestrator.run(turn, request, (text) => {
      if (scrubber.leaked) return false;
      response.push(scrubber.text.push(text));
      return scrubber.leaked ? false : undefined;
    });
    response.push(scrubber.text.end());
    const made = result.kind === 'answer' ? result.actions : [];
    const clean = await scrubber.actions(made.map(scannedData));
    const actions = made.map((action, index) => ({
      id: newId(),
      ...action,
      data: action.data && { ...action.data, ...clean[index] },
    }));
    return { kind: 'done', output: { response: response.join(''), actions }, usage: result.usage };
  }

  /** The owner with the tier of now; a run has no session of its own. */
  private async caller({ userId, runId }: StepExecution): Promise<Principal> {
    const { tier, seats } = await this.entitlements.of(userId);
    return { userId, sessionId: runId, tier, seats, role: 'user' };
  }
}

/** The first question that the journal does not answer is answered by what the device has sent; the next one stops the step again. */
function deviceOf(step: StepExecution, userTexts: UserTexts, scrubber: OutputScrubber): ClientToolExecutor {
  let given: readonly ClientToolResult[] | undefined = AnswerShape.optional().catch(undefined).parse(step.answer);
  return (questions) => {
    const results = given;
    given = undefined;
    if (results) {
      userTexts.add(results);
      return Promise.resolve(results);
    }
    const calls = questions.map(({ name, arguments: args }) => ({ name, arguments: scrubber.toolCall(args) }));
    return Promise.reject(new DeviceNeeded(calls));
  };
}

/** The fields that a model has written: the server makes the id of a created record. */
function scannedData({ type, data }: PlanAction): Readonly<Record<string, unknown>> {
  if (type !== 'create_record') return { ...data };
  const { id: _, ...fields } = data ?? {};
  return fields;
}
