import { z } from 'zod';
import type { SendOutcome } from '../senders/channel-sender.port';
import type { TwilioAnswer } from './twilio-client.adapter';

/** What an answer to a new message or call means; 5xx leaves open whether it was made, so that the next attempt asks. */
export function outcomeOf(answer: TwilioAnswer): SendOutcome {
  if (answer.ok) {
    const { data } = z.object({ sid: z.string() }).safeParse(answer.body);
    return data
      ? { kind: 'sent', providerId: data.sid }
      : { kind: 'retry', code: 'twilio_unreadable', mayBeSent: true };
  }
  const { status, code, retryAfterMs: afterMs } = answer;
  const name = `twilio_${code ?? status}`;
  if (status === 429 || status >= 500) return { kind: 'retry', code: name, afterMs, mayBeSent: status >= 500 };
  return { kind: 'failed', code: name };
}

/** Of a request without an answer. */
export const UNREACHABLE: SendOutcome = { kind: 'retry', code: 'twilio_unreachable', mayBeSent: true };
/** Of a step whose last attempt Twilio does not have. */
export const NOT_SENT: SendOutcome = { kind: 'failed', code: 'twilio_unreachable' };
