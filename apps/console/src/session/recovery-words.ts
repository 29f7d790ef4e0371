import { ClientError } from '@adiuva/client';
import { t } from '../texts/texts';

export function normalizedWords(words: string): string {
  return words.trim().toLowerCase().split(/\s+/).join(' ');
}

export function wrongWords(error: unknown): never {
  // What is no list of recovery words fails its checksum in this browser.
  if (error instanceof ClientError) throw error;
  throw new ClientError('RecoveryWords', t('auth.wordsWrong'), { cause: error });
}
