import { createHash } from 'node:crypto';
import type { MailLanguage } from '@adiuva/mail';

export type AckPageState = 'ask' | 'done' | 'gone';

interface PageTexts {
  readonly ask: string;
  readonly button: string;
  readonly done: string;
  readonly gone: string;
}

const TEXTS: Readonly<Record<MailLanguage, PageTexts>> = {
  en: {
    ask: 'Something in Adiuva needs you.',
    button: 'Acknowledge',
    done: 'Thank you. It is acknowledged; no further reminder follows.',
    gone: 'This link has expired or is not valid. Open the app.',
  },
  de: {
    ask: 'Etwas in Adiuva braucht dich.',
    button: 'Bestätigen',
    done: 'Danke. Es ist bestätigt; es folgt keine weitere Erinnerung.',
    gone: 'Dieser Link ist abgelaufen oder ungültig. Öffne die App.',
  },
  it: {
    ask: 'Qualcosa in Adiuva ha bisogno di te.',
    button: 'Conferma',
    done: 'Grazie. È confermato; non seguono altri promemoria.',
    gone: 'Questo link è scaduto o non è valido. Apri l’app.',
  },
  fr: {
    ask: 'Quelque chose dans Adiuva a besoin de vous.',
    button: 'Confirmer',
    done: 'Merci. C’est confirmé ; aucun autre rappel ne suivra.',
    gone: 'Ce lien a expiré ou n’est pas valide. Ouvrez l’application.',
  },
  es: {
    ask: 'Algo en Adiuva te necesita.',
    button: 'Confirmar',
    done: 'Gracias. Queda confirmado; no habrá más recordatorios.',
    gone: 'Este enlace ha caducado o no es válido. Abre la aplicación.',
  },
};

const STYLE = `body{font:18px/1.5 system-ui,sans-serif;max-width:32rem;margin:20vh auto 0;padding:0 1rem;text-align:center;color:#1a1a1a;background:#fff}
button{font:inherit;padding:.75rem 1.5rem;border:0;border-radius:.5rem;background:#1f4fd8;color:#fff;cursor:pointer}
@media(prefers-color-scheme:dark){body{color:#eee;background:#181818}}`;

/** The page needs no script; its form sends to its own address. */
export const ACK_PAGE_POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`;

export function ackPage(language: MailLanguage, state: AckPageState): string {
  const texts = TEXTS[language];
  const form = state === 'ask' ? `<form method="post"><button type="submit">${texts.button}</button></form>` : '';
  return `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex"><title>Adiuva</title><style>${STYLE}</style></head><body><main><p role="status">${texts[state]}</p>${form}</main></body></html>`;
}
