import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Problem } from '@adiuva/kernel';
import { PhoneVerification } from '../channels/verification.port';
import { TwilioClient, type TwilioAnswer } from './twilio-client.adapter';

const CHANNELS = { whatsapp: 'whatsapp', voice: 'call' } as const;

/** Twilio Verify: it makes, sends and checks the codes. */
@Injectable()
export class TwilioVerification extends PhoneVerification {
  constructor(private readonly twilio: TwilioClient) {
    super();
  }

  get configured(): boolean {
    return this.twilio.account !== undefined;
  }

  async sendCode(kind: 'whatsapp' | 'voice', phone: string): Promise<void> {
    const answer = await this.ask('Verifications', { To: phone, Channel: CHANNELS[kind] });
    if (answer.ok) return;
    if (answer.status === 400) throw new Problem('unprocessable', { detail: 'This number cannot be sent a code' });
    throw failureOf(answer);
  }

  async check(phone: string, code: string): Promise<boolean> {
    const answer = await this.ask('VerificationCheck', { To: phone, Code: code });
    if (answer.ok) return z.object({ status: z.string() }).safeParse(answer.body).data?.status === 'approved';
    // Expired, or never sent.
    if (answer.status === 404 || answer.status === 400) return false;
    throw failureOf(answer);
  }

  private async ask(
    path: 'Verifications' | 'VerificationCheck',
    form: Readonly<Record<string, string>>,
  ): Promise<TwilioAnswer> {
    try {
      return await this.twilio.verify(path, form);
    } catch (error) {
      throw new Problem('upstream_failed', { cause: error });
    }
  }
}

function failureOf({ status, retryAfterMs }: Extract<TwilioAnswer, { ok: false }>): Problem {
  if (status === 429) return new Problem('rate_limited', { retryAfter: Math.ceil((retryAfterMs ?? 60_000) / 1000) });
  return new Problem('upstream_failed');
}
