import { Settings, setting } from '@adiuva/config';

const MAIL = {
  SMTP_URL: {
    ...setting.optionalUrl(
      'smtp://user:password@host:587 or smtps://…:465; where not set, mails stay in the outbox of administrators (not in prod)',
    ),
    secret: true,
  },
  MAIL_FROM: setting.optionalText('Sender of mails, such as `Adiuva <no-reply@example.org>`'),
};

export class MailConfig extends Settings('Mail', MAIL, ({ SMTP_URL, MAIL_FROM }) => [
  ...(SMTP_URL !== undefined && MAIL_FROM === undefined ? ['MAIL_FROM: is needed with SMTP_URL'] : []),
  ...(SMTP_URL !== undefined && !/^smtps?:\/\//i.test(SMTP_URL)
    ? ['SMTP_URL: must begin with smtp:// or smtps://']
    : []),
]) {}
