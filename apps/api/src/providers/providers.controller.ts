import { Body, Controller, Delete, Get, HttpCode, Param, Put } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { Principal } from '@adiuva/kernel';
import { OWN_PROVIDER_NAMES } from '@adiuva/llm';
import { OwnProviders } from '@adiuva/providers';
import { Caller } from '../edge/principal';
import { ProviderDto, PutProviderDto } from './providers.dto';

const NAME = { name: 'name', schema: { type: 'string', enum: [...OWN_PROVIDER_NAMES] } } as const;

@ApiTags('providers')
@Controller('providers')
export class ProvidersController {
  constructor(private readonly providers: OwnProviders) {}

  @Get()
  @ApiOkResponse({ type: [ProviderDto] })
  @ApiOperation({ summary: 'List own providers', description: 'Without their keys; oldest first.' })
  async listProviders(@Caller() caller: Principal): Promise<ProviderDto[]> {
    return (await this.providers.list(caller)).map((provider) => ProviderDto.of(provider));
  }

  @Put(':name')
  @ApiParam(NAME)
  @ApiOkResponse({ type: ProviderDto })
  @ApiOperation({
    summary: 'Set the key of an own provider',
    description:
      'Agents then answer by it, in chats and runs of this user; it costs no tokens of the month. It gets public instructions, not the prompts of this server. 402 `upgrade_required` for more providers than the plan includes, 404 for a name that is no provider.',
  })
  async putProvider(
    @Caller() caller: Principal,
    @Param('name') name: string,
    @Body() body: PutProviderDto,
  ): Promise<ProviderDto> {
    return ProviderDto.of(await this.providers.put(caller, body.toProvider(name)));
  }

  @Delete(':name')
  @ApiParam(NAME)
  @HttpCode(204)
  @ApiOperation({
    summary: 'Delete the key of an own provider',
    description: 'The next message is answered without it.',
  })
  deleteProvider(@Caller() caller: Principal, @Param('name') name: string): Promise<void> {
    return this.providers.delete(caller, name);
  }
}
