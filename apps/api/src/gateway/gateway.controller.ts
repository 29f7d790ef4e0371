import { Body, Controller, Get, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { GatewayTools, type AgentCaller, type ToolCallOutcome } from '@adiuva/gateway';
import { IdempotencyKey, type EdgeResponse } from '../edge/principal';
import { Readiness } from '../health/readiness.service';
import { GatewayCallDto, GatewayResultDto, GatewayRunDto, GatewayStatusDto } from './gateway.dto';
import { Agent, Signed } from './signed-request.guard';

@ApiTags('gateway')
@Controller('gateway')
export class GatewayController {
  constructor(private readonly tools: GatewayTools) {}

  @IdempotencyKey('atomic')
  @Post('tools/:name')
  @HttpCode(200)
  @Signed({ agentToken: true })
  @ApiOperation({
    summary: 'Call a tool for a user',
    description:
      'A change is validated, returned and handed to the app in the output of the run. A tool that reads is 202: its run asks a device, and the result is for the devices of the user. 401 `invalid_signature` for a wrong signature or an old timestamp, 409 `replayed` for a nonce that was used, 403 outside the scopes of the token, 402 for a tool that the plan does not include. At most 1 MiB. Calls have a rate limit of their own.',
  })
  @ApiOkResponse({ type: GatewayResultDto })
  @ApiAcceptedResponse({ type: GatewayRunDto })
  async callTool(
    @Agent() caller: AgentCaller,
    @Param('name') name: string,
    @Body() body: GatewayCallDto,
    @Res({ passthrough: true }) response: EdgeResponse,
  ): Promise<GatewayResultDto | GatewayRunDto> {
    return answer(await this.tools.call(caller, name, body.arguments), response);
  }

  @Get('status')
  @Signed({ agentToken: false })
  @ApiOperation({ summary: 'Status of the gateway', description: 'For workers; the request is signed.' })
  @ApiOkResponse({ type: GatewayStatusDto })
  getGatewayStatus(): GatewayStatusDto {
    return { status: 'ok', version: Readiness.version };
  }
}

function answer(outcome: ToolCallOutcome, response: EdgeResponse): GatewayResultDto | GatewayRunDto {
  if (outcome.kind === 'run') response.status(202);
  return GatewayRunDto.of(outcome);
}
