import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { CHECKOUT_ROUTES } from './checkout-routes';
import { CONNECT_ROUTES } from './connect-routes';
import { CUSTOMER_ROUTES } from './customer-routes';
import { EVENT_ROUTES } from './event-routes';
import { parseForm } from './form';
import { IdempotentAnswers, type Answer } from './idempotent-answers';
import type { StripePrice } from './objects';
import { checkAll, Params } from './params';
import { PAYMENT_ROUTES } from './payment-routes';
import { Payers } from './payers';
import { REFUND_ROUTES } from './refund-routes';
import { expanded, type Route } from './route';
import { SETUP_ROUTES } from './setup-routes';
import { StripeFault } from './stripe-error';
import { SUBSCRIPTION_ROUTES } from './subscription-routes';
import { TRANSFER_ROUTES } from './transfer-routes';
import { WebhookSender } from './webhook-sender';
import { StripeWorld } from './world';

/**
 * What the next requests suffer. `down`: cut before an answer; `silent`: no answer, until `heal` cuts them; `answer_lost`: done, but not told;
 * `failing`: 500; `busy`: 429. All requests until `heal`, or `times` of them, or only those whose path begins with `path`, or with one `method`.
 */
export interface StripeTrouble {
  readonly kind: 'down' | 'silent' | 'answer_lost' | 'failing' | 'busy';
  readonly times?: number;
  readonly path?: string;
  readonly method?: 'GET' | 'POST';
}

const ROUTES = [
  ...CUSTOMER_ROUTES,
  ...CHECKOUT_ROUTES,
  ...SUBSCRIPTION_ROUTES,
  ...PAYMENT_ROUTES,
  ...REFUND_ROUTES,
  ...CONNECT_ROUTES,
  ...TRANSFER_ROUTES,
  ...SETUP_ROUTES,
  ...EVENT_ROUTES,
];

/**
 * A local double of the Stripe API for the real SDK, after https://docs.stripe.com/api. It keeps state, refuses what Stripe would refuse on
 * the routes it has, honours `Idempotency-Key`, and sends signed webhooks. To extend it add a route to one of the lists.
 */
export class FakeStripe {
  readonly world = new StripeWorld();
  readonly payers = new Payers(this.world);
  readonly webhooks = new WebhookSender(this.world);
  readonly secretKey = 'sk_test_fake_key_of_a_test';
  /** `METHOD /path` of every request, in order. */
  readonly requests: string[] = [];
  private readonly answers = new IdempotentAnswers();
  private readonly sockets = new Set<Socket>();
  private readonly unanswered = new Set<Socket>();
  private trouble: (StripeTrouble & { left: number }) | null = null;
  private server: Server | null = null;
  private port = 0;

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async start(port = this.port): Promise<this> {
    // No connection is closed that its client may take again at that moment, as after this process has stood still.
    const server = createServer({ keepAliveTimeout: 0 }, (request, response) => void this.handle(request, response));
    server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
    this.server = server;
    this.port = portOf(server.address());
    return this;
  }

  async stop(): Promise<void> {
    const { server } = this;
    this.server = null;
    for (const socket of this.sockets) socket.destroy();
    if (server) await new Promise((resolve) => server.close(resolve));
  }

  suffer(trouble: StripeTrouble): void {
    this.trouble = { ...trouble, left: trouble.times ?? Number.POSITIVE_INFINITY };
  }

  heal(): void {
    this.trouble = null;
    for (const socket of this.unanswered) socket.destroy();
    this.unanswered.clear();
  }

