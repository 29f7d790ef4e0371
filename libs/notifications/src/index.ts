export { PHONE, type Channel } from './channel';
export { Channels, type NewChannel } from './channels/channels.service';
export { NotificationWorker } from './delivery/notification-worker.service';
export { AckTokens } from './ack-tokens.service';
export { Acknowledgements } from './inbox/acknowledgements.service';
export { Notices } from './inbox/notices.service';
export { NOTICE_TEXTS, NOTICES, type Notice } from './notice-texts';
export { Notifications, type AcceptedNotification, type NotificationFilter } from './inbox/notifications.service';
export {
  CHANNEL_KINDS,
  NOTIFICATION_CHANGED,
  NOTIFICATION_STATUSES,
  planSteps,
  STEP_STATUSES,
  URGENCIES,
} from './notification';
export type {
  ChannelKind,
  NewNotification,
  Notification,
  NotificationStatus,
  PolicyStep,
  StepStatus,
  Urgency,
} from './notification';
export { NOTIFICATION_ENTITIES } from './notifications.entities';
export { NotificationsErasure } from './notifications.erasure';
export { NotificationsJobs } from './notifications.jobs';
export { NotificationsModule } from './notifications.module';
export { DIGESTS, nextDigest, type Digest } from './preferences/digest-slot';
export type { Preferences } from './preferences/preferences';
export { NotificationPreferences } from './preferences/preferences.service';
export { afterQuietHours, type QuietHours } from './preferences/quiet-hours';
export { TwilioCallbacks } from './twilio/twilio-callbacks.service';
export { twilioSignature } from './twilio/twilio-signature';
export { encryptPush } from './web-push/encrypt';
export { Vapid } from './web-push/vapid.service';
