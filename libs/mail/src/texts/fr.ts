import type { MailTexts } from '../mail-template';

export const FR: MailTexts = {
  verify_email: {
    subject: 'Confirmez votre adresse e-mail',
    paragraphs: [
      'Veuillez confirmer que cette adresse est la vôtre. Le lien est valable 24 heures.',
      'Si vous n’avez pas créé de compte, ignorez ce message.',
    ],
    action: 'Confirmer l’adresse',
  },
  verify_new_email: {
    subject: 'Confirmez votre nouvelle adresse e-mail',
    paragraphs: [
      'Votre compte passera à cette adresse dès que vous l’aurez confirmée. Le lien est valable 24 heures.',
      'Si vous n’avez rien demandé, ignorez ce message.',
    ],
    action: 'Confirmer la nouvelle adresse',
  },
  email_changed: {
    subject: 'L’adresse e-mail de votre compte va changer',
    paragraphs: [
      'Un changement de l’adresse e-mail de votre compte a été demandé.',
      'Si ce n’était pas vous, changez maintenant votre mot de passe et fermez vos autres sessions.',
    ],
  },
  reset_password: {
    subject: 'Réinitialisez votre mot de passe',
    paragraphs: [
      'Un nouveau mot de passe a été demandé pour votre compte. Le lien est valable 30 minutes et ne fonctionne qu’une fois.',
      'Préparez votre clé de récupération : sans elle, vos données chiffrées ne peuvent pas être ouvertes avec un nouveau mot de passe.',
      'Si ce n’était pas vous, ignorez ce message ; votre mot de passe reste inchangé.',
    ],
    action: 'Choisir un nouveau mot de passe',
  },
  password_changed: {
    subject: 'Votre mot de passe a été modifié',
    paragraphs: [
      'Le mot de passe de votre compte a été modifié et vos autres sessions sont terminées.',
      'Si ce n’était pas vous, réinitialisez maintenant votre mot de passe.',
    ],
  },
  team_invite: {
    subject: 'Invitation à une équipe',
    paragraphs: [
      'Vous êtes invité dans l’équipe « {team} » sur Adiuva.',
      'Si vous ne vous y attendez pas, ignorez ce message.',
    ],
    action: 'Accepter l’invitation',
  },
  export_ready: {
    subject: 'Votre export est prêt',
    paragraphs: ['L’export de vos données est prêt. Le lien est valable 24 heures ; le fichier est ensuite supprimé.'],
    action: 'Télécharger',
  },
  channel_code: {
    subject: 'Votre code : {code}',
    paragraphs: [
      'Saisissez ce code dans l’application pour recevoir les notifications à cette adresse : {code}',
      'Il est valable 10 minutes. Si vous ne l’avez pas demandé, ignorez ce message.',
    ],
  },
  notification: {
    subject: 'Adiuva a besoin de vous',
    paragraphs: ['Quelque chose dans Adiuva a besoin de vous. Ouvrez l’application.'],
    action: 'Confirmer',
  },
  notification_content: { subject: '{title}', paragraphs: ['{title}', '{body}'], action: 'Confirmer' },
  digest: {
    subject: 'Votre résumé Adiuva',
    paragraphs: ['Nouvelles notifications pour vous : {count}. Ouvrez l’application.', '{titles}'],
  },
  footer: 'Adiuva a envoyé ce message en raison de votre compte ou de vos réglages.',
};
