import type { Run, RunResult } from '@adiuva/runs';

/** Each has models, prompts and tools of its own; the name is also the role of its models. */
export const PROJECT_AGENTS = ['research', 'wireframe', 'code', 'qa', 'pedagogy'] as const;
export type ProjectAgent = (typeof PROJECT_AGENTS)[number];

/** What one step of a job does: an agent with a prompt of its own, or checks without a model. */
export type Phase = 'analyse' | 'specify' | 'outline' | 'contracts' | 'plan' | 'write' | 'check' | 'review' | 'ask';

export const PHASES: Readonly<Record<ProjectAgent, readonly Phase[]>> = {
  research: ['analyse', 'specify'],
  wireframe: ['outline', 'contracts'],
  code: ['plan', 'write', 'check'],
  qa: ['check', 'review'],
  pedagogy: ['ask'],
};

export type JobInput = Readonly<Record<string, unknown>>;

/** An execution of an agent on a project. `result` is null until the job has one. */
export interface Job {
  readonly run: Run;
  readonly projectId: string;
  readonly agent: ProjectAgent;
  readonly result: RunResult | null;
}

export interface StartedJob {
  readonly id: string;
  /** Seconds that jobs of this agent took lately. */
  readonly estimatedSeconds: number;
}
