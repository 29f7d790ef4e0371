import type { UserCipher } from '@adiuva/auth';
import type { Notification, NotificationStep } from './notification';
import type { NotificationRow, NotificationStepRow } from './delivery/notification.entity';

export interface Content {
  readonly title: string | null;
  readonly body: string | null;
}

export function sealContent(cipher: UserCipher, id: string, { title, body }: Content): [Buffer | null, Buffer | null] {
  return [
    title === null ? null : cipher.seal(`notifications.title|${id}`, title),
    body === null ? null : cipher.seal(`notifications.body|${id}`, body),
  ];
}

export function openContent(
  cipher: UserCipher,
  { id, title, body }: Pick<NotificationRow, 'id' | 'title' | 'body'>,
): Content {
  return {
    title: title && cipher.open(`notifications.title|${id}`, title),
    body: body && cipher.open(`notifications.body|${id}`, body),
  };
}

export function toNotification(
  cipher: UserCipher,
  row: NotificationRow,
  steps: readonly NotificationStepRow[],
): Notification {
  return {
    id: row.id,
    status: row.status,
    urgency: row.urgency,
    ...openContent(cipher, row),
    createdAt: row.created_at,
    deliverAt: row.deliver_at,
    expiresAt: row.expires_at,
    acknowledgedAt: row.acknowledged_at,
    steps: steps.map(toStep),
  };
}

function toStep({ kind, status, updated_at, due_at, attempts, error_code }: NotificationStepRow): NotificationStep {
  const at = status === 'waiting' || status === 'unknown' ? due_at : updated_at;
  return { channel: kind, status, at, attempts, error: error_code };
}
