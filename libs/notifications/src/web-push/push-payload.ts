import type { OutgoingMessage } from '../senders/channel-sender.port';
import { MAX_PLAINTEXT_BYTES } from './encrypt';

const MAX_TITLE = 200;

/**
 * What the service worker of the app receives: `{id, title, body, urgency, url}`. The title always, because only the browser can read it; the
 * body where the user has opted in, cut to what fits.
 */
export function pushPayload(message: OutgoingMessage, url: string, generic: string): Buffer {
  const { notificationId: id, urgency, content, includeContent } = message;
  const title = (content.title ?? generic).slice(0, MAX_TITLE);
  let body = includeContent ? content.body : null;
  for (;;) {
    const payload = Buffer.from(JSON.stringify({ id, title, body, urgency, url }), 'utf8');
    if (payload.length <= MAX_PLAINTEXT_BYTES || body === null) return payload;
    body = body.length < 8 ? null : `${body.slice(0, Math.floor(body.length / 2)).toWellFormed()}…`;
  }
}
