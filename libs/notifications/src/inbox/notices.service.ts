import { Injectable } from '@nestjs/common';
import { Problem } from '@adiuva/kernel';
import type { NotificationSource } from '../notification';
import { NOTICE_TEXTS, type Notice } from '../notice-texts';
import { NotificationPreferences } from '../preferences/preferences.service';
import { Notifications } from './notifications.service';

export interface NewNotice {
  readonly notice: Notice;
  readonly source: NotificationSource;
  /** The title of what it is about, where the server can read one. */
  readonly subject?: string | undefined;
  readonly date?: Date | undefined;
  readonly dedupeKey: string;
}

const MAX_TITLE = 200;

/** What the server itself notifies about, in the language of the user. */
@Injectable()
export class Notices {
  constructor(
    private readonly notifications: Notifications,
    private readonly preferences: NotificationPreferences,
  ) {}

  /** Once for each key; nothing for an account that is erased. */
  async send(userId: string, { notice, source, subject, date, dedupeKey }: NewNotice): Promise<void> {
    const { language, timezone } = await this.preferences.of(userId);
    const text = NOTICE_TEXTS[language][notice];
    const day = date ? new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: timezone }).format(date) : '';
    const title = subject?.slice(0, MAX_TITLE) ?? text.title;
    const body = text.body.replace('{date}', day);
    try {
      await this.notifications.create(userId, { title, body, urgency: 'normal', dedupeKey, source });
    } catch (error) {
      if (!(error instanceof Problem) || !['unauthenticated', 'not_found'].includes(error.code)) throw error;
    }
  }
}
