import { Body, Controller, Delete, Get, Headers, HttpCode, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiPaymentRequiredResponse,
  ApiPreconditionFailedResponse,
  ApiTags,
} from '@nestjs/swagger';
import type { Principal } from '@adiuva/kernel';
import { Memories } from '@adiuva/automations';
import { IdPipe } from '../edge/body/id.pipe';
import { ifMatch, withVersionTag } from '../edge/http/conditional-request';
import { Caller, IdempotencyKey, Opaque, type EdgeRequest, type EdgeResponse } from '../edge/principal';
import { describePage } from '../edge/http/pagination-headers';
import { ChangeMemoryDto, ListMemoriesQuery, MemoryDto, NewMemoryDto } from './memory.dto';

// What agents have stored passes through the leak protection where an agent says it; here it is the user's own.
@ApiTags('agents')
@Opaque()
@Controller('memories')
export class MemoriesController {
  constructor(private readonly memories: Memories) {}

  @Get()
  @ApiOperation({
    summary: 'List memories, newest first',
    description:
      'What agents with memory are shown; `agent` leaves those for one agent. `X-Total-Count` has the total.',
  })
  @ApiOkResponse({ type: [MemoryDto], headers: { 'X-Total-Count': { schema: { type: 'integer' } } } })
  async listMemories(
    @Caller() owner: Principal,
    @Query() query: ListMemoriesQuery,
    @Req() request: EdgeRequest,
    @Res({ passthrough: true }) response: EdgeResponse,
  ): Promise<MemoryDto[]> {
    const found = await this.memories.list(owner, query.agent, query);
    return describePage(request, response, query, found).items.map((memory) => MemoryDto.of(memory));
  }

  @IdempotencyKey('atomic')
  @Post()
  @ApiOperation({ summary: 'Create a memory', description: 'The content is sealed under the key of the user.' })
  @ApiCreatedResponse({ type: MemoryDto })
  @ApiPaymentRequiredResponse({ description: 'quota_exceeded: there are 500' })
  async createMemory(
    @Caller() owner: Principal,
    @Body() body: NewMemoryDto,
    @Res({ passthrough: true }) response: EdgeResponse,
  ): Promise<MemoryDto> {
    return withVersionTag(response, MemoryDto.of(await this.memories.create(owner, body.toMemory())));
  }

  @Get(':id')
  @ApiOperation({ summary: 'Get a memory', description: 'The `ETag` is the version.' })
  @ApiOkResponse({ type: MemoryDto })
  async getMemory(
    @Caller() owner: Principal,
    @Param('id', IdPipe) id: string,
    @Res({ passthrough: true }) response: EdgeResponse,
  ): Promise<MemoryDto> {
    return withVersionTag(response, MemoryDto.of(await this.memories.get(owner, id)));
  }

  @Patch(':id')
  @ApiOperation({
    summary: 'Change a memory',
    description:
      'Only the fields that are sent change. `If-Match` refuses a change that was made from another version.',
  })
  @ApiHeader({ name: 'If-Match', required: false })
  @ApiOkResponse({ type: MemoryDto })
  @ApiPreconditionFailedResponse({ description: 'The memory has another version' })
  async updateMemory(
    @Caller() owner: Principal,
    @Param('id', IdPipe) id: string,
    @Body() body: ChangeMemoryDto,
    @Headers('if-match') match: string | undefined,
    @Res({ passthrough: true }) response: EdgeResponse,
  ): Promise<MemoryDto> {
    const changed = await this.memories.change(owner, id, body.toChange(), ifMatch(match));
    return withVersionTag(response, MemoryDto.of(changed));
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete a memory', description: 'No agent is shown it any more.' })
  async deleteMemory(@Caller() owner: Principal, @Param('id', IdPipe) id: string): Promise<void> {
    await this.memories.delete(owner, id);
  }
}
