import { Body, Controller, Get, HttpCode, Post, Put } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Principal } from '@adiuva/kernel';
import { Telemetry } from '@adiuva/telemetry';
import { Caller, IdempotencyKey, RateGroup } from '../edge/principal';
import { TelemetryConsentDto, TelemetryDto } from './telemetry.dto';

@ApiTags('auth')
@Controller('telemetry')
export class TelemetryController {
  constructor(private readonly telemetry: Telemetry) {}

  @IdempotencyKey('unstored')
  @RateGroup('telemetry')
  @Post()
  @HttpCode(204)
  @ApiOperation({
    summary: 'Report figures about the app',
    description:
      'Names and properties are on a list; values are numbers or words of a list, never text. Only sums of all users are stored. 403 `forbidden` until the user has agreed.',
  })
  addTelemetry(@Caller() caller: Principal, @Body() body: TelemetryDto): Promise<void> {
    return this.telemetry.add(caller, body.toEvents());
  }

  @Get('consent')
  @ApiOperation({ summary: 'Whether telemetry is on', description: 'Off until the user agrees.' })
  @ApiOkResponse({ type: TelemetryConsentDto })
  async getTelemetryConsent(@Caller() caller: Principal): Promise<TelemetryConsentDto> {
    return { enabled: await this.telemetry.isEnabled(caller) };
  }

  @Put('consent')
  @ApiOperation({ summary: 'Agree to telemetry or withdraw', description: 'Applies to all devices of the account.' })
  @ApiOkResponse({ type: TelemetryConsentDto })
  async putTelemetryConsent(
    @Caller() caller: Principal,
    @Body() { enabled }: TelemetryConsentDto,
  ): Promise<TelemetryConsentDto> {
    await this.telemetry.setEnabled(caller, enabled);
    return { enabled };
  }
}
