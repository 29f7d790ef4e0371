import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { invalidField, type Features, type Principal } from '@adiuva/kernel';
import { Catalogue, Installs, Ratings } from '@adiuva/marketplace';
import { IdPipe } from '../edge/body/id.pipe';
import { OkDto } from '../edge/ok.dto';
import { Caller, IdempotencyKey, Needs, NeedsVerifiedEmail } from '../edge/principal';
import { CatalogueDto, CatalogueQueryDto, InstallDto, InstalledDto, PluginDetailsDto, RateDto } from './catalogue.dto';

const MARKETPLACE = (features: Features): boolean => features.pluginMarketplace;

@ApiTags('marketplace')
@Needs(MARKETPLACE)
@Controller('plugins')
export class PluginsController {
  constructor(
    private readonly catalogue: Catalogue,
    private readonly installs: Installs,
    private readonly ratings: Ratings,
  ) {}

  @Get()
  @ApiOperation({ summary: 'List plugins', description: 'The catalogue, filtered and sorted.' })
  @ApiOkResponse({ type: CatalogueDto })
  async listPlugins(@Query() query: CatalogueQueryDto): Promise<CatalogueDto> {
    return CatalogueDto.of(await this.catalogue.list(query.toFilter(), query), query.page);
  }

  @Get(':id')
  @ApiOperation({
    summary: 'Read a plugin',
    description:
      'Manifest, versions, ratings and install count. A plugin that is not approved or no longer listed is 404.',
  })
  @ApiOkResponse({ type: PluginDetailsDto })
  async getPlugin(@Caller() user: Principal, @Param('id', IdPipe) id: string): Promise<PluginDetailsDto> {
    return PluginDetailsDto.of(await this.catalogue.get(user, id));
  }

  @IdempotencyKey('repeatable')
  @NeedsVerifiedEmail()
  @Post(':id/install')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Install a plugin',
    description:
      'A priced plugin is charged once, however often the request is repeated. Returns the download address.',
  })
  @ApiOkResponse({ type: InstalledDto })
  async installPlugin(
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
    summary: 'Uninstall a plugin',
    description: 'A paid plugin can be installed again without another payment. 404 when it is not installed.',
  })
  @ApiOkResponse({ type: OkDto })
  async uninstallPlugin(@Caller() user: Principal, @Param('id', IdPipe) id: string): Promise<OkDto> {
    await this.installs.remove(user, id);
    return { ok: true };
  }

  @Put(':id/rating')
  @ApiOperation({
    summary: 'Rate a plugin',
    description:
      'One rating for each user; a new one replaces it. 403 `forbidden` unless the plugin is installed, and for its author.',
  })
  @ApiOkResponse({ type: OkDto })
  async ratePlugin(@Caller() user: Principal, @Param('id', IdPipe) id: string, @Body() body: RateDto): Promise<OkDto> {
    await this.ratings.rate(user, id, body.toRating());
    return { ok: true };
  }
}

function assertSame(id: string, named: string | null | undefined): void {
  if ((named ?? id) === id) return;
  throw invalidField('plugin_id', 'must be the one in the address');
}
