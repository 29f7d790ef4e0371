import type { AssistantContext } from '../entities/assistant-context';
import type { HistoryMessage } from '../entities/coreference';
import type { OfferedTool } from './tool-mapping';

/**
 * One question to the assistant: what was said, what may be used, and what the rounds of this turn brought so far.
 */
export interface Turn {
  readonly message: string;
  readonly context: AssistantContext;
  readonly history: readonly HistoryMessage[];
  readonly tools: readonly OfferedTool[];
  readonly outcomes: readonly Outcome[];
}

/** A tool call of this turn and what came back, parsed where it was JSON. */
export interface Outcome {
  readonly callId: string;
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly result: unknown;
}

export interface Call {
  readonly id: string;
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
}

export type Reply = { readonly calls: readonly Call[] } | { readonly text: string };

/** The next step of one clause; calls have no id yet. */
export type Step = { readonly calls: readonly Omit<Call, 'id'>[] } | { readonly text: string };
