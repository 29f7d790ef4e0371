import { Body, Controller, Get, Put } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Principal } from '@adiuva/kernel';
import { NotificationPreferences, Vapid } from '@adiuva/notifications';
import { Caller, Opaque, Public } from '../edge/principal';
import { VapidKeyDto } from './channel.dto';
import { PreferencesDto, preferencesView } from './preferences.dto';

@ApiTags('notifications')
@Opaque()
@Controller('notifications')
export class NotificationSettingsController {
  constructor(
    private readonly preferences: NotificationPreferences,
    private readonly vapid: Vapid,
  ) {}

  @Public()
  @Get('vapid-key')
  @ApiOperation({
    summary: 'Public key of Web Push',
    description: 'RFC 8292; the same for the life of the installation.',
  })
  @ApiOkResponse({ type: VapidKeyDto })
  getVapidKey(): VapidKeyDto {
    return { public_key: this.vapid.publicKey };
  }

  @Get('preferences')
  @ApiOperation({ summary: 'Notification preferences', description: 'Or their defaults.' })
  @ApiOkResponse({ type: PreferencesDto })
  async getNotificationPreferences(@Caller() user: Principal): Promise<ReturnType<typeof preferencesView>> {
    return preferencesView(await this.preferences.of(user.userId));
  }

  @Put('preferences')
  @ApiOperation({
    summary: 'Set notification preferences',
    description: 'Quiet hours follow the clock of the zone, through its changes too.',
  })
  @ApiOkResponse({ type: PreferencesDto })
  async putNotificationPreferences(
    @Caller() user: Principal,
    @Body() body: PreferencesDto,
  ): Promise<ReturnType<typeof preferencesView>> {
    const preferences = body.toPreferences();
    await this.preferences.put(user.userId, preferences);
    return preferencesView(preferences);
  }
}
