import { Module } from '@nestjs/common';
import { AuthModule } from '@adiuva/auth';
import { BillingModule } from '@adiuva/billing';
import { provideSettings } from '@adiuva/config';
import { MailModule } from '@adiuva/mail';
import { ChannelSenders } from './senders/channel-senders.service';
import { ChannelVerification } from './channels/channel-verification.service';
import { ChannelParts, Channels } from './channels/channels.service';
import { EmailSender } from './senders/email.adapter';
import { PhoneVerification } from './channels/verification.port';
import { EscalationStarter } from './delivery/escalation-starter.service';
import { NotificationWorker } from './delivery/notification-worker.service';
import { SendingParts, StepSender } from './delivery/step-sender.service';
import { StepStore } from './delivery/step.store';
import { AckTokens } from './ack-tokens.service';
import { Acknowledgements } from './inbox/acknowledgements.service';
import { ChainLimits } from './inbox/chain-limits.service';
import { Notices } from './inbox/notices.service';
import { InboxParts, Notifications } from './inbox/notifications.service';
import { NotificationsConfig, TwilioConfig } from './notifications.config';
import { NotificationsErasure } from './notifications.erasure';
import { NotificationsJobs } from './notifications.jobs';
import { NotificationsMetrics } from './notifications.metrics';
import { NotificationPreferences } from './preferences/preferences.service';
import { CallbackParts, TwilioCallbacks } from './twilio/twilio-callbacks.service';
import { TwilioClient } from './twilio/twilio-client.adapter';
import { TwilioVerification } from './twilio/twilio-verify.adapter';
import { VoiceSender } from './twilio/voice.adapter';
import { WhatsappSender } from './twilio/whatsapp.adapter';
import { PushEndpoints } from './web-push/push-endpoints.service';
import { PushHosts } from './web-push/push-hosts.service';
import { Vapid } from './web-push/vapid.service';
import { WebPushSender } from './web-push/web-push.adapter';

const SENDERS = [WebPushSender, WhatsappSender, VoiceSender, EmailSender];

@Module({
  imports: [AuthModule, BillingModule, MailModule],
  providers: [
    provideSettings(NotificationsConfig),
    provideSettings(TwilioConfig),
    ...SENDERS,
    {
      provide: ChannelSenders,
      useFactory: (...senders: InstanceType<(typeof SENDERS)[number]>[]) => new ChannelSenders(senders),
      inject: SENDERS,
    },
    { provide: PhoneVerification, useClass: TwilioVerification },
    AckTokens,
    Acknowledgements,
    CallbackParts,
    ChainLimits,
    EscalationStarter,
    ChannelParts,
    Channels,
    ChannelVerification,
    InboxParts,
    Notices,
    NotificationPreferences,
    Notifications,
    NotificationsErasure,
    NotificationsJobs,
    NotificationsMetrics,
    NotificationWorker,
    PushEndpoints,
    PushHosts,
    SendingParts,
    StepSender,
    StepStore,
    TwilioCallbacks,
    TwilioClient,
    Vapid,
  ],
  exports: [
    AckTokens,
    Acknowledgements,
    Channels,
    Notices,
    NotificationPreferences,
    Notifications,
    NotificationsErasure,
    NotificationsJobs,
    NotificationWorker,
    TwilioCallbacks,
    Vapid,
  ],
})
export class NotificationsModule {}
