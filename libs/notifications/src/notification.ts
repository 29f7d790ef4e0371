export const CHANNEL_KINDS = ['web_push', 'whatsapp', 'voice', 'email'] as const;
export type ChannelKind = (typeof CHANNEL_KINDS)[number];

export const URGENCIES = ['low', 'normal', 'critical'] as const;
export type Urgency = (typeof URGENCIES)[number];

export const NOTIFICATION_STATUSES = [
  'scheduled',
  'escalating',
  'delivered',
  'acknowledged',
  'snoozed',
  'expired',
  'failed',
] as const;
export type NotificationStatus = (typeof NOTIFICATION_STATUSES)[number];

/**
 * `waiting` until its time; `sending` while a process has claimed it; `unknown` when that process died and the provider has to be asked; the
 * others are final, but for `sent`, which a receipt of the provider makes `delivered` or `failed`.
 */
export const STEP_STATUSES = ['waiting', 'sending', 'unknown', 'sent', 'delivered', 'failed', 'cancelled'] as const;
export type StepStatus = (typeof STEP_STATUSES)[number];

/** Event between processes: `user_id, notification_id, status`. */
export const NOTIFICATION_CHANGED = 'notification.changed';

/** What causes a notification. */
export type NotificationSource = 'api' | 'run' | 'billing' | 'digest';

/** A kind of channel, and the seconds after the start of the chain when its turn comes. */
export interface PolicyStep {
  readonly channel: ChannelKind;
  readonly afterS: number;
}

export const DEFAULT_POLICY: readonly PolicyStep[] = [
  { channel: 'web_push', afterS: 0 },
  { channel: 'whatsapp', afterS: 120 },
  { channel: 'voice', afterS: 300 },
];

export interface NewNotification {
  /** Where the caller must know it before. */
  readonly id?: string | undefined;
  readonly title?: string | undefined;
  readonly body?: string | undefined;
  readonly urgency: Urgency;
  /** Whether steps after the first moment of the policy follow; by default only where the urgency is critical. */
  readonly escalate?: boolean | undefined;
  readonly policy?: readonly PolicyStep[] | undefined;
  readonly dedupeKey?: string | undefined;
  readonly deliverAt?: Date | undefined;
  readonly expiresAt?: Date | undefined;
  readonly source: NotificationSource;
}

export interface NotificationStep {
  readonly channel: ChannelKind;
  readonly status: StepStatus;
  readonly at: Date;
  readonly attempts: number;
  readonly error: string | null;
}

export interface Notification {
  readonly id: string;
  readonly status: NotificationStatus;
  readonly urgency: Urgency;
  readonly title: string | null;
  readonly body: string | null;
  readonly createdAt: Date;
  readonly deliverAt: Date;
  readonly expiresAt: Date | null;
  readonly acknowledgedAt: Date | null;
  readonly steps: readonly NotificationStep[];
}

/** The steps of a chain: each channel of each kind at its time, once; without escalation only those of the first moment that has a channel. */
export function planSteps(
  policy: readonly PolicyStep[],
  channels: readonly { readonly id: string; readonly kind: ChannelKind }[],
  escalate: boolean,
): { readonly channelId: string; readonly kind: ChannelKind; readonly afterS: number }[] {
  const moments = policy.filter(
    (one, at) => policy.findIndex(({ channel, afterS }) => channel === one.channel && afterS === one.afterS) === at,
  );
  const steps = moments.flatMap(({ channel, afterS }) =>
    channels.filter(({ kind }) => kind === channel).map(({ id, kind }) => ({ channelId: id, kind, afterS })),
  );
  steps.sort((one, other) => one.afterS - other.afterS);
  const first = steps[0]?.afterS;
  return escalate ? steps : steps.filter(({ afterS }) => afterS === first);
}
