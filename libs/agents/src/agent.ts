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
  /** What an agent has that a user has made. */
  readonly custom?: CustomAgentParts;
}

export interface CustomAgentParts {
  readonly instructions: string;
  /** Whose models it uses. */
  readonly modelRole: ModelRole;
  /** Newest first. Absent for an agent without memory. */
  readonly memories?: readonly string[];
  readonly mayCallAgents: boolean;
}
