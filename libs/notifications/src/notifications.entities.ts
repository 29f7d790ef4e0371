import { NotificationChannelRow } from './channels/channel.entity';
import { NotificationReplyRow, NotificationRow, NotificationStepRow } from './delivery/notification.entity';
import { NotificationPreferencesRow } from './preferences/preferences.entity';

export const NOTIFICATION_ENTITIES = [
  NotificationChannelRow,
  NotificationPreferencesRow,
  NotificationRow,
  NotificationStepRow,
  NotificationReplyRow,
] as const;
