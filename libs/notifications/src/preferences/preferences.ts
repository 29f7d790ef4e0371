import { DEFAULT_LANGUAGE, type MailLanguage } from '@adiuva/mail';
import { DEFAULT_POLICY, type PolicyStep } from '../notification';
import type { Digest } from './digest-slot';
import type { QuietHours } from './quiet-hours';

export interface Preferences {
  readonly timezone: string;
  readonly quietHours: QuietHours | null;
  readonly policy: readonly PolicyStep[];
  readonly digest: Digest;
  /** Of what is spoken on the phone and written in messages and mails. */
  readonly language: MailLanguage;
}

export const DEFAULT_PREFERENCES: Preferences = {
  timezone: 'UTC',
  quietHours: null,
  policy: DEFAULT_POLICY,
  digest: 'off',
  language: DEFAULT_LANGUAGE,
};

/** Whether `timezone` is a name of the IANA database. */
export function isTimezone(timezone: string): boolean {
  if (!/^[A-Za-z]/.test(timezone)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: timezone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
