import type { ModelRole } from '@adiuva/llm';

/** Whose models an agent may use. */
export const AGENT_MODEL_ROLES = ['agent', 'synthesis', 'planner'] as const satisfies readonly ModelRole[];
export type AgentModelRole = (typeof AGENT_MODEL_ROLES)[number];

export interface NewCustomAgent {
  readonly name: string;
  readonly description: string;
  readonly instructions: string;
  /** Names of the tool catalogue. */
  readonly tools: readonly string[];
  readonly modelRole: AgentModelRole;
  /** Whether it sees memories and may add to them. */
  readonly memory: boolean;
  readonly enabled: boolean;
}

export type CustomAgentChange = Partial<NewCustomAgent>;

/** An agent that a user has made. */
export interface CustomAgent extends NewCustomAgent {
  readonly id: string;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}
