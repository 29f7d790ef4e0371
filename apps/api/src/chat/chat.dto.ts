import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsOptional,
  IsString,
  Length,
  Matches,
} from 'class-validator';
import { ACTION_TYPES, ChatContextShape, type ChatContext, type PlanAction } from '@adiuva/agents';
import type { ChatRequest, ChatResult } from '@adiuva/chat';
import { MatchesShape } from '../edge/matches-shape';

const MESSAGE_MAX = 32_000;
const CONTEXT_MAX_BYTES = 1_048_576;
const CONTEXT_SHAPE = ChatContextShape.refine(
  (context) => Buffer.byteLength(JSON.stringify(context)) <= CONTEXT_MAX_BYTES,
  'must not be larger than 1 MiB',
);

/** Room for a message and a context in which every character is escaped once. */
export const CHAT_BODY_MAX_BYTES = CONTEXT_MAX_BYTES + 8 * MESSAGE_MAX;

const ROWS = { type: 'array', items: { type: 'object', additionalProperties: true } } as const;

export class ChatRequestDto {
  @ApiProperty({ minLength: 1, maxLength: MESSAGE_MAX })
  @IsString()
  @Length(1, MESSAGE_MAX)
  message!: string;

  @ApiPropertyOptional({
    type: 'object',
    description: 'What the client shows of the user’s data for this message, 1 MiB in all; kept nowhere',
    properties: {
      user_profile: {
        type: 'object',
        additionalProperties: true,
        properties: {
          name: { type: 'string' },
          locale: { type: 'string' },
          timezone: { type: 'string' },
          projects: ROWS,
          clients: ROWS,
        },
      },
      relevant_documents: { type: 'array', items: { type: 'string' } },
      recent_tasks: ROWS,
      conversation_history: {
        type: 'array',
        items: {
          type: 'object',
          required: ['role', 'content'],
          properties: { role: { type: 'string', enum: ['user', 'assistant'] }, content: { type: 'string' } },
        },
      },
    },
  })
  @IsOptional()
  @MatchesShape(CONTEXT_SHAPE)
  context?: ChatContext;

  @ApiPropertyOptional({ enum: ['direct'], default: 'direct' })
  @IsOptional()
  @IsIn(['direct'])
  execution_mode?: 'direct';

  @ApiPropertyOptional({
    type: [String],
    minItems: 1,
    maxItems: 1,
    description: 'The agent to ask, instead of reading the intent',
  })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(1)
  @ArrayUnique()
  @IsString({ each: true })
  @Length(1, 64, { each: true })
  agents?: string[];

  toRequest(): ChatRequest {
    return { message: this.message, context: this.context ?? {}, ...(this.agents ? { agents: this.agents } : {}) };
  }
}

export class ChatSendDto extends ChatRequestDto {
  @ApiPropertyOptional({ pattern: '^[A-Za-z0-9._:-]{1,128}$' })
  @IsOptional()
  @IsString()
  @Matches(/^[A-Za-z0-9._:-]{1,128}$/)
  request_id?: string;
}

export class ChatReferenceDto {
  @ApiProperty({ maxLength: 128 })
  @IsString()
  @Length(1, 128)
  request_id!: string;
}

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

  @ApiProperty()
  request_id!: string;

  static of(result: ChatResult, requestId: string): ChatResponseDto {
    return {
      response: result.response,
      actions: [...result.actions],
      agent: result.agent,
      usage: { input_tokens: result.usage.inputTokens, output_tokens: result.usage.outputTokens },
      request_id: requestId,
    };
  }
}
