import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Database, jobHandler, jobKind, JobRunner, JobRunnerParts } from '@adiuva/platform';
import { NotificationsConfig } from '../notifications.config';
import { EscalationStarter } from './escalation-starter.service';
import { StepSender } from './step-sender.service';

/** Enqueued by the database's functions under the keys `notify:id` and `notify:id:position`. */
const START = jobKind('notify_start', z.object({ id: z.uuid() }));
const StepShape = z.object({ id: z.uuid(), position: z.number().int() });
const WEB_PUSH = jobKind('notify_web_push', StepShape);
const EMAIL = jobKind('notify_email', StepShape);
const WHATSAPP = jobKind('notify_whatsapp', StepShape);
const VOICE = jobKind('notify_voice', StepShape);
/** One pool each. Mails only go to their queue, so they share one with the starts of chains. */
const POOLS = [[EMAIL], [WEB_PUSH], [WHATSAPP], [VOICE]];

const REAP_MS = 1_000;
/** What is due for so long without a job has lost it. */
const LOST_JOB_MS = 3_000;
const REAP = 'SELECT notifications_reap(make_interval(secs => $1 / 1000.0), make_interval(secs => $2 / 1000.0))';

/**
 * Sends notifications in this process. Kinds of channels have pools of their own, so that a slow provider holds back only its own steps.
 * A process that dies loses its steps when their leases end; the next process asks the provider what became of them.
 */
@Injectable()
export class NotificationWorker {
  private readonly pools: readonly JobRunner[];
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly parts: JobRunnerParts,
    private readonly database: Database,
    private readonly escalations: EscalationStarter,
    private readonly steps: StepSender,
    private readonly config: NotificationsConfig,
  ) {
    this.pools = POOLS.map(() => new JobRunner(parts));
  }

  async start(): Promise<void> {
    if (this.timer) return;
    const { NOTIFICATIONS_CONCURRENCY: concurrency } = this.config;
    const start = jobHandler(START, ({ id }) => this.escalations.start(id));
    const send = (kind: typeof EMAIL) => jobHandler(kind, (key, signal) => this.steps.send(key, signal));
    this.timer = setInterval(() => void this.reap(), REAP_MS);
    const handlers = POOLS.map((kinds) => [...(kinds.includes(EMAIL) ? [start] : []), ...kinds.map(send)]);
    await Promise.all(this.pools.map((pool, index) => pool.start(handlers[index] ?? [], concurrency)));
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.timer = undefined;
    await Promise.all(this.pools.map((pool) => pool.stop()));
  }

  private async reap(): Promise<void> {
    try {
      await this.database.query(REAP, [LOST_JOB_MS, this.config.NOTIFICATION_LEASE_MS * 2]);
    } catch (error) {
      this.parts.log.warn('notification_reaper_failed', { error });
    }
  }
}
