import type { Prompt } from '@adiuva/prompts';
import type { AgentTool } from './tool';

/** Somebody who knows one part of the user's world and has the tools for it. */
export interface Agent {
  readonly name: string;
  /** For people; not secret. */
  readonly description: string;
  readonly duty: string;
  readonly prompt: Prompt;
  readonly tools: readonly AgentTool[];
}
