import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiConflictResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Principal } from '@adiuva/kernel';
import { Acknowledgements, Notifications } from '@adiuva/notifications';
import { IdPipe } from '../edge/body/id.pipe';
import { OkDto } from '../edge/ok.dto';
import { Caller, IdempotencyKey, Opaque } from '../edge/principal';
import {
  AcceptedNotificationDto,
  ListNotificationsQuery,
  NewNotificationDto,
  NotificationDto,
  NotificationsDto,
  SnoozeDto,
} from './notification.dto';

// Answers have nothing but what the user has written.
@ApiTags('notifications')
@Opaque()
@Controller('notifications')
export class NotificationsController {
  constructor(
    private readonly notifications: Notifications,
    private readonly acknowledgements: Acknowledgements,
  ) {}

  @IdempotencyKey('atomic')
  @Post()
  @HttpCode(202)
  @ApiOperation({
    summary: 'Notify the caller',
    description:
      'Now or at a time. Title and body are sealed; what leaves through WhatsApp, voice and e-mail has them only where the user has opted in for that channel.',
  })
  @ApiAcceptedResponse({ type: AcceptedNotificationDto })
  async createNotification(
    @Caller() user: Principal,
    @Body() body: NewNotificationDto,
  ): Promise<AcceptedNotificationDto> {
    return AcceptedNotificationDto.of(await this.notifications.create(user.userId, body.toNotification()));
  }

  @Get()
  @ApiOperation({ summary: 'List notifications', description: 'Newest first.' })
  @ApiOkResponse({ type: NotificationsDto })
  async listNotifications(
    @Caller() user: Principal,
    @Query() query: ListNotificationsQuery,
  ): Promise<NotificationsDto> {
    return NotificationsDto.of(await this.notifications.list(user.userId, query.toFilter()));
  }

  @Get(':id')
  @ApiOperation({ summary: 'Get a notification', description: 'With what became of each step.' })
  @ApiOkResponse({ type: NotificationDto })
  async getNotification(@Caller() user: Principal, @Param('id', IdPipe) id: string): Promise<NotificationDto> {
    return NotificationDto.of(await this.notifications.get(user.userId, id));
  }

  @IdempotencyKey('repeatable')
  @Post(':id/ack')
  @HttpCode(200)
  @ApiOperation({ summary: 'Acknowledge a notification', description: 'No later step happens. Repeatable.' })
  @ApiOkResponse({ type: OkDto })
  async acknowledgeNotification(@Caller() user: Principal, @Param('id', IdPipe) id: string): Promise<OkDto> {
    await this.acknowledgements.acknowledge(user.userId, id);
    return { ok: true };
  }

  @IdempotencyKey('repeatable')
  @Post(':id/snooze')
  @HttpCode(200)
  @ApiOperation({ summary: 'Snooze a notification', description: 'Its chain starts again after that time.' })
  @ApiOkResponse({ type: OkDto })
  @ApiConflictResponse({ description: 'conflict: it is acknowledged' })
  async snoozeNotification(
    @Caller() user: Principal,
    @Param('id', IdPipe) id: string,
    @Body() { minutes }: SnoozeDto,
  ): Promise<OkDto> {
    await this.acknowledgements.snooze(user.userId, id, minutes);
    return { ok: true };
  }
}
