import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Log, PubSub } from '@adiuva/platform';
import { CHANNEL_KINDS, NOTIFICATION_CHANGED, type ChannelKind } from '../notification';
import { NotificationsConfig } from '../notifications.config';
import { AutoResetEvent } from './auto-reset-event';
import { EscalationStarter } from './escalation-starter.service';
import { StepSender } from './step-sender.service';
import { StepStore, type ClaimedStep } from './step.store';

/** After so long without a message of other processes it looks for what they have made due. */
const POLL_MS = 1_000;
/** Between rounds, and at most so many steps of a kind in each: when thousands are due in one moment, requests have most of the processor. */
const PAUSE_MS = 30;
const MAX_CLAIMED = 16;

/** A step that this process has claimed. */
interface ActiveStep {
  readonly id: string;
  readonly kind: ChannelKind;
  readonly abort: AbortController;
  readonly sent: Promise<void>;
}

/**
 * Sends notifications in this process, in rounds: each starts chains and claims steps that are due. Kinds of channels have slots of their own, so
 * that a slow provider holds back only its own steps. A process that dies loses its steps when their leases end; the next process asks the
 * provider what became of them.
 */
@Injectable()
export class NotificationWorker {
  private readonly active = new Set<ActiveStep>();
  /** That something may be due, or a slot is free. */
  private readonly changed = new AutoResetEvent();
  /** Chains that have ended since the claim in progress began: it may have claimed their steps before. */
  private endedDuringClaim: Set<string> | undefined;
  private stopping: AbortController | undefined;
  private loops: readonly Promise<void>[] = [];

  constructor(
    private readonly escalations: EscalationStarter,
    private readonly store: StepStore,
    private readonly sender: StepSender,
    private readonly config: NotificationsConfig,
    private readonly log: Log,
    pubSub: PubSub,
  ) {
    pubSub.subscribe(NOTIFICATION_CHANGED, ({ notification_id: id, status }) => {
      if (status !== 'acknowledged' && status !== 'snoozed') return this.changed.set();
      this.endedDuringClaim?.add(String(id));
      this.abort((step) => step.id === id);
    });
  }

  start(): void {
    if (this.stopping) return;
    this.stopping = new AbortController();
    const { signal } = this.stopping;
    this.loops = [this.send(signal), this.reap(signal)];
  }

  async stop(): Promise<void> {
    this.stopping?.abort();
    this.changed.set();
    this.abort(() => true);
    await Promise.all(this.loops);
    await Promise.all([...this.active].map(({ sent }) => sent));
    this.stopping = undefined;
  }

  private async send(stopping: AbortSignal): Promise<void> {
    while (!stopping.aborted) {
      const idleMs = await this.round().catch((error: unknown) => this.failed(error));
      await pause(PAUSE_MS);
      await this.changed.wait(idleMs);
    }
  }

  /** Returns the milliseconds until the next one. */
  private async round(): Promise<number> {
    const counts = [this.escalations.startDue(), this.claim()] as const;
    // When one fails, the round still lasts until the other has ended, so that `stop` waits for all that is claimed.
    await Promise.allSettled(counts);
    const [started, claimed] = await Promise.all(counts);
    if (started + claimed > 0) return 0;
    const kinds = CHANNEL_KINDS.filter((kind) => this.freeSlots(kind) > 0);
    return Math.min(POLL_MS, Math.ceil(await this.store.nextDue(kinds)));
  }

  private async claim(): Promise<number> {
    const ended = (this.endedDuringClaim = new Set<string>());
    const steps = await this.store.claim(Object.fromEntries(CHANNEL_KINDS.map((kind) => [kind, this.freeSlots(kind)])));
    for (const step of steps) {
      // What requests wait for comes between two steps.
      await nextTurn();
      this.sendOne(step, ended);
    }
    this.endedDuringClaim = undefined;
    return steps.length;
  }

  private sendOne(step: ClaimedStep, ended: ReadonlySet<string>): void {
    const abort = new AbortController();
    if (this.stopping?.signal.aborted || ended.has(step.notification_id)) abort.abort();
    const sent = this.sender
      .send(step, abort.signal)
      // Its lease ends, and the provider is asked what became of it.
      .catch((error: unknown) => this.log.warn('notification_outcome_lost', { error }))
      .finally(() => {
        this.active.delete(active);
        this.changed.set();
      });
    const active = { id: step.notification_id, kind: step.kind, abort, sent };
    this.active.add(active);
  }

  /** What an acknowledgement aborts is cancelled; what the end of this process aborts is tried again. */
  private abort(condition: (step: ActiveStep) => boolean): void {
    for (const step of this.active) if (condition(step)) step.abort.abort();
  }

  private freeSlots(kind: ChannelKind): number {
    const taken = [...this.active].filter((step) => step.kind === kind).length;
    return Math.max(0, Math.min(MAX_CLAIMED, this.config.NOTIFICATIONS_CONCURRENCY - taken));
  }

  private async reap(stopping: AbortSignal): Promise<void> {
    while (!stopping.aborted) {
      await this.store.reap().catch((error: unknown) => this.failed(error));
      await pause(POLL_MS, undefined, { signal: stopping }).catch(() => undefined);
    }
  }

  private failed(error: unknown): number {
    this.log.warn('notification_worker_failed', { error });
    return POLL_MS;
  }
}
