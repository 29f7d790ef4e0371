import type { MailTexts } from '../mail-template';

export const IT: MailTexts = {
  verify_email: {
    subject: 'Conferma il tuo indirizzo e-mail',
    paragraphs: [
      'Conferma che questo indirizzo è tuo. Il link è valido per 24 ore.',
      'Se non hai creato un account, ignora questo messaggio.',
    ],
    action: 'Conferma l’indirizzo',
  },
  verify_new_email: {
    subject: 'Conferma il tuo nuovo indirizzo e-mail',
    paragraphs: [
      'Il tuo account passa a questo indirizzo quando lo confermi. Il link è valido per 24 ore.',
      'Se non l’hai richiesto, ignora questo messaggio.',
    ],
    action: 'Conferma il nuovo indirizzo',
  },
  email_changed: {
    subject: 'L’indirizzo e-mail del tuo account sta per cambiare',
    paragraphs: [
      'È stata richiesta una modifica dell’indirizzo e-mail del tuo account.',
      'Se non sei stato tu, cambia subito la password e chiudi le altre sessioni.',
    ],
  },
  reset_password: {
    subject: 'Reimposta la password',
    paragraphs: [
      'È stata richiesta una nuova password per il tuo account. Il link è valido per 30 minuti e funziona una volta.',
      'Tieni pronta la chiave di recupero: senza di essa i tuoi dati cifrati non si possono aprire con una nuova password.',
      'Se non sei stato tu, ignora questo messaggio; la password resta invariata.',
    ],
    action: 'Scegli una nuova password',
  },
  password_changed: {
    subject: 'La tua password è stata cambiata',
    paragraphs: [
      'La password del tuo account è stata cambiata e le altre sessioni sono terminate.',
      'Se non sei stato tu, reimposta subito la password.',
    ],
  },
  team_invite: {
    subject: 'Invito a un team',
    paragraphs: ['Sei invitato nel team «{team}» su Adiuva.', 'Se non te lo aspetti, ignora questo messaggio.'],
    action: 'Accetta l’invito',
  },
  export_ready: {
    subject: 'La tua esportazione è pronta',
    paragraphs: ['L’esportazione dei tuoi dati è pronta. Il link è valido per 24 ore; poi il file viene eliminato.'],
    action: 'Scarica',
  },
  channel_code: {
    subject: 'Il tuo codice: {code}',
    paragraphs: [
      'Inserisci questo codice nell’app per ricevere le notifiche a questo indirizzo: {code}',
      'È valido per 10 minuti. Se non l’hai richiesto, ignora questo messaggio.',
    ],
  },
  notification: {
    subject: 'Qualcosa in Adiuva ha bisogno di te',
    paragraphs: ['Qualcosa in Adiuva ha bisogno di te. Apri l’app.'],
    action: 'Conferma',
  },
  notification_content: { subject: '{title}', paragraphs: ['{title}', '{body}'], action: 'Conferma' },
  digest: {
    subject: 'Il tuo riepilogo da Adiuva',
    paragraphs: ['Nuove notifiche per te: {count}. Apri l’app.', '{titles}'],
  },
  footer: 'Adiuva ha inviato questo messaggio per via del tuo account o delle tue impostazioni.',
};
