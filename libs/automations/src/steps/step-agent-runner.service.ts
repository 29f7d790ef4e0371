import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { newId, type Principal } from '@adiuva/kernel';
import {
  Journal,
  JournalShape,
  type JournalEntry,
  TurnBudget,
  type ClientToolCall,
  type ClientToolExecutor,
  type ClientToolResult,
  type TurnContext,
} from '@adiuva/agents';
import { Entitlements } from '@adiuva/billing';
import { LeakScrubber, UserTexts, type OutputScrubber } from '@adiuva/prompts';
import type { StepExecution, StepOutcome } from '@adiuva/runs';
import { ActionNotifications } from './action-notifications.service';
import { hasData, inputContext } from './input-context';

/** What the step's journal holds: that of the agents, and the arguments that devices have been sent. */
const StateShape = z.object({
  toolArguments: z.array(z.record(z.string(), z.unknown())).default([]),
  entries: JournalShape.default([]),
});
const AnswerShape = z.array(z.union([z.object({ result: z.unknown() }), z.object({ error: z.string() })]));

/** What agents and tools of a step are given. */
export interface StepMaterial {
  /** Rows that read tools look in; without any they ask a device. */
  readonly input: Readonly<Record<string, unknown>>;
  /** Texts of the user beside the input, which are no leak where an answer repeats them. */
  readonly texts: readonly unknown[];
}

export type TurnWork = (turn: TurnContext, scrubber: OutputScrubber) => Promise<StepOutcome>;

/** Thrown to stop the work where a read tool needs a device. */
class DeviceNeeded extends Error {
  constructor(readonly calls: readonly ClientToolCall[]) {
    super();
  }
}

/** Lets agents and tools work on a step as on a message of a chat: same budgets and leak protection. What they record survives the process. */
@Injectable()
export class StepAgentRunner {
  constructor(
    private readonly entitlements: Entitlements,
    private readonly leaks: LeakScrubber,
    private readonly notifications: ActionNotifications,
  ) {}

  async run(
    step: StepExecution,
    { input, texts }: StepMaterial,
    work: TurnWork,
    signal: AbortSignal,
  ): Promise<StepOutcome> {
    const state = StateShape.parse(step.journal[0] ?? {});
    const userTexts = new UserTexts()
      .add(texts)
      .add(input)
      .add(state.entries.filter(({ kind }) => kind === 'answers'));
    const scrubber = this.leaks.output(userTexts);
    for (const args of state.toolArguments) scrubber.replayToolCall(args);
    const journal = new Journal([...state.entries], (entries) =>
      step.saveJournal([{ ...state, entries }], answersIn(entries) > answersIn(state.entries)),
    );
    const budget = new TurnBudget();
    const turn = {
      caller: await this.caller(step),
      context: inputContext(input),
      now: step.startedAt,
      journal,
      budget,
      askClient: hasData(input) ? undefined : deviceOf(step, userTexts, scrubber),
      addUserTexts: (own: readonly string[]) => void userTexts.add(own),
      signal: AbortSignal.any([signal, budget.signal]),
    };
    try {
      return this.notifications.attach(step, await work(turn, scrubber));
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

  /** The owner with the tier of now; a run has no session of its own. */
  private async caller({ userId, runId }: StepExecution): Promise<Principal> {
    const { tier, seats } = await this.entitlements.of(userId);
    return { userId, sessionId: runId, tier, seats, role: 'user' };
  }
}

const answersIn = (entries: readonly JournalEntry[]): number => entries.filter(({ kind }) => kind === 'answers').length;

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
