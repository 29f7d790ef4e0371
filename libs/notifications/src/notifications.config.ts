import { Settings, setting } from '@adiuva/config';

const NOTIFICATIONS = {
  NOTIFICATIONS_CONCURRENCY: setting.integer(
    'Steps of notifications that one process sends at the same time by each kind of channel',
    32,
    { min: 1, max: 200 },
  ),
  NOTIFICATION_TIMEOUT_MS: setting.integer('Milliseconds until a call to a push service or Twilio is aborted', 8_000, {
    min: 100,
  }),
  NOTIFICATION_LEASE_MS: setting.integer(
    'Milliseconds after which the step of a silent process is taken over; longer than a call',
    20_000,
    { min: 500 },
  ),
  NOTIFICATION_RETRY_MS: setting.integer(
    'Milliseconds before a step is tried again after a temporary fault; doubled each time',
    2_000,
    { min: 1 },
  ),
  NOTIFICATION_MESSAGES_PER_DAY: setting.integer(
    'Calls, WhatsApp messages and mails of notifications, of each kind, that a user is sent in a day; further steps fail',
    50,
    { min: 1 },
  ),
  NOTIFICATIONS_PER_DAY: setting.integer('Notifications that a user may make or snooze in a day', 1_000, { min: 1 }),
  NOTIFICATIONS_KEPT_DAYS: setting.integer('Days that a notification is kept', 90, { min: 1 }),
  VAPID_PUBLIC_KEY: setting.optionalText(
    'Public key of Web Push (P-256 point, base64url); where not set, the pair is derived from the keys of the installation',
  ),
  VAPID_PRIVATE_KEY: setting.optionalSecret('Private key of Web Push (base64url)'),
  VAPID_SUBJECT: setting.optionalText('mailto: or https: contact for push services; where not set, PUBLIC_URL'),
  WEB_PUSH_PRIVATE_HOSTS: setting.list(
    'host:port of push services in private networks; every other endpoint must have a public address',
    '',
  ),
  WEB_PUSH_CA_FILE: setting.optionalText('PEM certificates that push services in private networks are verified by'),
};

export class NotificationsConfig extends Settings('Notifications', NOTIFICATIONS, (values) => [
  ...((values.VAPID_PUBLIC_KEY === undefined) !== (values.VAPID_PRIVATE_KEY === undefined)
    ? ['VAPID_PUBLIC_KEY, VAPID_PRIVATE_KEY: set both or neither']
    : []),
  ...(values.VAPID_SUBJECT !== undefined && !/^(?:mailto:|https:\/\/)\S+$/.test(values.VAPID_SUBJECT)
    ? ['VAPID_SUBJECT: must begin with mailto: or https://']
    : []),
  ...(values.NOTIFICATION_LEASE_MS <= values.NOTIFICATION_TIMEOUT_MS
    ? ['NOTIFICATION_LEASE_MS: must be longer than NOTIFICATION_TIMEOUT_MS']
    : []),
]) {}

const TWILIO = {
  TWILIO_ACCOUNT_SID: setting.optionalText('Account of Twilio; where not set, WhatsApp and voice answer 501'),
  TWILIO_AUTH_TOKEN: setting.optionalSecret('Token of the account; also verifies callbacks'),
  TWILIO_WHATSAPP_FROM: setting.optionalText('Sender of WhatsApp messages, such as +14155238886'),
  TWILIO_VOICE_FROM: setting.optionalText('Caller of voice calls, such as +14155238886'),
  TWILIO_VERIFY_SERVICE_SID: setting.optionalText('Verify service that sends and checks codes'),
  TWILIO_WEBHOOK_BASE_URL: setting.optionalUrl('How Twilio reaches this server; where not set, PUBLIC_URL'),
  TWILIO_API_BASE: setting.optionalUrl(
    'A regional or local endpoint of the Twilio API; where not set, Twilio’s own addresses',
  ),
};

export class TwilioConfig extends Settings('Twilio', TWILIO, (values) => {
  const halves = ['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN', 'TWILIO_VERIFY_SERVICE_SID'] as const;
  const wanted = Object.values(values).some((value) => value !== undefined);
  return wanted ? halves.flatMap((name) => (values[name] === undefined ? [`${name}: is needed with Twilio`] : [])) : [];
}) {}
