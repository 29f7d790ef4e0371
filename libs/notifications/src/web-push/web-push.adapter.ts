import { createHash } from 'node:crypto';
import { request } from 'node:https';
import { Injectable } from '@nestjs/common';
import { retryAfterMs } from '@adiuva/kernel';
import { PRIVATE_ADDRESS } from '@adiuva/platform';
import { ChannelSender, type OutgoingMessage, type SendOutcome } from '../senders/channel-sender.port';
import { SubscriptionShape } from '../channel';
import { AckTokens } from '../ack-tokens.service';
import { NotificationsConfig } from '../notifications.config';
import { TEXTS } from '../texts';
import { encryptPush } from './encrypt';
import { pushPayload } from './push-payload';
import { PushEndpoints } from './push-endpoints.service';
import { PushHosts } from './push-hosts.service';
import { Vapid } from './vapid.service';

const DEFAULT_TTL_S = 86_400;
const MAX_TTL_S = 28 * 86_400;
/** RFC 8030, section 5.3. */
const URGENCY = { low: 'low', normal: 'normal', critical: 'high' } as const;

interface PushAnswer {
  readonly status: number;
  readonly retryAfter: string | undefined;
}

/** Web Push (RFC 8030). A repeated attempt has the same Topic, so that the push service replaces what it has not delivered. */
@Injectable()
export class WebPushSender extends ChannelSender {
  readonly kind = 'web_push';

  constructor(
    private readonly endpoints: PushEndpoints,
    private readonly hosts: PushHosts,
    private readonly vapid: Vapid,
    private readonly tokens: AckTokens,
    private readonly config: NotificationsConfig,
  ) {
    super();
  }

  async send(message: OutgoingMessage, signal: AbortSignal): Promise<SendOutcome> {
    const subscription = SubscriptionShape.parse(JSON.parse(message.address));
    const url = this.endpoints.parse(subscription.endpoint);
    if (!url) return { kind: 'failed', code: 'endpoint_refused' };
    const payload = pushPayload(message, this.tokens.link(message.notificationId), TEXTS[message.language].generic);
    try {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(this.config.NOTIFICATION_TIMEOUT_MS)]);
      const body = encryptPush(payload, subscription.keys);
      const call = { userId: message.userId, host: url.host };
      const result = await this.hosts.run(call, () => this.post(url, body, message, limit));
      return 'answer' in result ? outcomeOf(result.answer) : { kind: 'deferred', afterMs: result.afterMs };
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === PRIVATE_ADDRESS)
        return { kind: 'failed', code: 'endpoint_refused' };
      return { kind: 'retry', code: 'push_service_unreachable' };
    }
  }

  private post(url: URL, body: Buffer, message: OutgoingMessage, signal: AbortSignal): Promise<PushAnswer> {
    const headers = {
      authorization: this.vapid.authorization(url),
      'content-encoding': 'aes128gcm',
      'content-type': 'application/octet-stream',
      'content-length': body.length,
      ttl: ttlOf(message),
      urgency: URGENCY[message.urgency],
      topic: topicOf(message),
    };
    return new Promise((resolve, reject) => {
      // node:https follows no redirect.
      const sending = request(
        url,
        { method: 'POST', agent: this.endpoints.agentFor(url), headers, signal },
        (response) => {
          response.resume();
          resolve({ status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'] });
        },
      );
      sending.once('error', reject);
      sending.end(body);
    });
  }
}

function outcomeOf({ status, retryAfter }: PushAnswer): SendOutcome {
  if (status >= 200 && status < 300) return { kind: 'sent' };
  if (status === 404 || status === 410) return { kind: 'gone', code: 'subscription_gone' };
  if (status === 429 || status >= 500) {
    return { kind: 'retry', code: `push_service_${status}`, afterMs: retryAfterMs(retryAfter, Date.now()) };
  }
  return { kind: 'failed', code: `push_service_${status}` };
}

function ttlOf({ expiresAt }: OutgoingMessage): number {
  if (expiresAt === null) return DEFAULT_TTL_S;
  return Math.min(MAX_TTL_S, Math.max(0, Math.ceil((expiresAt.getTime() - Date.now()) / 1000)));
}

/** At most 32 characters of base64url. */
function topicOf({ notificationId, position }: OutgoingMessage): string {
  return createHash('sha256').update(`${notificationId}:${position}`).digest('base64url').slice(0, 32);
}
