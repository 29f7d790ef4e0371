import type { ReactNode } from 'react';
import { hasText, t } from '../texts/texts';
import { Badge, type Tone } from '../ui/parts';

const TONES: Readonly<Record<string, Tone>> = {
  queued: 'plain',
  blocked: 'plain',
  ready: 'plain',
  running: 'busy',
  waiting: 'warn',
  completed: 'good',
  done: 'good',
  failed: 'bad',
  cancelled: 'plain',
  skipped: 'plain',
};

/** Of runs, steps and jobs. */
export function statusBadge(status: string): ReactNode {
  const key = `run.status.${status}`;
  return <Badge tone={TONES[status] ?? 'plain'}>{hasText(key) ? t(key) : status}</Badge>;
}

export function toneOf(status: string): Tone {
  return TONES[status] ?? 'plain';
}

export function hasEnded(status: string): boolean {
  return ['completed', 'failed', 'cancelled'].includes(status);
}
