import { ApiExtraModels, ApiProperty, getSchemaPath } from '@nestjs/swagger';
import { ACTION_TYPES, type PlanAction, type Usage } from '@adiuva/agents';
import type { ChatResult, ClientCall } from '@adiuva/chat';
import { ExecutionPlanDto } from '../orchestrator/plan.dto';

export const FINISH_REASONS = ['stop', 'length', 'tool_limit'] as const;

export class PlanActionDto implements PlanAction {
  @ApiProperty({ enum: ACTION_TYPES })
  type!: PlanAction['type'];

  @ApiProperty({ type: String, nullable: true })
  table!: string | null;

  @ApiProperty({ type: 'object', nullable: true, additionalProperties: true })
  data!: Readonly<Record<string, unknown>> | null;

  @ApiProperty({ type: String, nullable: true })
  agent!: string | null;
}

export class UsageDto {
  @ApiProperty({ type: 'integer' })
  input_tokens!: number;

  @ApiProperty({ type: 'integer' })
  output_tokens!: number;
}

export class ChatResponseDto {
  @ApiProperty()
  response!: string;

  @ApiProperty({ type: [PlanActionDto] })
  actions!: PlanAction[];

  @ApiProperty()
  agent!: string;

  @ApiProperty({ type: UsageDto })
  usage!: UsageDto;

  @ApiProperty({
    enum: FINISH_REASONS,
    description: '`length`: cut at the limit of output tokens; `tool_limit`: all rounds of tool calls are used up',
  })
  finish_reason!: (typeof FINISH_REASONS)[number];

  @ApiProperty()
  request_id!: string;
}

export class ToolCallDto {
  @ApiProperty()
  call_id!: string;

  @ApiProperty({ description: 'A read tool of the agents' })
  name!: string;

  @ApiProperty({ type: 'object', additionalProperties: true })
  arguments!: Readonly<Record<string, unknown>>;

  static of(call: ClientCall): ToolCallDto {
    return { call_id: call.callId, name: call.name, arguments: call.arguments };
  }
}

export class RequiresActionDto {
  @ApiProperty({ enum: ['requires_action'] })
  status!: 'requires_action';

  @ApiProperty({ type: [ToolCallDto] })
  tool_calls!: ToolCallDto[];

  @ApiProperty({ description: 'Sealed; for POST /chat/continue within 15 minutes, once' })
  continuation!: string;

  @ApiProperty()
  request_id!: string;
}

export type ChatAnswer = ChatResponseDto | ExecutionPlanDto | RequiresActionDto;

/** The answer of a whole chat over REST. */
export function chatAnswer(result: ChatResult, requestId: string): ChatAnswer {
  switch (result.kind) {
    case 'answer':
      return {
        response: result.response,
        actions: [...result.actions],
        agent: result.agent,
        usage: usageDto(result.usage),
        finish_reason: result.finishReason,
        request_id: requestId,
      };
    case 'plan':
      return ExecutionPlanDto.of(result.plan);
    case 'requires_action': {
      const { calls, continuation } = result;
      return {
        status: 'requires_action',
        tool_calls: calls.map((call) => ToolCallDto.of(call)),
        continuation,
        request_id: requestId,
      };
    }
  }
}

/** What ends a streamed chat: the same, with `done`; a plan stands beside its agent and usage. */
export function chatDone(result: ChatResult, requestId: string): object {
  if (result.kind !== 'plan') return { ...chatAnswer(result, requestId), done: true };
  const { agent, plan, usage, finishReason } = result;
  return {
    request_id: requestId,
    done: true,
    plan: ExecutionPlanDto.of(plan),
    agent,
    usage: usageDto(usage),
    finish_reason: finishReason,
  };
}

function usageDto({ inputTokens, outputTokens }: Usage): UsageDto {
  return { input_tokens: inputTokens, output_tokens: outputTokens };
}

export const ChatAnswerModels = ApiExtraModels(ChatResponseDto, ExecutionPlanDto, RequiresActionDto);
export const CHAT_ANSWER_SCHEMA = {
  oneOf: [ChatResponseDto, ExecutionPlanDto, RequiresActionDto].map((model) => ({ $ref: getSchemaPath(model) })),
};
