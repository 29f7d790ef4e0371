import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { retryAfterMs } from '@adiuva/kernel';
import { ServerConfig } from '@adiuva/config';
import { NotificationsConfig, TwilioConfig } from '../notifications.config';

const API = 'https://api.twilio.com';
const VERIFY = 'https://verify.twilio.com';
const MAX_ANSWER_BYTES = 1024 * 1024;

const ResourceShape = z.object({ sid: z.string(), status: z.string().nullish(), body: z.string().nullish() });
const MessagesShape = z.object({ messages: z.array(ResourceShape), next_page_uri: z.string().nullish() });
const CallsShape = z.object({ calls: z.array(ResourceShape), next_page_uri: z.string().nullish() });

/** A message or call as Twilio knows it. */
export type TwilioResource = z.infer<typeof ResourceShape>;

/** What Twilio answered, or that it did not. */
export type TwilioAnswer =
  | { readonly ok: true; readonly body: unknown }
  | {
      readonly ok: false;
      readonly status: number;
      readonly code: number | undefined;
      readonly retryAfterMs: number | undefined;
    };

export interface TwilioAccount {
  readonly sid: string;
  readonly token: string;
  readonly verifyService: string;
}

/** The REST API of Twilio: forms over HTTPS with basic authentication. */
@Injectable()
export class TwilioClient {
  constructor(
    private readonly config: TwilioConfig,
    private readonly notifications: NotificationsConfig,
    private readonly server: ServerConfig,
  ) {}

  get account(): TwilioAccount | undefined {
    const { TWILIO_ACCOUNT_SID: sid, TWILIO_AUTH_TOKEN: token, TWILIO_VERIFY_SERVICE_SID: verifyService } = this.config;
    return sid !== undefined && token !== undefined && verifyService !== undefined
      ? { sid, token, verifyService }
      : undefined;
  }

  /** The address under which Twilio calls back; its signature covers it. */
  webhook(path: string): string {
    const base = (this.config.TWILIO_WEBHOOK_BASE_URL ?? this.server.publicUrl).replace(/\/+$/, '');
    return `${base}/api/v1/webhooks/twilio/${path}`;
  }

  create(
    kind: 'Messages' | 'Calls',
    form: Readonly<Record<string, string>>,
    signal?: AbortSignal,
  ): Promise<TwilioAnswer> {
    return this.call('POST', `${this.accountUrl()}/${kind}.json`, form, signal);
  }

  /** All messages or calls to a number since a time, newest first. Throws where Twilio does not answer. */
  async *list(
    kind: 'Messages' | 'Calls',
    query: Readonly<Record<string, string>>,
    signal?: AbortSignal,
  ): AsyncGenerator<TwilioResource> {
    let url: string | undefined =
      `${this.accountUrl()}/${kind}.json?${new URLSearchParams({ ...query, PageSize: '100' }).toString()}`;
    while (url !== undefined) {
      const answer = await this.call('GET', url, undefined, signal);
      if (!answer.ok) throw new Error(`Twilio answered ${answer.status}`);
      const page: { items: TwilioResource[]; next: string | null | undefined } = pageOf(kind, answer.body);
      yield* page.items;
      // The next page is a path of the same server.
      url = page.next ? new URL(page.next, `${this.base(API)}/`).href : undefined;
    }
  }

  verify(path: 'Verifications' | 'VerificationCheck', form: Readonly<Record<string, string>>): Promise<TwilioAnswer> {
    const service = this.account?.verifyService ?? '';
    return this.call('POST', `${this.base(VERIFY)}/v2/Services/${service}/${path}`, form);
  }

  private accountUrl(): string {
    return `${this.base(API)}/2010-04-01/Accounts/${this.account?.sid ?? ''}`;
  }

  private base(standard: string): string {
    return (this.config.TWILIO_API_BASE ?? standard).replace(/\/+$/, '');
  }

  private async call(
    method: 'GET' | 'POST',
    url: string,
    form?: Readonly<Record<string, string>>,
    signal?: AbortSignal,
  ): Promise<TwilioAnswer> {
    const { sid = '', token = '' } = this.account ?? {};
    const limit = AbortSignal.timeout(this.notifications.NOTIFICATION_TIMEOUT_MS);
    const response = await fetch(url, {
      method,
      redirect: 'error',
      headers: {
        authorization: `Basic ${Buffer.from(`${sid}:${token}`).toString('base64')}`,
        accept: 'application/json',
      },
      ...(form ? { body: new URLSearchParams(form) } : {}),
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    });
    const body = parsed(await response.text());
    if (response.ok) return { ok: true, body };
    const { data } = z.object({ code: z.number().optional() }).safeParse(body);
    return {
      ok: false,
      status: response.status,
      code: data?.code,
      retryAfterMs: retryAfterMs(response.headers.get('retry-after'), Date.now()),
    };
  }
}

function pageOf(
  kind: 'Messages' | 'Calls',
  body: unknown,
): { items: TwilioResource[]; next: string | null | undefined } {
  if (kind === 'Messages') {
    const { messages, next_page_uri: next } = MessagesShape.parse(body);
    return { items: messages, next };
  }
  const { calls, next_page_uri: next } = CallsShape.parse(body);
  return { items: calls, next };
}

function parsed(text: string): unknown {
  if (text.length > MAX_ANSWER_BYTES) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