  /** A price as it is set up in the dashboard. */
  addPrice(id: string, cents: number, type: StripePrice['type'] = 'recurring'): StripePrice {
    return this.world.prices.add({
      ...this.world.base('price', 'price'),
      id,
      active: true,
      currency: 'eur',
      unit_amount: cents,
      type,
      recurring: type === 'recurring' ? { interval: 'month', interval_count: 1 } : null,
      product: this.world.id('prod'),
      lookup_key: null,
      metadata: {},
    });
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://stripe');
    const method = request.method ?? '';
    this.requests.push(`${method} ${url.pathname}`);
    const trouble = this.strike(method, url.pathname);
    if (trouble === 'down') return void request.socket.destroy();
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    if (trouble === 'silent') return void this.unanswered.add(request.socket);
    const { answer, replayed } = this.answer(request, url, Buffer.concat(chunks).toString('utf8'), trouble);
    if (trouble === 'answer_lost') return void request.socket.destroy();
    response.setHeader('content-type', 'application/json');
    response.setHeader('request-id', this.world.id('req'));
    if (answer.status === 429 || answer.status >= 500) response.setHeader('stripe-should-retry', 'false');
    if (replayed) response.setHeader('idempotent-replayed', 'true');
    response.writeHead(answer.status).end(JSON.stringify(answer.body, withoutBehaviour));
  }

  private strike(method: string, path: string): StripeTrouble['kind'] | null {
    const { trouble } = this;
    if (trouble === null || !path.startsWith(trouble.path ?? '/') || method !== (trouble.method ?? method)) return null;
    trouble.left -= 1;
    if (trouble.left <= 0) this.trouble = null;
    return trouble.kind;
  }

  private answer(
    request: IncomingMessage,
    url: URL,
    body: string,
    trouble: StripeTrouble['kind'] | null,
  ): { answer: Answer; replayed: boolean } {
    const given = request.headers['idempotency-key'];
    const key = request.method === 'POST' && typeof given === 'string' ? given : null;
    try {
      if (request.headers.authorization !== `Bearer ${this.secretKey}`) {
        throw new StripeFault(401, 'invalid_request_error', 'Invalid API Key provided');
      }
      if (trouble === 'failing') throw new StripeFault(500, 'api_error', 'An error occurred on our end.');
      if (trouble === 'busy')
        throw new StripeFault(429, 'invalid_request_error', 'Too many requests', { code: 'rate_limit' });
      const earlier = key === null ? null : this.answers.begin(key, `${url.pathname}\n${body}`);
      if (earlier) return { answer: earlier, replayed: true };
    } catch (error) {
      return { answer: failureOf(error), replayed: false };
    }
    const answer = this.act(request.method ?? '', url, body);
    if (key !== null) this.answers.finish(key, answer);
    return { answer, replayed: false };
  }

  private act(method: string, url: URL, body: string): Answer {
    try {
      const form = parseForm(method === 'POST' ? body : url.search.slice(1));
      const { route, id, sub } = routeOf(method, url.pathname);
      checkAll(route.params, form);
      const params = new Params(form);
      const result = route.answer(this.world, params, id, sub);
      return { status: 200, body: expanded(this.world, result, params.words('expand')) };
    } catch (error) {
      return failureOf(error);
    }
  }
}

function routeOf(method: string, path: string): { route: Route; id: string; sub: string } {
  const parts = path.split('/');
  for (const route of ROUTES) {
    const pattern = route.path.split('/');
    if (route.method !== method || pattern.length !== parts.length) continue;
    if (!pattern.every((word, index) => word.startsWith(':') || word === parts[index])) continue;
    const at = (name: string) => decodeURIComponent(parts[pattern.indexOf(name)] ?? '');
    return { route, id: at(':id'), sub: at(':sub') };
  }
  throw new StripeFault(404, 'invalid_request_error', `Unrecognized request URL (${method}: ${path}).`);
}

function failureOf(error: unknown): Answer {
  const fault = error instanceof StripeFault ? error : new StripeFault(500, 'api_error', String(error));
  return { status: fault.status, body: fault.body };
}

/** How a test card behaves is the double's secret. */
function withoutBehaviour(name: string, value: unknown): unknown {
  return name === 'behaviour' ? undefined : value;
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('not listening');
  return address.port;
}
