import { createHmac, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface TwilioItem {
  readonly sid: string;
  readonly kind: 'Messages' | 'Calls';
  readonly to: string;
  readonly from: string;
  readonly body: string;
  readonly statusCallback: string;
  readonly url: string;
  readonly created: Date;
  status: string;
}

/** What becomes of the next request that makes something: a status, no answer, or an answer that is lost after the thing is made. */
export type NextAnswer = { status: number; retryAfter?: number } | 'hang' | 'lost';

export const TWILIO_ACCOUNT = 'AC00000000000000000000000000000001';
const TOKEN = 'twilio-auth-token-of-the-tests-00';
const SERVICE = 'VA00000000000000000000000000000001';
export const TWILIO_FROM = '+15005550006';
const MAX_CHECKS = 5;

/** Twilio as far as we call it: messages, calls, Verify; with its signature on callbacks. Keeps state. */
export class FakeTwilio {
  readonly items: TwilioItem[] = [];
  readonly next: NextAnswer[] = [];
  /** Codes that were sent, by number. */
  readonly codes = new Map<string, { code: string; channel: string; checks: number }>();
  /** Every byte that we sent here. */
  readonly requests: string[] = [];
  delayMs = 0;
  /** A list has always another page. */
  hasEndlessLists = false;
  private readonly server: Server;

  private constructor() {
    // No connection is closed that its client may take again at that moment, as after this process has stood still.
    this.server = createServer({ keepAliveTimeout: 0 }, (request, response) => void this.receive(request, response));
  }

  static async start(): Promise<FakeTwilio> {
    const twilio = new FakeTwilio();
    await new Promise<void>((resolve) => twilio.server.listen(0, '127.0.0.1', () => resolve()));
    return twilio;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** For the environment of a server. */
  get settings(): Record<string, string> {
    return {
      TWILIO_ACCOUNT_SID: TWILIO_ACCOUNT,
      TWILIO_AUTH_TOKEN: TOKEN,
      TWILIO_VERIFY_SERVICE_SID: SERVICE,
      TWILIO_WHATSAPP_FROM: TWILIO_FROM,
      TWILIO_VOICE_FROM: TWILIO_FROM,
      TWILIO_API_BASE: this.url,
      TWILIO_WEBHOOK_BASE_URL: 'https://hooks.example.org',
    };
  }

  to(phone: string): TwilioItem[] {
    return this.items.filter(({ to }) => to.endsWith(phone));
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString('utf8');
    this.requests.push(`${request.method} ${request.url} ${decodeURIComponent(text.replaceAll('+', ' '))}`);
    const url = new URL(request.url ?? '/', 'http://twilio');
    const credentials = Buffer.from((request.headers.authorization ?? '').replace('Basic ', ''), 'base64').toString();
    if (credentials !== `${TWILIO_ACCOUNT}:${TOKEN}`) return answer(response, 401, { code: 20003 });
    if (this.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, this.delayMs));
    const form = new URLSearchParams(text);
    const list = /\/2010-04-01\/Accounts\/\w+\/(Messages|Calls)\.json$/.exec(url.pathname);
    if (list) return this.resource(list[1] === 'Calls' ? 'Calls' : 'Messages', request, url, form, response);
    if (url.pathname === `/v2/Services/${SERVICE}/Verifications`) return this.sendCode(form, response);
    if (url.pathname === `/v2/Services/${SERVICE}/VerificationCheck`) return this.checkCode(form, response);
    return answer(response, 404, { code: 20404 });
  }

  private resource(
    kind: 'Messages' | 'Calls',
    request: IncomingMessage,
    url: URL,
    form: URLSearchParams,
    response: ServerResponse,
  ): void {
    if (request.method === 'GET') return this.list(kind, url, response);
    const next = this.next.shift();
    if (next === 'hang') return;
    if (next !== undefined && next !== 'lost') {
      if (next.retryAfter !== undefined) response.setHeader('retry-after', next.retryAfter);
      return answer(response, next.status, { code: next.status === 429 ? 20429 : next.status * 100 });
    }
    const item: TwilioItem = {
      sid: `${kind === 'Calls' ? 'CA' : 'SM'}${randomBytes(16).toString('hex')}`,
      kind,
      to: form.get('To') ?? '',
      from: form.get('From') ?? '',
      body: form.get('Body') ?? '',
      statusCallback: form.get('StatusCallback') ?? '',
      url: form.get('Url') ?? '',
      created: new Date(),
      status: 'queued',
    };
    this.items.push(item);
    if (next === 'lost') return void request.socket.destroy();
    return answer(response, 201, resourceOf(item));
  }

  /** Newest first, filtered by number and time, in pages. */
  private list(kind: 'Messages' | 'Calls', url: URL, response: ServerResponse): void {
    const { searchParams: query } = url;
    const since = new Date(query.get('DateSent>') ?? query.get('StartTime>') ?? 0);
    const found = this.items
      .filter(
        (item) =>
          item.kind === kind &&
          item.to === query.get('To') &&
          item.from === query.get('From') &&
          item.created.getTime() >= since.getTime(),
      )
      .reverse();
    const page = Number(query.get('Page') ?? 0);
    const size = Number(query.get('PageSize') ?? 50);
    const items = found.slice(page * size, (page + 1) * size).map(resourceOf);
    query.set('Page', String(page + 1));
    const next =
      this.hasEndlessLists || found.length > (page + 1) * size ? `${url.pathname}?${query.toString()}` : null;
    answer(response, 200, { [kind.toLowerCase()]: items, next_page_uri: next });
  }

  private sendCode(form: URLSearchParams, response: ServerResponse): void {
    const to = form.get('To') ?? '';
    if (to.startsWith('+1999')) return answer(response, 400, { code: 60200 });
    const code = String(100_000 + (randomBytes(4).readUInt32BE() % 900_000));
    this.codes.set(to, { code, channel: form.get('Channel') ?? '', checks: 0 });
    answer(response, 201, { sid: 'VE1', status: 'pending' });
  }

  private checkCode(form: URLSearchParams, response: ServerResponse): void {
    const sent = this.codes.get(form.get('To') ?? '');
    if (!sent) return answer(response, 404, { code: 20404 });
    sent.checks += 1;
    if (sent.checks > MAX_CHECKS) return answer(response, 429, { code: 60202 });
    const right = sent.code === form.get('Code');
    if (right) this.codes.delete(form.get('To') ?? '');
    answer(response, 200, { sid: 'VE1', status: right ? 'approved' : 'pending' });
  }
}

/** The form and signature of a callback to an address, as Twilio documents them. */
export function signedCallback(url: string, fields: Record<string, string>, token = TOKEN) {
  const joined = Object.keys(fields)
    .sort()
    .map((name) => name + fields[name])
    .join('');
  const signature = createHmac('sha1', token)
    .update(Buffer.from(url + joined, 'utf8'))
    .digest('base64');
  return { path: new URL(url).pathname + new URL(url).search, form: new URLSearchParams(fields).toString(), signature };
}

function resourceOf({ sid, status, body, to, from, kind }: TwilioItem): Record<string, unknown> {
  return { sid, status, to, from, ...(kind === 'Messages' ? { body } : {}) };
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
