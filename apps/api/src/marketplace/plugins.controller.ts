import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Problem, type Features, type Principal } from '@adiuva/kernel';
import { Catalogue, Installs, Ratings } from '@adiuva/marketplace';
import { IdPipe } from '../edge/body/id.pipe';
import { Caller, Needs } from '../edge/principal';
import {
  CatalogueDto,
  CatalogueQueryDto,
  InstallDto,
  InstalledDto,
  OkDto,
  PluginDetailsDto,
  RateDto,
} from './catalogue.dto';

const MARKETPLACE = (features: Features): boolean => features.pluginMarketplace;

@ApiTags('marketplace')
@ApiBearerAuth()
@Needs(MARKETPLACE)
@Controller('plugins')
export class PluginsController {
  constructor(
    private readonly catalogue: Catalogue,
    private readonly installs: Installs,
    private readonly ratings: Ratings,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Listed plugins' })
  @ApiOkResponse({ type: CatalogueDto })
  async list(@Query() query: CatalogueQueryDto): Promise<CatalogueDto> {
    return CatalogueDto.of(await this.catalogue.list(query.toFilter(), query.toPage()), query.toPage().page);
  }

  @Get(':id')
  @ApiOperation({
    summary: 'One listed plugin',
    description: 'What is not approved, or not listed any more, is 404 for everybody.',
  })
  @ApiOkResponse({ type: PluginDetailsDto })
  async get(@Caller() user: Principal, @Param('id', IdPipe) id: string): Promise<PluginDetailsDto> {
    return PluginDetailsDto.of(await this.catalogue.get(user, id));
  }

  @Post(':id/install')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Installs a plugin; one that costs something is paid first, once',
    description:
      '402 `payment_required` has `checkout_url` where there is no card on file that pays; 501 `not_configured` where nothing can be sold.',
  })
  @ApiOkResponse({ type: InstalledDto })
  async install(
    @Caller() user: Principal,
    @Param('id', IdPipe) id: string,
    @Body() body: InstallDto,
  ): Promise<InstalledDto> {
    assertSame(id, body.plugin_id);
    return { ok: true, download_url: await this.installs.install(user, id, body.version ?? undefined) };
  }

  @Delete(':id/install')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Removes a plugin',
    description: 'What was bought stays bought. 404 when it is not installed.',
  })
  @ApiOkResponse({ type: OkDto })
  async remove(@Caller() user: Principal, @Param('id', IdPipe) id: string): Promise<OkDto> {
    await this.installs.remove(user, id);
    return { ok: true };
  }

  @Put(':id/rating')
  @ApiOperation({
    summary: 'Rates a plugin; the last rating counts',
    description: '403 `forbidden` to who has not installed it, and to its author.',
  })
  @ApiOkResponse({ type: OkDto })
  async rate(@Caller() user: Principal, @Param('id', IdPipe) id: string, @Body() body: RateDto): Promise<OkDto> {
    await this.ratings.rate(user, id, body.toRating());
    return { ok: true };
  }
}

function assertSame(id: string, named: string | null | undefined): void {
  if ((named ?? id) === id) return;
  throw new Problem('validation_failed', {
    errors: [{ field: 'plugin_id', message: 'must be the one in the address' }],
  });
}
