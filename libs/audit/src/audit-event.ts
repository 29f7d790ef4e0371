/** What is recorded, by area. Details are ids, states and numbers; no texts of users. */
export const AUDIT_ACTIONS = [
  'session.started',
  'session.ended',
  'session.reused',
  'sign_in.failed',
  'agent_token.issued',
  'provider.set',
  'provider.deleted',
  'sso.changed',
  'sso.deleted',
  'sso.enforced',
  'sso.domain_proved',
  'sso.domain_lost',
  'sessions.ended',
  'password.changed',
  'password.reset',
  'password.recovered',
  'email.changed',
  'email.verified',
  'totp.enabled',
  'totp.disabled',
  'passkey.added',
  'passkey.deleted',
  'keyring.changed',
  'device.added',
  'device.deleted',
  'account.erased',
  'account.disabled',
  'account.enabled',
  'account.unlocked',
  'account.viewed',
  'tier.changed',
  'export.requested',
  'export.downloaded',
  'gateway.tool_called',
  'server.backed_up',
  'server.restored',
  'admin.created',
  'admin.development_use',
  'job.retried',
  'job.deleted',
  'review.claim',
  'review.release',
  'review.approve',
  'review.reject',
  'plugin.unlist',
  'plugin.relist',
  'plugin.yank',
  'payouts.run',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];
export type AuditDetails = Readonly<Record<string, string | number | boolean | null>>;

export interface NewAuditEvent {
  readonly action: AuditAction;
  /** The account that it is about; null where it is about none. */
  readonly userId: string | null;
  /** Who did it; null for the server itself. */
  readonly actorId: string | null;
  readonly details?: AuditDetails;
}

/** `userId`, `actorId` and `details` are null after the erasure of the account. */
export interface AuditEvent {
  readonly id: string;
  readonly action: string;
  readonly userId: string | null;
  readonly actorId: string | null;
  readonly details: AuditDetails | null;
  readonly at: Date;
}

/** The events that follow `after` in the order of the list, or its first ones. */
export interface AuditPageRequest {
  readonly after?: string | undefined;
  readonly limit: number;
}

export interface AuditPage {
  readonly events: readonly AuditEvent[];
  /** The `after` of the next page; null where there is none. */
  readonly next: string | null;
}

export interface AuditFilter {
  readonly actor?: string | undefined;
  readonly action?: AuditAction | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

/** The same text for the same event, however its details are ordered. */
export function contentOf({ id, action, userId, actorId, details, at }: AuditEvent): string {
  const sorted = Object.entries(details ?? {}).sort(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify([id, action, userId, actorId, sorted, at.getTime()]);
}
