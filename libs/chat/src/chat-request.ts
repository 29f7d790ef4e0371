import type { ChatContext, ClientToolResult } from '@adiuva/agents';
import type { AnswerResult, PlanResult, OrchestratorRequest } from '@adiuva/orchestrator';
import type { ClientCall } from './chat-stream';

export interface ChatRequest extends OrchestratorRequest {
  readonly context: ChatContext;
  /** Whether read tools ask the client, and how it answers: on the stream, or in a request of its own. */
  readonly clientTools: 'none' | 'stream' | 'continuation';
}

/** The chat has stopped to ask the client, which continues with the continuation and its answers. */
export interface RequiresAction {
  readonly kind: 'requires_action';
  readonly calls: readonly ClientCall[];
  readonly continuation: string;
}

export type ChatResult = AnswerResult | PlanResult | RequiresAction;

export interface ClientResult {
  readonly callId: string;
  readonly answer: ClientToolResult;
}
