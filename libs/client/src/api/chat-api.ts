import type {
  AgentDto,
  ChatRequestDto,
  ChatResponseDto,
  ExecutionPlanDto,
  PlaybookDto,
  RequiresActionDto,
  StepOutputDto,
} from '../generated/types.gen';
import type { Http } from './http';

/** What a chat asks: the message, what the app tells of itself, and how the answer shall come. */
export type ChatRequest = Pick<ChatRequestDto, 'message'> & {
  readonly context?: Readonly<Record<string, unknown>>;
  readonly execution_mode?: 'direct' | 'plan';
  readonly agents?: readonly string[];
  readonly client_tools?: boolean;
};

export interface ToolResult {
  readonly call_id: string;
  readonly result: unknown;
}

/** Chats over plain requests, agents and plans. For tokens as they are written use `chats.stream`. */
export class ChatApi {
  constructor(private readonly http: Http) {}

  send(request: ChatRequest, signal?: AbortSignal): Promise<ChatResponseDto | ExecutionPlanDto | RequiresActionDto> {
    return this.http.json('POST', '/chat', { body: request, signal });
  }

  /** A continuation may be spent once: 409 `continuation_spent` afterwards. */
  continue(
    continuation: string,
    toolResults: readonly ToolResult[],
    signal?: AbortSignal,
  ): Promise<ChatResponseDto | ExecutionPlanDto | RequiresActionDto> {
    return this.http.json('POST', '/chat/continue', { body: { continuation, tool_results: toolResults }, signal });
  }

  agents(): Promise<AgentDto[]> {
    return this.http.json('GET', '/agents');
  }

  playbooks(): Promise<PlaybookDto[]> {
    return this.http.json('GET', '/plans/playbook');
  }

  playbook(id: string): Promise<PlaybookDto> {
    return this.http.json('GET', `/plans/playbook/${encodeURIComponent(id)}`);
  }

  /** Runs one step of a plan; the template is named, its text stays on the server. */
  step(
    promptTemplate: string,
    variables: Readonly<Record<string, unknown>>,
    signal?: AbortSignal,
  ): Promise<StepOutputDto> {
    return this.http.json('POST', '/plans/steps', { body: { prompt_template: promptTemplate, variables }, signal });
  }
}
