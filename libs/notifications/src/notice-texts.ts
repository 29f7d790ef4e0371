import type { MailLanguage } from '@adiuva/mail';

/** What the server itself notifies about. */
export const NOTICES = [
  'goal_completed',
  'goal_failed',
  'goal_waits_for_device',
  'goal_waits_for_answer',
  'payment_failed',
  'grace_ending',
  'grace_ended',
] as const;
export type Notice = (typeof NOTICES)[number];

interface NoticeText {
  /** Where the subject of the notice has no title of its own. */
  readonly title: string;
  /** `{date}` is the end of the grace, where there is one. */
  readonly body: string;
}

export const NOTICE_TEXTS: Readonly<Record<MailLanguage, Readonly<Record<Notice, NoticeText>>>> = {
  en: {
    goal_completed: { title: 'A goal is done', body: 'The result is ready in the app.' },
    goal_failed: { title: 'A goal has failed', body: 'It did not finish. You can resume it in the app.' },
    goal_waits_for_device: { title: 'A goal is waiting', body: 'It needs the app on one of your devices to continue.' },
    goal_waits_for_answer: { title: 'A goal is waiting', body: 'It needs your answer to continue.' },
    payment_failed: {
      title: 'A payment has failed',
      body: 'Your plan stays until {date}. Please check your payment method.',
    },
    grace_ending: { title: 'Your plan ends soon', body: 'A payment is still due. Your plan ends on {date}.' },
    grace_ended: { title: 'Your plan has ended', body: 'A payment was due for too long. Your data is kept.' },
  },
  de: {
    goal_completed: { title: 'Ein Ziel ist erledigt', body: 'Das Ergebnis liegt in der App bereit.' },
    goal_failed: {
      title: 'Ein Ziel ist fehlgeschlagen',
      body: 'Es wurde nicht fertig. Du kannst es in der App fortsetzen.',
    },
    goal_waits_for_device: { title: 'Ein Ziel wartet', body: 'Es braucht die App auf einem deiner Geräte.' },
    goal_waits_for_answer: { title: 'Ein Ziel wartet', body: 'Es braucht deine Antwort, um weiterzugehen.' },
    payment_failed: {
      title: 'Eine Zahlung ist fehlgeschlagen',
      body: 'Dein Tarif bleibt bis {date}. Bitte prüfe deine Zahlungsart.',
    },
    grace_ending: { title: 'Dein Tarif endet bald', body: 'Eine Zahlung steht noch aus. Dein Tarif endet am {date}.' },
    grace_ended: {
      title: 'Dein Tarif ist beendet',
      body: 'Eine Zahlung stand zu lange aus. Deine Daten bleiben erhalten.',
    },
  },
  it: {
    goal_completed: { title: 'Un obiettivo è completato', body: 'Il risultato è pronto nell’app.' },
    goal_failed: { title: 'Un obiettivo non è riuscito', body: 'Non è terminato. Puoi riprenderlo nell’app.' },
    goal_waits_for_device: {
      title: 'Un obiettivo è in attesa',
      body: 'Gli serve l’app su uno dei tuoi dispositivi per continuare.',
    },
    goal_waits_for_answer: { title: 'Un obiettivo è in attesa', body: 'Gli serve la tua risposta per continuare.' },
    payment_failed: {
      title: 'Un pagamento non è riuscito',
      body: 'Il tuo piano resta fino al {date}. Controlla il metodo di pagamento.',
    },
    grace_ending: {
      title: 'Il tuo piano sta per finire',
      body: 'Un pagamento è ancora dovuto. Il tuo piano finisce il {date}.',
    },
    grace_ended: {
      title: 'Il tuo piano è terminato',
      body: 'Un pagamento era dovuto da troppo tempo. I tuoi dati restano.',
    },
  },
  fr: {
    goal_completed: { title: 'Un objectif est terminé', body: 'Le résultat est prêt dans l’application.' },
    goal_failed: {
      title: 'Un objectif a échoué',
      body: 'Il n’est pas terminé. Vous pouvez le reprendre dans l’application.',
    },
    goal_waits_for_device: {
      title: 'Un objectif attend',
      body: 'Il lui faut l’application sur un de vos appareils pour continuer.',
    },
    goal_waits_for_answer: { title: 'Un objectif attend', body: 'Il lui faut votre réponse pour continuer.' },
    payment_failed: {
      title: 'Un paiement a échoué',
      body: 'Votre formule reste jusqu’au {date}. Vérifiez votre moyen de paiement.',
    },
    grace_ending: {
      title: 'Votre formule se termine bientôt',
      body: 'Un paiement est encore dû. Votre formule se termine le {date}.',
    },
    grace_ended: {
      title: 'Votre formule est terminée',
      body: 'Un paiement était dû depuis trop longtemps. Vos données sont conservées.',
    },
  },
  es: {
    goal_completed: { title: 'Un objetivo está hecho', body: 'El resultado está listo en la aplicación.' },
    goal_failed: { title: 'Un objetivo ha fallado', body: 'No ha terminado. Puedes reanudarlo en la aplicación.' },
    goal_waits_for_device: {
      title: 'Un objetivo está en espera',
      body: 'Necesita la aplicación en uno de tus dispositivos para continuar.',
    },
    goal_waits_for_answer: { title: 'Un objetivo está en espera', body: 'Necesita tu respuesta para continuar.' },
    payment_failed: {
      title: 'Un pago ha fallado',
      body: 'Tu plan sigue hasta el {date}. Revisa tu método de pago.',
    },
    grace_ending: { title: 'Tu plan termina pronto', body: 'Queda un pago pendiente. Tu plan termina el {date}.' },
    grace_ended: {
      title: 'Tu plan ha terminado',
      body: 'Un pago estaba pendiente desde hace demasiado. Tus datos se conservan.',
    },
  },
};
