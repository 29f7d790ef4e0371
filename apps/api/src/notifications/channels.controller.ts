import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNotImplementedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  ApiTooManyRequestsResponse,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import type { Principal } from '@adiuva/kernel';
import { Channels } from '@adiuva/notifications';
import { IdPipe } from '../edge/body/id.pipe';
import { OkDto } from '../edge/ok.dto';
import { Caller, IdempotencyKey, Opaque } from '../edge/principal';
import {
  ChangeChannelDto,
  ChannelDto,
  ChannelsDto,
  NewChannelDto,
  VerifiedChannelDto,
  VerifyChannelDto,
} from './channel.dto';

// Answers have nothing but what the user has written.
@ApiTags('notifications')
@Opaque()
@Controller('notifications/channels')
export class ChannelsController {
  constructor(private readonly channels: Channels) {}

  @Get()
  @ApiOperation({ summary: 'List channels', description: 'Without their addresses.' })
  @ApiOkResponse({ type: ChannelsDto })
  async listNotificationChannels(@Caller() user: Principal): Promise<ChannelsDto> {
    return ChannelsDto.of(await this.channels.list(user.userId));
  }

  @IdempotencyKey('repeatable')
  @Post()
  @ApiOperation({
    summary: 'Add a channel',
    description:
      'A push subscription, and the address of the account once it is confirmed, are active immediately. Telephones and other addresses are `pending` and are sent a code; nothing else is sent to them before. The same address again gives its channel.',
  })
  @ApiCreatedResponse({ type: ChannelDto })
  @ApiUnprocessableEntityResponse({ description: 'unprocessable: this number cannot be sent a code' })
  @ApiTooManyRequestsResponse({ description: 'rate_limited: three codes in an hour' })
  @ApiNotImplementedResponse({ description: 'not_configured: no provider for this kind' })
  async createNotificationChannel(@Caller() user: Principal, @Body() body: NewChannelDto): Promise<ChannelDto> {
    return ChannelDto.of(await this.channels.create(user.userId, body.toChannel()));
  }

  @IdempotencyKey('repeatable')
  @Post(':id/verify')
  @HttpCode(200)
  @ApiOperation({ summary: 'Verify a channel', description: 'With the code that was sent to it.' })
  @ApiOkResponse({ type: VerifiedChannelDto })
  @ApiUnprocessableEntityResponse({ description: 'wrong_code' })
  @ApiTooManyRequestsResponse({ description: 'rate_limited: five tries in an hour' })
  async verifyNotificationChannel(
    @Caller() user: Principal,
    @Param('id', IdPipe) id: string,
    @Body() { code }: VerifyChannelDto,
  ): Promise<VerifiedChannelDto> {
    await this.channels.verify(user.userId, id, code);
    return { status: 'active' };
  }

  @IdempotencyKey('repeatable')
  @Post(':id/resend')
  @HttpCode(200)
  @ApiOperation({ summary: 'Send another code', description: 'At most three in an hour to one address.' })
  @ApiOkResponse({ type: OkDto })
  @ApiTooManyRequestsResponse({ description: 'rate_limited: three codes in an hour' })
  async resendChannelCode(@Caller() user: Principal, @Param('id', IdPipe) id: string): Promise<OkDto> {
    await this.channels.resend(user.userId, id);
    return { ok: true };
  }

  @Patch(':id')
  @ApiOperation({ summary: 'Change a channel', description: 'Its label, and whether content may leave through it.' })
  @ApiOkResponse({ type: ChannelDto })
  async updateNotificationChannel(
    @Caller() user: Principal,
    @Param('id', IdPipe) id: string,
    @Body() body: ChangeChannelDto,
  ): Promise<ChannelDto> {
    const change = { label: body.label, includeContent: body.include_content };
    return ChannelDto.of(await this.channels.change(user.userId, id, change));
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Remove a channel',
    description: 'A push subscription that its push service no longer knows is removed by itself.',
  })
  async deleteNotificationChannel(@Caller() user: Principal, @Param('id', IdPipe) id: string): Promise<void> {
    await this.channels.delete(user.userId, id);
  }
}
