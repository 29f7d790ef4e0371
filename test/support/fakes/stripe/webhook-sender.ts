import { createHmac, randomInt } from 'node:crypto';
import type { StripeEvent } from './objects';
import type { StripeWorld } from './world';

export interface WebhookEndpoint {
  readonly url: string;
  readonly secret: string;
  /** Whether it takes the events of connected accounts, instead of our own. */
  readonly connect?: boolean;
}

export interface SignedBody {
  readonly body: string;
  /** The `Stripe-Signature` header. */
  readonly signature: string;
}

/**
 * `held`: nothing is sent until a test says so. `prompt`: each event immediately. `rough`: each event two times, each after its own random delay
 * of up to 250 ms, so late, doubled and out of order.
 */
export type Manner = 'held' | 'prompt' | 'rough';

const LATEST_MS = 250;
const ATTEMPTS = 8;
const BACK_OFF_MS = 100;

/** https://docs.stripe.com/webhooks#verify-manually; `v0` is what test mode adds. */
export function signBody(body: string, secret: string, at: number): string {
  const sign = (key: string) => createHmac('sha256', key).update(`${at}.${body}`).digest('hex');
  return `t=${at},v1=${sign(secret)},v0=${sign(`${secret}-test-mode`)}`;
}

/** Delivers events as Stripe does: at least once, in no order, again after anything but a 2xx. */
export class WebhookSender {
  manner: Manner = 'held';
  /** The share of events that is never delivered, as after the last repetition. */
  lostShare = 0;
  readonly answers: { readonly event: string; readonly status: number }[] = [];
  private readonly endpoints: WebhookEndpoint[] = [];
  private readonly underWay = new Set<Promise<unknown>>();

  constructor(world: StripeWorld) {
    world.onEvent((event) => this.onEvent(event));
  }

  addEndpoint(endpoint: WebhookEndpoint): void {
    this.endpoints.push(endpoint);
  }

  signed(event: object, secret: string, at = Math.floor(Date.now() / 1000)): SignedBody {
    const body = JSON.stringify(event, null, 2);
    return { body, signature: signBody(body, secret, at) };
  }

  /** Sends one event to every endpoint that listens to its kind, and again until it is taken; at most 8 times. */
  async deliver(event: StripeEvent, delayMs = 0): Promise<void> {
    await pause(delayMs);
    const wanted = this.endpoints.filter((endpoint) => (endpoint.connect ?? false) === (event.account !== undefined));
    await Promise.all(wanted.map((endpoint) => this.attempts(endpoint, event)));
  }

  /** Every delivery that was begun has ended. */
  async settled(): Promise<void> {
    while (this.underWay.size > 0) await Promise.all(this.underWay);
  }

  private onEvent(event: StripeEvent): void {
    if (this.manner === 'held' || Math.random() < this.lostShare) return;
    const delays = this.manner === 'prompt' ? [0] : [randomInt(LATEST_MS), randomInt(LATEST_MS)];
    for (const delay of delays) {
      const sending = this.deliver(event, delay).finally(() => this.underWay.delete(sending));
      this.underWay.add(sending);
    }
  }

  private async attempts(endpoint: WebhookEndpoint, event: StripeEvent): Promise<void> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const { body, signature } = this.signed(event, endpoint.secret);
      const status = await post(endpoint.url, body, signature);
      this.answers.push({ event: event.id, status });
      if (status >= 200 && status < 300) return;
      await pause(BACK_OFF_MS * 2 ** attempt);
    }
  }
}

export async function post(url: string, body: string, signature: string): Promise<number> {
  const headers = { 'content-type': 'application/json; charset=utf-8', 'stripe-signature': signature };
  return fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(30_000) }).then(
    async (response) => {
      await response.arrayBuffer();
      return response.status;
    },
    () => 0,
  );
}

function pause(ms: number): Promise<void> {
  return ms === 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, ms));
}
