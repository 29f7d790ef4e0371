import type { MailTexts } from '../mail-template';

export const ES: MailTexts = {
  verify_email: {
    subject: 'Confirma tu dirección de correo',
    paragraphs: [
      'Confirma que esta dirección es tuya. El enlace es válido durante 24 horas.',
      'Si no has creado una cuenta, ignora este mensaje.',
    ],
    action: 'Confirmar dirección',
  },
  verify_new_email: {
    subject: 'Confirma tu nueva dirección de correo',
    paragraphs: [
      'Tu cuenta cambiará a esta dirección cuando la confirmes. El enlace es válido durante 24 horas.',
      'Si no lo has pedido, ignora este mensaje.',
    ],
    action: 'Confirmar nueva dirección',
  },
  email_changed: {
    subject: 'La dirección de correo de tu cuenta va a cambiar',
    paragraphs: [
      'Se ha pedido un cambio de la dirección de correo de tu cuenta.',
      'Si no has sido tú, cambia ahora tu contraseña y cierra tus otras sesiones.',
    ],
  },
  reset_password: {
    subject: 'Restablece tu contraseña',
    paragraphs: [
      'Se ha pedido una nueva contraseña para tu cuenta. El enlace es válido durante 30 minutos y funciona una vez.',
      'Ten a mano tu clave de recuperación: sin ella, tus datos cifrados no se pueden abrir con una contraseña nueva.',
      'Si no has sido tú, ignora este mensaje; tu contraseña no cambia.',
    ],
    action: 'Elegir una contraseña nueva',
  },
  password_changed: {
    subject: 'Tu contraseña ha cambiado',
    paragraphs: [
      'La contraseña de tu cuenta ha cambiado y tus otras sesiones han terminado.',
      'Si no has sido tú, restablece ahora tu contraseña.',
    ],
  },
  team_invite: {
    subject: 'Invitación a un equipo',
    paragraphs: ['Tienes una invitación al equipo «{team}» en Adiuva.', 'Si no la esperas, ignora este mensaje.'],
    action: 'Aceptar la invitación',
  },
  export_ready: {
    subject: 'Tu exportación está lista',
    paragraphs: [
      'La exportación de tus datos está lista. El enlace es válido durante 24 horas; después se borra el archivo.',
    ],
    action: 'Descargar',
  },
  channel_code: {
    subject: 'Tu código: {code}',
    paragraphs: [
      'Introduce este código en la aplicación para recibir notificaciones en esta dirección: {code}',
      'Es válido durante 10 minutos. Si no lo has pedido, ignora este mensaje.',
    ],
  },
  notification: {
    subject: 'Algo en Adiuva te necesita',
    paragraphs: ['Algo en Adiuva te necesita. Abre la aplicación.'],
    action: 'Confirmar',
  },
  notification_content: { subject: '{title}', paragraphs: ['{title}', '{body}'], action: 'Confirmar' },
  digest: {
    subject: 'Tu resumen de Adiuva',
    paragraphs: ['Notificaciones nuevas para ti: {count}. Abre la aplicación.', '{titles}'],
  },
  footer: 'Adiuva ha enviado este mensaje por tu cuenta o tus ajustes.',
};
