import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, ArrayUnique, IsArray, Matches } from 'class-validator';
import type { AgentToken } from '@adiuva/auth';
import { IntegerField } from '../edge/body/fields';

const SCOPE = /^[a-z][a-z0-9_]{0,62}(?::(?:\*|[a-z][a-z0-9_]{0,62}))?$/;
const MAX_SCOPES = 20;
const MAX_TTL_S = 300;

export class NewAgentTokenDto {
  @ApiProperty({
    type: [String],
    minItems: 1,
    maxItems: MAX_SCOPES,
    uniqueItems: true,
    items: { type: 'string', pattern: SCOPE.source },
    description: 'What the worker may do, such as `tools:*` or `tools:create_task`',
  })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_SCOPES)
  @ArrayUnique()
  @Matches(SCOPE, { each: true })
  scopes!: string[];

  @IntegerField({ optional: true, minimum: 1, maximum: MAX_TTL_S, default: MAX_TTL_S })
  ttl_s?: number;

  get seconds(): number {
    return this.ttl_s ?? MAX_TTL_S;
  }
}

export class AgentTokenDto {
  @ApiProperty({ description: 'A JWT for the worker; routes of users refuse it' })
  token!: string;

  @ApiProperty({ type: 'integer' })
  expires_at!: number;

  static of({ token, expiresAt }: AgentToken): AgentTokenDto {
    return { token, expires_at: expiresAt.getTime() };
  }
}
