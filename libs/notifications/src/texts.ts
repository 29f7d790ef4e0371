import type { MailLanguage } from '@adiuva/mail';
import type { Content } from './notification-encryption';

interface Texts {
  /** For every channel whose user has not opted in to content. */
  readonly generic: string;
  readonly digest: string;
  /** How to answer by a message. */
  readonly replyHint: string;
  readonly pressHint: string;
  readonly acknowledged: string;
  readonly snoozed: string;
  readonly goodbye: string;
  /** Of the voice that speaks, as Twilio names it. */
  readonly voice: string;
}

export const TEXTS: Readonly<Record<MailLanguage, Texts>> = {
  en: {
    generic: 'Something in Adiuva needs you. Open the app.',
    digest: 'New notifications: {count}',
    replyHint: 'Reply 1 to acknowledge.',
    pressHint: 'Press 1 to acknowledge. Press 2 to be reminded in ten minutes.',
    acknowledged: 'Thank you. It is acknowledged.',
    snoozed: 'You will be reminded in ten minutes.',
    goodbye: 'Goodbye.',
    voice: 'en-US',
  },
  de: {
    generic: 'Etwas in Adiuva braucht dich. Öffne die App.',
    digest: 'Neue Benachrichtigungen: {count}',
    replyHint: 'Antworte mit 1, um zu bestätigen.',
    pressHint: 'Drücke 1, um zu bestätigen. Drücke 2 für eine Erinnerung in zehn Minuten.',
    acknowledged: 'Danke. Es ist bestätigt.',
    snoozed: 'Du wirst in zehn Minuten erinnert.',
    goodbye: 'Auf Wiederhören.',
    voice: 'de-DE',
  },
  it: {
    generic: 'Qualcosa in Adiuva ha bisogno di te. Apri l’app.',
    digest: 'Nuove notifiche: {count}',
    replyHint: 'Rispondi 1 per confermare.',
    pressHint: 'Premi 1 per confermare. Premi 2 per un promemoria tra dieci minuti.',
    acknowledged: 'Grazie. È confermato.',
    snoozed: 'Riceverai un promemoria tra dieci minuti.',
    goodbye: 'Arrivederci.',
    voice: 'it-IT',
  },
  fr: {
    generic: 'Quelque chose dans Adiuva a besoin de vous. Ouvrez l’application.',
    digest: 'Nouvelles notifications : {count}',
    replyHint: 'Répondez 1 pour confirmer.',
    pressHint: 'Appuyez sur 1 pour confirmer. Appuyez sur 2 pour un rappel dans dix minutes.',
    acknowledged: 'Merci. C’est confirmé.',
    snoozed: 'Vous recevrez un rappel dans dix minutes.',
    goodbye: 'Au revoir.',
    voice: 'fr-FR',
  },
  es: {
    generic: 'Algo en Adiuva te necesita. Abre la aplicación.',
    digest: 'Notificaciones nuevas: {count}',
    replyHint: 'Responde 1 para confirmar.',
    pressHint: 'Pulsa 1 para confirmar. Pulsa 2 para un recordatorio en diez minutos.',
    acknowledged: 'Gracias. Queda confirmado.',
    snoozed: 'Recibirás un recordatorio en diez minutos.',
    goodbye: 'Adiós.',
    voice: 'es-ES',
  },
};

const MAX_DIGEST_BODY = 2_000;

export function digestText(language: MailLanguage, count: number, titles: readonly string[]): Content {
  const body = titles.map((title) => `• ${title}`).join('\n');
  return {
    title: TEXTS[language].digest.replace('{count}', String(count)),
    body: body === '' ? null : body.slice(0, MAX_DIGEST_BODY),
  };
}

/** What a channel may carry: the content where the user has opted in, else that there is something. */
export function outgoingText(language: MailLanguage, { title, body }: Content, includeContent: boolean): string {
  const content = [title, body].filter((part) => part !== null && part !== '').join('\n');
  return includeContent && content !== '' ? content : TEXTS[language].generic;
}
