import { ACTION_TYPES } from '@adiuva/agents';

/** `run_prompt` is `POST /plans/steps`; `read_records` is a read tool on the client's data; the rest is as in a chat's actions. */
export const STEP_ACTIONS = ['run_prompt', 'read_records', ...ACTION_TYPES] as const;
export type StepAction = (typeof STEP_ACTIONS)[number];

export interface PlanStep {
  readonly action: StepAction;
  /** The id of a template; only and always for `run_prompt`. */
  readonly promptTemplate: string | null;
  readonly variables: Readonly<Record<string, unknown>>;
  /** The earlier step, counted from 0, whose outcome this one gets as its variable `data`. */
  readonly dataFromStep: number | null;
}

export interface ExecutionPlan {
  readonly id: string;
  readonly agent: string;
  readonly steps: readonly PlanStep[];
}

/** What plans may name: everything else in them is a mistake. */
export interface PlanAllowlist {
  readonly tables: ReadonlySet<string>;
  readonly readTools: ReadonlySet<string>;
  readonly agents: ReadonlySet<string>;
  /** The variables that a template needs and those it may have; undefined for an unknown one. */
  readonly template: (
    id: string,
  ) => { readonly needs: readonly string[]; readonly takes: readonly string[] } | undefined;
}

/** A step that cannot be part of a plan; says which and why. */
export class PlanValidationError extends Error {}

export const MAX_STEPS = 20;
const DATA = 'data';
const RECORD_ACTIONS: ReadonlySet<string> = new Set([
  'create_record',
  'update_record',
  'delete_record',
  'index_document',
]);

/** Builds a plan step by step and refuses what could not be carried out: forward or missing references, unknown names. */
export class ExecutionPlanBuilder {
  private readonly steps: PlanStep[] = [];

  constructor(
    private readonly agent: string,
    private readonly allowlist: PlanAllowlist,
  ) {
    if (!allowlist.agents.has(agent)) throw new PlanValidationError('the agent is unknown');
  }

  /** @throws InvalidPlan */
  add(step: PlanStep): this {
    const fault = this.faultOf(step);
    if (fault !== undefined) throw new PlanValidationError(`step ${this.steps.length}: ${fault}`);
    this.steps.push(step);
    return this;
  }

  /** @throws InvalidPlan */
  build(id: string): ExecutionPlan {
    if (this.steps.length === 0) throw new PlanValidationError('there are no steps');
    return { id, agent: this.agent, steps: [...this.steps] };
  }

  private faultOf(step: PlanStep): string | undefined {
    if (this.steps.length >= MAX_STEPS) return `at most ${MAX_STEPS} steps`;
    const from = step.dataFromStep;
    if (from !== null && (!Number.isInteger(from) || from < 0 || from >= this.steps.length)) {
      return 'data_from_step must be an earlier step';
    }
    return step.action === 'run_prompt' ? this.promptFault(step) : this.actionFault(step);
  }

  private promptFault({ promptTemplate, variables, dataFromStep }: PlanStep): string | undefined {
    const template = promptTemplate === null ? undefined : this.allowlist.template(promptTemplate);
    if (!template) return 'prompt_template is unknown';
    const given = new Set([...Object.keys(variables), ...(dataFromStep === null ? [] : [DATA])]);
    const missing = template.needs.find((name) => !given.has(name));
    if (missing !== undefined) return `the variable ${missing} is missing`;
    const strange = [...given].find((name) => name !== DATA && !template.takes.includes(name));
    return strange === undefined ? undefined : 'the template has no such variable';
  }

  private actionFault({ action, promptTemplate, variables }: PlanStep): string | undefined {
    if (promptTemplate !== null) return 'only run_prompt has a prompt_template';
    const names = (set: ReadonlySet<string>, name: unknown): boolean => typeof name === 'string' && set.has(name);
    if (RECORD_ACTIONS.has(action) && !names(this.allowlist.tables, variables['table'])) return 'the table is unknown';
    if (action === 'read_records' && !names(this.allowlist.readTools, variables['tool']))
      return 'the read tool is unknown';
    if (action === 'call_agent' && !names(this.allowlist.agents, variables['agent'])) return 'the agent is unknown';
    return undefined;
  }
}
