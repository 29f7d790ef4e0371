import type { JsonWebKey } from 'node:crypto';
import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Principal } from '@adiuva/kernel';
import { AccessTokens, AgentTokens } from '@adiuva/auth';
import { Caller, IdempotencyKey, Public } from '../edge/principal';
import { AgentTokenDto, NewAgentTokenDto } from './tokens.dto';

@ApiTags('auth')
@Controller('auth')
export class TokensController {
  constructor(
    private readonly accessTokens: AccessTokens,
    private readonly agentTokens: AgentTokens,
  ) {}

  @IdempotencyKey('unstored')
  @Post('agent-token')
  @HttpCode(200)
  @ApiOkResponse({ type: AgentTokenDto })
  @ApiOperation({
    summary: 'Issue a token for an agent worker',
    description:
      'A JWT of at most 5 minutes with the user as `sub` and the scopes. Its audience is the worker: routes of users refuse it. 501 `not_configured` names the missing setting.',
  })
  async issueAgentToken(@Caller() caller: Principal, @Body() body: NewAgentTokenDto): Promise<AgentTokenDto> {
    return AgentTokenDto.of(await this.agentTokens.issue(caller, body.scopes, body.seconds));
  }

  @Public()
  @Get('.well-known/jwks.json')
  @ApiOkResponse({
    description: 'RFC 7517 key set; empty where tokens are signed with a shared secret',
    schema: {
      type: 'object',
      required: ['keys'],
      properties: { keys: { type: 'array', items: { type: 'object', additionalProperties: true } } },
    },
  })
  @ApiOperation({
    summary: 'Public keys of access and agent tokens',
    description: 'Empty while tokens are signed with symmetric keys.',
  })
  getJsonWebKeySet(): { keys: JsonWebKey[] } {
    return { keys: [...this.accessTokens.jwks().keys, ...this.agentTokens.jwks()] };
  }
}
