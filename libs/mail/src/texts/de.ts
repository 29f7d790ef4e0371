import type { MailTexts } from '../mail-template';

export const DE: MailTexts = {
  verify_email: {
    subject: 'Bestätige deine E-Mail-Adresse',
    paragraphs: [
      'Bitte bestätige, dass diese Adresse dir gehört. Der Link gilt 24 Stunden.',
      'Wenn du kein Konto angelegt hast, ignoriere diese Nachricht.',
    ],
    action: 'Adresse bestätigen',
  },
  verify_new_email: {
    subject: 'Bestätige deine neue E-Mail-Adresse',
    paragraphs: [
      'Dein Konto wechselt zu dieser Adresse, sobald du sie bestätigst. Der Link gilt 24 Stunden.',
      'Wenn du das nicht veranlasst hast, ignoriere diese Nachricht.',
    ],
    action: 'Neue Adresse bestätigen',
  },
  email_changed: {
    subject: 'Die E-Mail-Adresse deines Kontos wird geändert',
    paragraphs: [
      'Für dein Konto wurde eine Änderung der E-Mail-Adresse beantragt.',
      'Wenn du das nicht warst, ändere jetzt dein Passwort und beende deine anderen Sitzungen.',
    ],
  },
  reset_password: {
    subject: 'Passwort zurücksetzen',
    paragraphs: [
      'Für dein Konto wurde ein neues Passwort angefordert. Der Link gilt 30 Minuten und funktioniert einmal.',
      'Halte deinen Wiederherstellungsschlüssel bereit: Ohne ihn lassen sich deine verschlüsselten Daten mit einem neuen Passwort nicht öffnen.',
      'Wenn du das nicht warst, ignoriere diese Nachricht; dein Passwort bleibt unverändert.',
    ],
    action: 'Neues Passwort wählen',
  },
  password_changed: {
    subject: 'Dein Passwort wurde geändert',
    paragraphs: [
      'Das Passwort deines Kontos wurde geändert, und deine anderen Sitzungen sind beendet.',
      'Wenn du das nicht warst, setze dein Passwort jetzt zurück.',
    ],
  },
  team_invite: {
    subject: 'Einladung in ein Team',
    paragraphs: [
      'Du bist in das Team „{team}“ bei Adiuva eingeladen.',
      'Wenn du das nicht erwartest, ignoriere diese Nachricht.',
    ],
    action: 'Einladung annehmen',
  },
  export_ready: {
    subject: 'Dein Export ist fertig',
    paragraphs: ['Der Export deiner Daten ist fertig. Der Link gilt 24 Stunden, danach wird die Datei gelöscht.'],
    action: 'Herunterladen',
  },
  channel_code: {
    subject: 'Dein Code: {code}',
    paragraphs: [
      'Gib diesen Code in der App ein, um Benachrichtigungen an diese Adresse zu erhalten: {code}',
      'Er gilt 10 Minuten. Wenn du ihn nicht angefordert hast, ignoriere diese Nachricht.',
    ],
  },
  notification: {
    subject: 'Etwas in Adiuva braucht dich',
    paragraphs: ['Etwas in Adiuva braucht dich. Öffne die App.'],
    action: 'Bestätigen',
  },
  notification_content: { subject: '{title}', paragraphs: ['{title}', '{body}'], action: 'Bestätigen' },
  digest: {
    subject: 'Deine Zusammenfassung von Adiuva',
    paragraphs: ['Neue Benachrichtigungen für dich: {count}. Öffne die App.', '{titles}'],
  },
  footer: 'Adiuva hat diese Nachricht wegen deines Kontos oder deiner Einstellungen gesendet.',
};
