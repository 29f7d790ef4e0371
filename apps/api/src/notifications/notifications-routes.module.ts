import { Module } from '@nestjs/common';
import { NotificationsModule } from '@adiuva/notifications';
import { AckController } from './ack.controller';
import { AckPages } from './ack-pages.service';
import { ChannelsController } from './channels.controller';
import { NotificationSettingsController } from './notification-settings.controller';
import { NotificationsController } from './notifications.controller';
import { NotificationsGateway } from './notifications.gateway';
import { TwilioController } from './twilio.controller';

/** The controller with `:id` last. */
@Module({
  imports: [NotificationsModule],
  controllers: [
    TwilioController,
    AckController,
    ChannelsController,
    NotificationSettingsController,
    NotificationsController,
  ],
  providers: [AckPages, NotificationsGateway],
})
export class NotificationsRoutesModule {}
