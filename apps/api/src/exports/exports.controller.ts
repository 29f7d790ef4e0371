import { pipeline } from 'node:stream';
import { Body, Controller, Get, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { ServerConfig } from '@adiuva/config';
import type { Principal } from '@adiuva/kernel';
import type { Origin } from '@adiuva/auth';
import { Exports } from '@adiuva/exports';
import { IdPipe } from '../edge/body/id.pipe';
import { ClientAddress } from '../edge/http/client-address';
import { Caller, IdempotencyKey, Public, type EdgeResponse } from '../edge/principal';
import { ExportDto, ExportRequestDto, StartedExportDto } from './exports.dto';

@ApiTags('auth')
@Controller()
export class ExportsController {
  constructor(
    private readonly exports: Exports,
    private readonly config: ServerConfig,
  ) {}

  @IdempotencyKey('atomic')
  @Post('exports')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Export the account',
    description:
      'A job builds a zip archive of everything that is stored of the user: JSON, and encrypted blobs as they are. 409 `conflict` while one is being built.',
  })
  @ApiAcceptedResponse({ type: StartedExportDto })
  async requestExport(
    @Caller() caller: Principal,
    @Body() { password }: ExportRequestDto,
    @ClientAddress() origin: Origin,
  ): Promise<StartedExportDto> {
    return { id: await this.exports.request(caller, password, origin) };
  }

  @Get('exports/:id')
  @ApiOperation({ summary: 'State of an export', description: 'With the signed address once it is ready.' })
  @ApiOkResponse({ type: ExportDto })
  async getExport(@Caller() caller: Principal, @Param('id', IdPipe) id: string): Promise<ExportDto> {
    return ExportDto.of(await this.exports.get(caller, id), this.config.publicUrl);
  }

  @Public()
  @Get('export-downloads/:token')
  @ApiOperation({
    summary: 'Download an export',
    description: 'The address comes from `GET /exports/{id}` and is valid for 24 hours; 404 after that.',
  })
  @ApiProduces('application/zip')
  @ApiOkResponse({ description: 'The zip archive', schema: { type: 'string', format: 'binary' } })
  async downloadExport(@Param('token') token: string, @Res() response: EdgeResponse): Promise<void> {
    const { bytes, size } = await this.exports.open(token);
    response.set({
      'Content-Type': 'application/zip',
      'Content-Disposition': 'attachment; filename="adiuva-export.zip"',
      'Content-Length': String(size),
      'Cache-Control': 'private, no-store',
      'X-Content-Type-Options': 'nosniff',
    });
    pipeline(bytes, response, () => undefined);
  }
}
