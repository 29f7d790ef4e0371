import { Injectable } from '@nestjs/common';
import { newId } from '@adiuva/kernel';
import { UserEncryption } from '@adiuva/auth';
import { Notifications, type NewNotification } from '@adiuva/notifications';
import type { RunAction, StepExecution, StepOutcome } from '@adiuva/runs';

const MAX_TITLE = 200;
const MAX_BODY = 4_000;
const MAX_TIME = 8_640_000_000_000_000;

/** Carries out `send_notification` actions of runs, which must reach the user while the app is closed. */
@Injectable()
export class ActionNotifications {
  constructor(
    private readonly encryption: UserEncryption,
    private readonly notifications: Notifications,
  ) {}

  /**
   * The outcome with the notifications of its actions, which are made once, in the transaction that ends the step; each action names its own as
   * `notification_id`. What a device has encrypted stays for the app.
   */
  attach({ userId, key }: StepExecution, outcome: StepOutcome): StepOutcome {
    if (outcome.kind !== 'done' || key !== undefined) return outcome;
    const made: NewNotification[] = [];
    const actions = outcome.output.actions.map((action) => {
      const notification = notificationOf(action);
      if (!notification) return action;
      made.push(notification);
      return { ...action, data: { ...action.data, notification_id: notification.id } };
    });
    if (made.length === 0) return outcome;
    return {
      ...outcome,
      output: { ...outcome.output, actions },
      commit: async (tx) => {
        await outcome.commit?.(tx);
        const cipher = await this.encryption.openIn(tx, userId);
        for (const notification of made) await this.notifications.createIn(tx, userId, cipher, notification);
      },
    };
  }
}

function notificationOf({ type, data }: RunAction): NewNotification | undefined {
  const { title, text, time } = data ?? {};
  if (type !== 'send_notification' || (typeof title !== 'string' && typeof text !== 'string')) return undefined;
  return {
    id: newId(),
    title: typeof title === 'string' ? title.slice(0, MAX_TITLE) : undefined,
    body: typeof text === 'string' ? text.slice(0, MAX_BODY) : undefined,
    urgency: 'normal',
    deliverAt: typeof time === 'number' && Math.abs(time) <= MAX_TIME ? new Date(time) : undefined,
    source: 'run',
  };
}
