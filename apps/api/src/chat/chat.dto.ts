import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  Allow,
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  ValidateNested,
} from 'class-validator';
import { ChatContextShape, type ChatContext } from '@adiuva/agents';
import type { ChatRequest, ClientResult } from '@adiuva/chat';
import { BooleanField, EnumField, IntegerField, StringField } from '../edge/body/fields';
import { MatchesShape } from '../edge/body/matches-shape';

const MAX_AGENTS = 5;
const MAX_CALLS = 20;
const CONTINUATION_MAX = 4 * 1024 * 1024;
const MESSAGE_MAX = 32_000;
const CONTEXT_MAX_BYTES = 1_048_576;
const CONTEXT_SHAPE = ChatContextShape.refine(
  (context) => Buffer.byteLength(JSON.stringify(context)) <= CONTEXT_MAX_BYTES,
  'must not be larger than 1 MiB',
);

/** Room for a message and a context in which every character is escaped once. */
export const CHAT_BODY_MAX_BYTES = CONTEXT_MAX_BYTES + 8 * MESSAGE_MAX;

/** A continuation of the longest chat, and what the client has found. */
export const CONTINUE_BODY_MAX_BYTES = CONTINUATION_MAX + 2 * CONTEXT_MAX_BYTES;

const ROWS = { type: 'array', items: { type: 'object', additionalProperties: true } } as const;

/** 32 bytes in base64url without padding. */
const RESUME_KEY = /^[A-Za-z0-9_-]{43}$/;

export class ChatRequestDto {
  @StringField({ minLength: 1, maxLength: MESSAGE_MAX })
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

  @EnumField(['direct', 'plan'], {
    optional: true,
    default: 'direct',
    description: '`plan` answers with an ExecutionPlan',
  })
  execution_mode?: 'direct' | 'plan';

  @ApiPropertyOptional({
    type: [String],
    minItems: 1,
    maxItems: MAX_AGENTS,
    description: 'The agents that work on the message one after the other, instead of reading the intent',
  })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_AGENTS)
  @ArrayUnique()
  @IsString({ each: true })
  @Length(1, 64, { each: true })
  agents?: string[];

  @BooleanField({
    optional: true,
    default: false,
    description: 'Whether read tools ask the client: over the socket by `chat:tool_call`, else by a continuation',
  })
  client_tools?: boolean;

  @StringField({
    optional: true,
    pattern: RESUME_KEY,
    description:
      'A streamed chat: 32 random bytes in base64url, new for each chat. Whoever resumes the chat must show it. With it, every node can continue the stream after a cut connection: what leaves a node is encrypted under it, and it is stored nowhere',
  })
  resume_key?: string;

  /** `way` is how the client would answer tool calls on this transport. */
  toRequest(way: 'stream' | 'continuation'): ChatRequest {
    return {
      message: this.message,
      context: this.context ?? {},
      mode: this.execution_mode ?? 'direct',
      agents: this.agents ?? undefined,
      clientTools: this.client_tools === true ? way : 'none',
    };
  }
}

export class ChatSendDto extends ChatRequestDto {
  @ApiPropertyOptional({ pattern: '^[A-Za-z0-9._:-]{1,128}$' })
  @IsOptional()
  @IsString()
  @Matches(/^[A-Za-z0-9._:-]{1,128}$/)
  request_id?: string;
}

export class AuthRenewDto {
  @ApiProperty({ maxLength: 8_192, description: 'A fresh access token of the same session' })
  @IsString()
  @Length(1, 8_192)
  token!: string;
}

export class ChatReferenceDto {
  @ApiProperty({ maxLength: 128 })
  @IsString()
  @Length(1, 128)
  request_id!: string;
}

export class ChatResumeDto extends ChatReferenceDto {
  @IntegerField({ minimum: 0, description: 'The index of the first token that is wanted' })
  next_index!: number;

  @StringField({ optional: true, pattern: RESUME_KEY, description: 'The key that `chat:send` gave, where it gave one' })
  resume_key?: string;
}

export class ToolResultDto {
  @ApiProperty({ maxLength: 64 })
  @IsString()
  @Length(1, 64)
  call_id!: string;

  @ApiPropertyOptional({ description: 'Any JSON: what the tool has found', type: Object, nullable: true })
  @Allow()
  result?: unknown;

  @ApiPropertyOptional({ maxLength: 1_000, description: 'Why there is no result' })
  @IsOptional()
  @IsString()
  @Length(1, 1_000)
  error?: string;
}

export class ContinueDto {
  @ApiProperty({
    description: 'As the answer with `requires_action` gave it; good for 15 minutes and one use',
    maxLength: CONTINUATION_MAX,
  })
  @IsString()
  @Length(1, CONTINUATION_MAX)
  continuation!: string;

  @ApiProperty({ type: [ToolResultDto], maxItems: MAX_CALLS, description: 'One for each tool call' })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_CALLS)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => ToolResultDto)
  tool_results!: ToolResultDto[];

  @StringField({
    optional: true,
    pattern: RESUME_KEY,
    description: 'A streamed chat: 32 random bytes in base64url, new for each request, as for `POST /chat`',
  })
  resume_key?: string;

  toResults(): ClientResult[] {
    return this.tool_results.map(({ call_id, result, error }) => ({
      callId: call_id,
      answer: error === undefined ? { result: result ?? null } : { error },
    }));
  }
}
