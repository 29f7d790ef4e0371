import type { Prompt } from '@adiuva/prompts';
import type { AgentTool } from './tool';

/** An assistant for one part of the user's data, with the tools for it. */
export interface Agent {
  readonly name: string;
  /** For people; not secret. */
  readonly description: string;
  readonly prompt: Prompt;
  readonly tools: readonly AgentTool[];
}
