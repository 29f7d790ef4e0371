import { Injectable } from '@nestjs/common';
import { newId, Problem } from '@adiuva/kernel';
import type { TurnContext, Usage } from '@adiuva/agents';
import { NO_USAGE } from '@adiuva/llm';
import type { OutputScrubber } from '@adiuva/prompts';
import type { StepExecution, StepOutcome } from '@adiuva/runs';
import { AutomationsConfig } from '../automations.config';
import { Memories } from '../memories/memories.service';
import { StepAgentRunner } from '../steps/step-agent-runner.service';
import {
  ClassesShape,
  CoachInputShape,
  PatternsShape,
  PlanShape,
  TASKS_STEP,
  TimetableShape,
  type CoachAgentName,
  type Plan,
} from './coach';
import { CLASSIFIER, CoachModels, GOAL_PLANNER, PATTERN_OBSERVER, SCHEDULER } from './coach-models.service';
import { classesByRules, patternsByRules, planByRules, timetableByRules, type CoachFacts } from './coach-rules';
import { coachTasks, timetableFaults } from './coach-tasks';
import { ONBOARDING_AGENT } from './onboarding-agent.service';
import { POSITIONS } from './coach-steps';

interface Result {
  readonly result: unknown;
  readonly usage: Usage;
}

/** Executes one step of the coach's graph: an agent by its model or, without one, by its rules; the last step makes the tasks. */
@Injectable()
export class CoachRunner {
  constructor(
    private readonly models: CoachModels,
    private readonly agentRunner: StepAgentRunner,
    private readonly memories: Memories,
    private readonly config: AutomationsConfig,
  ) {}

  execute(name: CoachAgentName | typeof TASKS_STEP, step: StepExecution, signal: AbortSignal): Promise<StepOutcome> {
    const input = CoachInputShape.parse(step.input);
    return this.agentRunner.run(
      step,
      { input: { recent_tasks: input.recent_tasks }, texts: [input.text] },
      async (turn, scrubber) => {
        if (name === TASKS_STEP) return tasksOf(step, turn);
        const memories = await this.memories.shownTo(turn.caller, ONBOARDING_AGENT);
        turn.addUserTexts(memories);
        const { result, usage } = await this.agent(name, { input, now: turn.now, memories }, step, turn);
        return { kind: 'done', output: { response: '', actions: [], value: await clean(result, scrubber) }, usage };
      },
      signal,
    );
  }

  private agent(name: CoachAgentName, facts: CoachFacts, step: StepExecution, turn: TurnContext): Promise<Result> {
    switch (name) {
      case 'goal_planner':
        return this.plan(facts, turn);
      case 'classifier':
        return this.classify(facts, planOf(step), turn);
      case 'scheduler':
        return this.schedule(facts, planOf(step), turn);
      case 'pattern_observer':
        return this.observe(facts, planOf(step), turn);
    }
  }

  private async plan(facts: CoachFacts, turn: TurnContext): Promise<Result> {
    if (this.models.isOffline(GOAL_PLANNER)) return byRules(planByRules(facts));
    return this.models.ask(turn, GOAL_PLANNER, { goal: facts.input.text, context: knownOf(facts) });
  }

  private async classify({ input }: CoachFacts, plan: Plan, turn: TurnContext): Promise<Result> {
    if (this.models.isOffline(CLASSIFIER)) return byRules(classesByRules(plan));
    return this.models.ask(turn, CLASSIFIER, { goal: input.text, context: { tasks: plan.tasks } });
  }

  private async schedule(facts: CoachFacts, plan: Plan, turn: TurnContext): Promise<Result> {
    if (this.models.isOffline(SCHEDULER)) return byRules(timetableByRules(facts, plan));
    const { input, now } = facts;
    const clock = { now, timezone: input.timezone, minIntervalMs: this.config.SCHEDULE_MIN_INTERVAL_S * 1000 };
    return this.models.ask(turn, SCHEDULER, {
      goal: input.text,
      context: { ...knownOf(facts), tasks: plan.tasks },
      faults: (timetable) => timetableFaults(timetable, plan, clock),
    });
  }

  /** Without recent tasks there is nothing for a model to observe. */
  private async observe(facts: CoachFacts, plan: Plan, turn: TurnContext): Promise<Result> {
    const { text, recent_tasks } = facts.input;
    if (recent_tasks.length === 0 || this.models.isOffline(PATTERN_OBSERVER))
      return byRules(patternsByRules(facts, plan));
    const context = { ...knownOf(facts), tasks: plan.tasks, recent_tasks };
    return this.models.ask(turn, PATTERN_OBSERVER, { goal: text, context });
  }
}

function knownOf({ input, now, memories }: CoachFacts) {
  return { now: now.toISOString(), timezone: input.timezone, memories };
}

function byRules(result: unknown): Result {
  return { result, usage: NO_USAGE };
}

/** What an agent gives is read by others and by the user. Throws `upstream_failed` where it has words of a prompt. */
async function clean<T>(result: T, scrubber: OutputScrubber): Promise<T> {
  const value = await scrubber.value(result);
  if (scrubber.leaked || JSON.stringify(value) !== JSON.stringify(result)) throw new Problem('upstream_failed');
  return value;
}

function planOf({ results }: StepExecution): Plan {
  return PlanShape.parse(results.get(POSITIONS.goal_planner)?.output?.value);
}

/** A branch that failed gave nothing: its part is left out. */
function tasksOf(step: StepExecution, turn: TurnContext): StepOutcome {
  const valueOf = (name: CoachAgentName): unknown => step.results.get(POSITIONS[name])?.output?.value;
  const { timezone } = CoachInputShape.parse(step.input);
  const plan = planOf(step);
  const patterns = PatternsShape.optional().catch(undefined).parse(valueOf('pattern_observer'));
  const parts = {
    plan,
    patterns,
    classes: ClassesShape.optional().catch(undefined).parse(valueOf('classifier')),
    timetable: TimetableShape.optional().catch(undefined).parse(valueOf('scheduler')),
  };
  const { actions, schedules } = coachTasks(parts, { now: turn.now, timezone, newId: () => turn.journal.id(newId) });
  const titles = actions.flatMap(({ data }) => (typeof data?.['title'] === 'string' ? [`• ${data['title']}`] : []));
  const response = [plan.summary ?? plan.title, ...titles, ...(patterns?.observations ?? [])].join('\n');
  return { kind: 'done', output: { response, actions, schedules }, usage: NO_USAGE };
}
