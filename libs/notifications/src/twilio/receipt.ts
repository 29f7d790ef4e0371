/** What a receipt makes of a step; ranks order what Twilio reports in any order. */
export interface Receipt {
  readonly rank: number;
  readonly status: 'delivered' | 'failed' | null;
}

const MESSAGE: Readonly<Record<string, Receipt>> = {
  accepted: { rank: 1, status: null },
  queued: { rank: 1, status: null },
  sending: { rank: 2, status: null },
  sent: { rank: 3, status: null },
  undelivered: { rank: 4, status: 'failed' },
  failed: { rank: 4, status: 'failed' },
  delivered: { rank: 5, status: 'delivered' },
  read: { rank: 6, status: 'delivered' },
};

const CALL: Readonly<Record<string, Receipt>> = {
  queued: { rank: 1, status: null },
  initiated: { rank: 1, status: null },
  ringing: { rank: 2, status: null },
  'in-progress': { rank: 3, status: null },
  busy: { rank: 5, status: 'failed' },
  'no-answer': { rank: 5, status: 'failed' },
  failed: { rank: 5, status: 'failed' },
  canceled: { rank: 5, status: 'failed' },
  completed: { rank: 5, status: 'delivered' },
};

/** Undefined for a state that we do not know. */
export function receiptOf(kind: 'message' | 'call', state: string): Receipt | undefined {
  const states = kind === 'message' ? MESSAGE : CALL;
  return Object.hasOwn(states, state) ? states[state] : undefined;
}

/** Voicemail, a fax or anything else that machine detection names. */
export function isMachine(answeredBy: string): boolean {
  return answeredBy.startsWith('machine') || answeredBy === 'fax';
}

const ACKNOWLEDGING = new Set(['1', 'ok', 'okay', 'done']);

export function isAcknowledging(reply: string): boolean {
  return ACKNOWLEDGING.has(
    reply
      .trim()
      .toLowerCase()
      .replace(/[.!]+$/, ''),
  );
}
