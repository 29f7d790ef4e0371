import type { ModelRole } from '@adiuva/llm';
import type { Prompt } from '@adiuva/prompts';
import type { AgentTool } from './tool';

/** An assistant for one part of the user's data, with the tools for it. */
export interface Agent {
  readonly name: string;
  /** For people; not secret. */
  readonly description: string;
  readonly prompt: Prompt;
  readonly tools: readonly AgentTool[];
  /** Whose models it uses, where that is not `agent`. */
  readonly modelRole?: ModelRole;
  /** What it has been told to keep, newest first. Absent for an agent without memory. */
  readonly memories?: readonly string[];
  /** What it is shown in its context beside what the client shows. */
  readonly facts?: Readonly<Record<string, unknown>>;
  /** `false` for one that works alone. */
  readonly mayCallAgents?: boolean;
  /** What an agent has that a user has made. */
  readonly custom?: CustomAgentParts;
}

export interface CustomAgentParts {
  readonly instructions: string;
  /** Whose models it uses. */
  readonly modelRole: ModelRole;
}
