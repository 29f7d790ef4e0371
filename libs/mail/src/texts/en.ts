import type { MailTexts } from '../mail-template';

export const EN: MailTexts = {
  verify_email: {
    subject: 'Confirm your e-mail address',
    paragraphs: [
      'Please confirm that this is your address. The link is valid for 24 hours.',
      'If you have not created an account, ignore this message.',
    ],
    action: 'Confirm address',
  },
  verify_new_email: {
    subject: 'Confirm your new e-mail address',
    paragraphs: [
      'Your account changes to this address when you confirm it. The link is valid for 24 hours.',
      'If you have not asked for this, ignore this message.',
    ],
    action: 'Confirm new address',
  },
  email_changed: {
    subject: 'The e-mail address of your account is being changed',
    paragraphs: [
      'A change of the e-mail address of your account was requested.',
      'If it was not you, change your password now and end your other sessions.',
    ],
  },
  reset_password: {
    subject: 'Reset your password',
    paragraphs: [
      'A new password was requested for your account. The link is valid for 30 minutes and works once.',
      'Have your recovery key ready: without it, your encrypted data cannot be opened with a new password.',
      'If it was not you, ignore this message; your password stays as it is.',
    ],
    action: 'Choose a new password',
  },
  password_changed: {
    subject: 'Your password was changed',
    paragraphs: [
      'The password of your account was changed and your other sessions have ended.',
      'If it was not you, reset your password now.',
    ],
  },
  team_invite: {
    subject: 'Invitation to a team',
    paragraphs: ['You are invited to the team “{team}” in Adiuva.', 'If you do not expect this, ignore this message.'],
    action: 'Accept the invitation',
  },
  export_ready: {
    subject: 'Your export is ready',
    paragraphs: ['The export of your data is ready. The link is valid for 24 hours; then the file is deleted.'],
    action: 'Download',
  },
  channel_code: {
    subject: 'Your code: {code}',
    paragraphs: [
      'Enter this code in the app to receive notifications at this address: {code}',
      'It is valid for 10 minutes. If you have not asked for it, ignore this message.',
    ],
  },
  notification: {
    subject: 'Something in Adiuva needs you',
    paragraphs: ['Something in Adiuva needs you. Open the app.'],
    action: 'Acknowledge',
  },
  notification_content: { subject: '{title}', paragraphs: ['{title}', '{body}'], action: 'Acknowledge' },
  digest: {
    subject: 'Your summary from Adiuva',
    paragraphs: ['New notifications for you: {count}. Open the app.', '{titles}'],
  },
  footer: 'This message was sent by Adiuva because of your account or your settings.',
};
