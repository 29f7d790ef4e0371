import { TEXTS } from '../texts';
import type { MailLanguage } from '@adiuva/mail';

const GATHER_SECONDS = 10;
const REPETITIONS = 2;

/** Reads the text and asks for a digit, twice. */
export function askForDigit(language: MailLanguage, text: string, action: string): string {
  const { pressHint, goodbye, voice } = TEXTS[language];
  const say = `<Say language="${voice}">${escapeXml(`${text} ${pressHint}`)}</Say>`;
  const gather = `<Gather numDigits="1" timeout="${GATHER_SECONDS}" action="${escapeXml(action)}" method="POST">${say}</Gather>`;
  return response(gather.repeat(REPETITIONS) + `<Say language="${voice}">${escapeXml(goodbye)}</Say>`);
}

export function sayAndHangUp(language: MailLanguage, word: 'acknowledged' | 'snoozed' | 'goodbye'): string {
  return response(`<Say language="${TEXTS[language].voice}">${escapeXml(TEXTS[language][word])}</Say><Hangup/>`);
}

export const HANG_UP = response('<Hangup/>');
/** Answers a message without replying to it. */
export const NO_REPLY = response('');

function response(verbs: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?><Response>${verbs}</Response>`;
}

function escapeXml(text: string): string {
  return text.replace(/[\p{Cc}]/gu, ' ').replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
