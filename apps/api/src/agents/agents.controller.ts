import { Controller, Get } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiProperty, ApiTags, ApiOperation } from '@nestjs/swagger';
import type { Principal } from '@adiuva/kernel';
import { AgentCatalogue } from '@adiuva/agents';
import { Caller } from '../edge/principal';

export class AgentDto {
  @ApiProperty()
  name!: string;

  @ApiProperty()
  description!: string;
}

@ApiTags('chat')
@ApiBearerAuth()
@Controller('agents')
export class AgentsController {
  constructor(private readonly catalogue: AgentCatalogue) {}

  @Get()
  @ApiOkResponse({ type: [AgentDto], description: 'The agents that the tier of the caller may use' })
  @ApiOperation({ summary: 'List agents', description: 'The agents that the tier of the user includes.' })
  listAgents(@Caller() caller: Principal): AgentDto[] {
    return this.catalogue.of(caller.tier).map(({ name, description }) => ({ name, description }));
  }
}
