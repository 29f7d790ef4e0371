import { Body, Controller, Delete, Get, Headers, HttpCode, Param, Patch, Post, Res } from '@nestjs/common';
import {
  ApiConflictResponse,
  ApiCreatedResponse,
  ApiHeader,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiPaymentRequiredResponse,
  ApiPreconditionFailedResponse,
  ApiTags,
} from '@nestjs/swagger';
import type { Principal } from '@adiuva/kernel';
import { AgentCatalogue } from '@adiuva/agents';
import { CustomAgents } from '@adiuva/automations';
import { IdPipe } from '../edge/body/id.pipe';
import { ifMatch, withVersionTag } from '../edge/http/conditional-request';
import { Caller, IdempotencyKey, Opaque, type EdgeResponse } from '../edge/principal';
import { AgentDto, ChangeAgentDto, CustomAgentDto, NewAgentDto } from './agent.dto';

// Answers have what the user has written, and names and descriptions of built-in agents, which are public.
@ApiTags('agents')
@Opaque()
@Controller('agents')
export class AgentsController {
  constructor(
    private readonly catalogue: AgentCatalogue,
    private readonly customAgents: CustomAgents,
  ) {}

  @Get()
  @ApiOkResponse({ type: [AgentDto], description: 'The agents that the caller may use' })
  @ApiOperation({
    summary: 'List agents',
    description: 'The built-in agents that the tier of the user includes, then the agents that the user has made.',
  })
  async listAgents(@Caller() caller: Principal): Promise<AgentDto[]> {
    const custom = await this.customAgents.list(caller);
    return [
      ...this.catalogue.of(caller.tier).map((agent) => AgentDto.builtin(agent)),
      ...this.catalogue.loaded.map((agent) => AgentDto.builtin(agent)),
      ...custom.map((agent) => AgentDto.custom(agent)),
    ];
  }

  @IdempotencyKey('atomic')
  @Post()
  @ApiOperation({
    summary: 'Create an agent',
    description:
      'Description and instructions are sealed under the key of the user. Chat, goals and nodes of DAGs name it. See docs/custom-agents.md.',
  })
  @ApiCreatedResponse({ type: CustomAgentDto })
  @ApiConflictResponse({ description: 'The name is taken, or that of a built-in agent' })
  @ApiPaymentRequiredResponse({
    description: 'upgrade_required: the plan has no agents of your own; quota_exceeded: there are 50',
  })
  async createAgent(
    @Caller() owner: Principal,
    @Body() body: NewAgentDto,
    @Res({ passthrough: true }) response: EdgeResponse,
  ): Promise<CustomAgentDto> {
    return withVersionTag(response, CustomAgentDto.of(await this.customAgents.create(owner, body.toAgent())));
  }

  @Get(':id')
  @ApiOperation({ summary: 'Get an agent', description: 'One that the user has made. The `ETag` is the version.' })
  @ApiOkResponse({ type: CustomAgentDto })
  async getAgent(
    @Caller() owner: Principal,
    @Param('id', IdPipe) id: string,
    @Res({ passthrough: true }) response: EdgeResponse,
  ): Promise<CustomAgentDto> {
    return withVersionTag(response, CustomAgentDto.of(await this.customAgents.get(owner, id)));
  }

  @Patch(':id')
  @ApiOperation({
    summary: 'Change an agent',
    description:
      'Only the fields that are sent change. `If-Match` refuses a change that was made from another version. A new name is carried over to goals and memories.',
  })
  @ApiHeader({ name: 'If-Match', required: false })
  @ApiOkResponse({ type: CustomAgentDto })
  @ApiConflictResponse({ description: 'The name is taken' })
  @ApiPreconditionFailedResponse({ description: 'The agent has another version' })
  async updateAgent(
    @Caller() owner: Principal,
    @Param('id', IdPipe) id: string,
    @Body() body: ChangeAgentDto,
    @Headers('if-match') match: string | undefined,
    @Res({ passthrough: true }) response: EdgeResponse,
  ): Promise<CustomAgentDto> {
    const changed = await this.customAgents.change(owner, id, body.toChange(), ifMatch(match));
    return withVersionTag(response, CustomAgentDto.of(changed));
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete an agent', description: 'With the memories that are for this agent alone.' })
  @ApiNoContentResponse()
  @ApiConflictResponse({ description: 'An active goal uses it' })
  async deleteAgent(@Caller() owner: Principal, @Param('id', IdPipe) id: string): Promise<void> {
    await this.customAgents.delete(owner, id);
  }
}
