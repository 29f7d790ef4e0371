import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { mailLanguage, type MailLanguage } from '@adiuva/mail';
import type { EdgeRequest } from '../principal';

/** The language of mails that the request causes, by its `Accept-Language`. */
export const ClientLanguage = createParamDecorator((_: unknown, context: ExecutionContext): MailLanguage => {
  return mailLanguage(context.switchToHttp().getRequest<EdgeRequest>().headers['accept-language']);
});
