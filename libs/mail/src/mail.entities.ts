import { MailRow } from './mail.entity';

export const MAIL_ENTITIES = [MailRow] as const;
