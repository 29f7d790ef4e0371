import { Injectable } from '@nestjs/common';
import { Log, Metrics, Tracing } from '@adiuva/platform';
import { Channels } from '../channels/channels.service';
import type { SendOutcome } from '../senders/channel-sender.port';
import { ChannelSenders } from '../senders/channel-senders.service';
import { openContent } from '../notification-encryption';
import { NotificationsConfig } from '../notifications.config';
import { toPreferences } from '../preferences/preferences.service';
import { afterQuietHours } from '../preferences/quiet-hours';
import { MAX_ATTEMPTS, retryDelay } from './backoff';
import type { NotificationStepRow } from './notification.entity';
import { MAX_SHARE_OF_LEASE, StepStore, type ClaimedStep, type StepOutcome } from './step.store';

/** Until a step asks again whether those ahead of it were sent. */
const AHEAD_MS = 1_000;

/** What a step is sent with, beside its store. */
@Injectable()
export class SendingParts {
  constructor(
    readonly channels: Channels,
    readonly senders: ChannelSenders,
  ) {}
}

/** Sends one claimed step: asks its sender, stores the outcome. */
@Injectable()
export class StepSender {
  constructor(
    private readonly store: StepStore,
    private readonly parts: SendingParts,
    private readonly config: NotificationsConfig,
    private readonly log: Log,
    private readonly metrics: Metrics,
    private readonly tracing: Tracing,
  ) {}

  send(step: ClaimedStep, signal: AbortSignal): Promise<void> {
    const attributes = { 'adiuva.job.name': `notify_${step.kind}`, 'adiuva.job.attempt': step.attempts };
    return this.tracing.span(`notify ${step.kind}`, attributes, () => this.attempt(step, signal), 'consumer');
  }

  private async attempt(step: ClaimedStep, signal: AbortSignal): Promise<void> {
    const outcome = await this.outcome(step, signal).catch((error: unknown) => {
      this.log.warn('notification_step_failed', { attempt: step.attempts, error });
      return this.retry(step, { kind: 'retry', code: 'internal_error' });
    });
    this.metrics.notificationAttempts.inc({ channel: step.kind, outcome: outcome.status });
    if (outcome.status === 'failed')
      this.log.warn('notification_not_sent', { code: outcome.code ?? 'unknown', provider: step.kind });
    await this.store.end(step, outcome);
  }

  private async outcome(step: ClaimedStep, signal: AbortSignal): Promise<StepOutcome> {
    // It waits, or is cancelled where its chain has ended.
    if (signal.aborted) return { status: 'deferred', delayMs: 0 };
    const { channel, openCipher, urgency, now } = step;
    if (!channel || !openCipher) return { status: 'failed', code: 'channel_removed' };
    const { timezone, quietHours, language } = toPreferences(step.preferences);
    const until = urgency === 'critical' ? now : afterQuietHours(quietHours, timezone, now);
    if (until > now) return { status: 'postponed', until };
    const cipher = openCipher();
    const column = `notification_channels.address|${step.channel_id}`;
    const message = {
      userId: step.user_id,
      notificationId: step.notification_id,
      position: step.position,
      attempt: step.attempts,
      isLookup: step.attempts > MAX_ATTEMPTS,
      firstClaimedAt: step.first_claimed_at ?? now,
      address: cipher.open(column, Buffer.from(channel.address, 'base64')),
      includeContent: channel.include_content,
      content: openContent(cipher, { id: step.notification_id, title: step.title, body: step.body }),
      urgency,
      language,
      expiresAt: step.expires_at,
    };
    const sender = this.parts.senders.of(step.kind);
    if (!sender) return { status: 'failed', code: 'not_configured' };
    const refused = await this.limited(step);
    if (refused) return refused;
    const leftMs = Math.ceil(step.deadline - performance.now());
    if (leftMs <= 0) return { status: 'deferred', delayMs: 0 };
    const limit = AbortSignal.timeout(leftMs);
    return this.stored(step, await sender.send(message, AbortSignal.any([signal, limit])), now);
  }

  /**
   * The operator pays for them, so that no account may cause any number. What may have been sent already is still looked up. Those ahead may be
   * sent or not, so a step that they would displace waits for them.
   */
  private async limited(step: NotificationStepRow): Promise<StepOutcome | undefined> {
    if (step.attempts > 1 || step.kind === 'web_push') return undefined;
    const { paid, ahead } = await this.store.sentToday(step);
    const left = this.config.NOTIFICATION_MESSAGES_PER_DAY - paid;
    if (left <= 0) return { status: 'failed', code: 'limit_reached' };
    return ahead < left ? undefined : { status: 'deferred', delayMs: AHEAD_MS };
  }

  private async stored(step: NotificationStepRow, outcome: SendOutcome, now: Date): Promise<StepOutcome> {
    switch (outcome.kind) {
      case 'busy':
        return { status: 'postponed', until: new Date(now.getTime() + outcome.afterMs) };
      case 'deferred':
        return { status: 'deferred', delayMs: outcome.afterMs };
      case 'sent':
        return { status: 'sent', providerId: outcome.providerId };
      case 'failed':
        return { status: 'failed', code: outcome.code };
      case 'gone':
        await this.parts.channels.remove(step.user_id, step.channel_id);
        return { status: 'failed', code: outcome.code };
      case 'retry':
        return this.retry(step, outcome);
    }
  }

  private retry(step: NotificationStepRow, outcome: Extract<SendOutcome, { kind: 'retry' }>): StepOutcome {
    const { code, afterMs = 0, mayBeSent } = outcome;
    // The provider may accept later what it has not answered; the next attempt must find it, as after a lease that has ended.
    const settleMs = mayBeSent ? this.config.NOTIFICATION_LEASE_MS * (1 - MAX_SHARE_OF_LEASE) : 0;
    const delayMs = retryDelay(
      step.attempts,
      this.config.NOTIFICATION_RETRY_MS,
      Math.max(afterMs, settleMs),
      mayBeSent,
    );
    return delayMs === undefined ? { status: 'failed', code } : { status: 'waiting', delayMs, code };
  }
}
