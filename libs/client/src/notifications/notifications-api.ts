import type {
  AcceptedNotificationDto,
  ChangeChannelDto,
  ChannelDto,
  ChannelsDto,
  ListNotificationsData,
  NewChannelDto,
  NewNotificationDto,
  NotificationDto,
  NotificationsDto,
  PreferencesDto,
  PushSubscriptionDto,
  VapidKeyDto,
} from '../generated/types.gen';
import type { Http } from '../api/http';

export type NotificationQuery = NonNullable<ListNotificationsData['query']>;

/** What is used of a `PushSubscription` of a browser. */
export interface BrowserSubscription {
  toJSON(): { endpoint?: string; expirationTime?: number | null; keys?: Record<string, string> };
}

/** What is used of a `PushManager` (`registration.pushManager` of a service worker). */
export interface BrowserPush {
  subscribe(options: { userVisibleOnly: boolean; applicationServerKey: string }): Promise<BrowserSubscription>;
}

/** Reaching the user: channels, preferences, the inbox, and answers to notifications. */
export class NotificationsApi {
  constructor(private readonly http: Http) {}

  /** Subscribes this browser to Web Push. The same browser again gives its channel. */
  async subscribe(push: BrowserPush): Promise<ChannelDto> {
    const { public_key: applicationServerKey } = await this.http.json<VapidKeyDto>('GET', '/notifications/vapid-key', {
      anonymous: true,
    });
    const subscription = await push.subscribe({ userVisibleOnly: true, applicationServerKey });
    const { endpoint = '', keys = {} } = subscription.toJSON();
    const dto: PushSubscriptionDto = { endpoint, keys: { p256dh: keys['p256dh'] ?? '', auth: keys['auth'] ?? '' } };
    return this.addChannel({ kind: 'web_push', subscription: dto });
  }

  async channels(): Promise<ChannelDto[]> {
    return (await this.http.json<ChannelsDto>('GET', '/notifications/channels')).channels;
  }

  /** A telephone, or an address other than the confirmed one of the account, is `pending` until `verify`. */
  addChannel(channel: NewChannelDto): Promise<ChannelDto> {
    return this.http.json('POST', '/notifications/channels', { body: channel, idempotencyKey: crypto.randomUUID() });
  }

  /** `ApiProblem` 422 `wrong_code`, 429 after five tries in an hour. */
  async verify(channelId: string, code: string): Promise<void> {
    await this.http.json('POST', `${channelPath(channelId)}/verify`, { body: { code } });
  }

  async resend(channelId: string): Promise<void> {
    await this.http.json('POST', `${channelPath(channelId)}/resend`);
  }

  changeChannel(channelId: string, change: ChangeChannelDto): Promise<ChannelDto> {
    return this.http.json('PATCH', channelPath(channelId), { body: change });
  }

  async removeChannel(channelId: string): Promise<void> {
    await this.http.json('DELETE', channelPath(channelId));
  }

  preferences(): Promise<PreferencesDto> {
    return this.http.json('GET', '/notifications/preferences');
  }

  setPreferences(preferences: PreferencesDto): Promise<PreferencesDto> {
    return this.http.json('PUT', '/notifications/preferences', { body: preferences });
  }

  /** Notifies the user, now or at `deliver_at`. */
  create(notification: NewNotificationDto): Promise<AcceptedNotificationDto> {
    return this.http.json('POST', '/notifications', { body: notification, idempotencyKey: crypto.randomUUID() });
  }

  get(id: string): Promise<NotificationDto> {
    return this.http.json('GET', notificationPath(id));
  }

  /** All notifications, newest first; pages are read as they are needed. */
  async *inbox(query: Pick<NotificationQuery, 'status' | 'limit'> = {}): AsyncGenerator<NotificationDto> {
    let cursor: string | null | undefined;
    do {
      const page: NotificationsDto = await this.http.json('GET', '/notifications', {
        query: { ...query, ...(cursor ? { cursor } : {}) },
      });
      yield* page.notifications;
      cursor = page.next_cursor;
    } while (cursor);
  }

  /** No later step happens. Repeatable. */
  async acknowledge(id: string): Promise<void> {
    await this.http.json('POST', `${notificationPath(id)}/ack`);
  }

  /** The chain starts again after `minutes`. */
  async snooze(id: string, minutes: number): Promise<void> {
    await this.http.json('POST', `${notificationPath(id)}/snooze`, { body: { minutes } });
  }
}

function channelPath(id: string): string {
  return `/notifications/channels/${encodeURIComponent(id)}`;
}

function notificationPath(id: string): string {
  return `/notifications/${encodeURIComponent(id)}`;
}
