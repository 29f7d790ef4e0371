import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { MANIFEST } from '../marketplace/package-samples';
import { stripeWithPrices, settingsFor, WEBHOOK_SECRET } from '../support/builders/stripe-life';
import { zipOf } from '../support/builders/zip';
import type { FakeStripe } from '../support/fakes/stripe/fake-stripe';
import type { StripeCharge } from '../support/fakes/stripe/objects';
import { demand, print } from './cluster';
import { Site, storm, type SiteUser } from './site';

const ROUNDS = Number(process.argv[3] ?? 3);
const DISTURBANCES = 8;
const PRICES = [60, 100, 333, 999];
const CARDS = ['pm_card_visa', 'pm_card_visa', 'pm_card_chargeDeclined', 'pm_card_authenticationRequired', null];
const TROUBLES = ['down', 'answer_lost', 'failing', 'busy'] as const;
const SECOND = 1 / 86_400;

/**
 * `npm run test:chaos -- purchases [ROUNDS]`: buyers install and pay, banks and support refund, dispute and reinstate, while webhooks are lost,
 * repeated and out of order, Stripe fails, servers and the database are killed. In the end every cent at Stripe is in the ledger, once.
 */
export async function chaos(): Promise<void> {
  const stripe = await stripeWithPrices().start();
  const site = await Site.start(settingsFor(stripe));
  try {
    for (const node of site.nodes)
      stripe.webhooks.addEndpoint({ url: `${node.url}/api/v1/billing/webhook`, secret: WEBHOOK_SECRET });
    const market = await Market.open(site, stripe);
    for (let round = 1; round <= ROUNDS; round += 1) {
      await market.round();
      await market.settle();
      await market.judge(round);
    }
  } finally {
    await stripe.webhooks.settled();
    await site.stop();
    await stripe.stop();
  }
}

interface Plugin {
  readonly id: string;
  readonly cents: number;
  readonly account: string;
}

interface Buyer extends SiteUser {
  readonly customer: string;
}

interface PurchaseRow {
  readonly id: string;
  readonly user_id: string;
  readonly plugin_id: string;
  readonly price_cents: number;
  readonly state: string;
  readonly payment_id: string | null;
  readonly gross: number | null;
  readonly shares: number | null;
  readonly installed: boolean;
}

class Market {
  private readonly buyers: Buyer[] = [];
  /** What was answered 200: these are paid, whatever happens later. */
  private readonly acknowledged = new Set<string>();
  private readonly slow: ((outcome: 'paid' | 'failed') => void)[] = [];
  private readonly counts = new Map<string, number>();

  private constructor(
    private readonly site: Site,
    private readonly stripe: FakeStripe,
    private readonly admin: SiteUser,
    private readonly plugins: readonly Plugin[],
  ) {}

  static async open(site: Site, stripe: FakeStripe): Promise<Market> {
    const admin = await site.user();
    await site.rows(`UPDATE users SET role = 'admin' WHERE id = $1`, [admin.id]);
    const plugins: Plugin[] = [];
    for (const cents of PRICES) {
      const author = await site.user();
      await site.must('POST', '/developer/onboarding', author);
      const sql = 'SELECT account_id FROM plugin_developers WHERE user_id = $1';
      const [row] = await site.rows<{ account_id: string }>(sql, [author.id]);
      stripe.payers.onboard(row?.account_id ?? '');
      const form = new FormData();
      form.set('manifest', JSON.stringify({ ...MANIFEST, name: `Notes of ${cents} days`, price_cents: cents }));
      form.set('package', new Blob([new Uint8Array(zipOf({ 'main.js': 'export default 1;\n' }))]), 'plugin.zip');
      const { json } = await site.must('POST', '/plugins', author, form);
      const id = String(json['plugin_id']);
      await site.must('POST', `/admin/plugins/reviews/${id}`, admin, { decision: 'approve' });
      plugins.push({ id, cents, account: row?.account_id ?? '' });
    }
    return new Market(site, stripe, admin, plugins);
  }

  async round(): Promise<void> {
    for (let n = 0; n < 6; n += 1) await this.newBuyer();
    this.stripe.webhooks.manner = 'rough';
    this.stripe.webhooks.lostShare = 0.25;
    const world = async () => {
      this.moveMoney();
      await pause(40);
    };
    const steps = [...this.buyers.map((buyer) => () => this.buy(buyer)), world];
    await storm(steps, DISTURBANCES, async () => {
      const dice = randomInt(10);
      if (dice < 4) await this.site.killNode();
      else if (dice < 6) this.site.crashDatabase();
      else {
        const kind = TROUBLES[randomInt(TROUBLES.length)] ?? 'down';
        this.count(`Stripe ${kind}`);
        this.stripe.suffer({ kind, times: 1 + randomInt(4) });
      }
      await pause(1_000 + randomInt(2_000));
    });
    this.stripe.heal();
  }

  /** As days later: banks have decided, Stripe repeats nothing any more, jobs have had their time. */
  async settle(): Promise<void> {
    this.stripe.world.pass(SECOND);
    for (const decide of this.slow.splice(0)) decide(randomInt(2) === 0 ? 'paid' : 'failed');
    for (const dispute of this.stripe.world.disputes.where(({ status }) => !/won|lost|closed/.test(status))) {
      this.stripe.world.pass(SECOND);
      const ends = dispute.status.startsWith('warning_') ? 'warning_closed' : randomInt(2) === 0 ? 'won' : 'lost';
      this.stripe.payers.closeDispute(dispute.id, ends);
    }
    await this.site.ready();
    await this.stripe.webhooks.settled();
    await this.site.runJob('catch_up_stripe_events');
    await this.site.rows(
      `UPDATE plugin_purchases SET page_ends_at = now(), busy_until = NULL WHERE state = 'awaiting_payment'`,
    );
    for (let again = 0; again < 2; again += 1) {
      await this.site.releaseJobs();
      await this.site.finishJobs('settle_plugin_purchase');
      await this.site.finishJobs('refund_plugin_purchase');
      await this.stripe.webhooks.settled();
      await this.site.runJob('catch_up_stripe_events');
    }
  }

  async judge(round: number): Promise<void> {
    const faults: string[] = [];
    const purchases = await this.site.rows<PurchaseRow>(
      `SELECT p.id, p.user_id, p.plugin_id, p.price_cents, p.state, p.payment_id, r.gross::int, r.shares::int,
         EXISTS (SELECT FROM plugin_installs i WHERE i.user_id = p.user_id AND i.plugin_id = p.plugin_id) AS installed
       FROM plugin_purchases p LEFT JOIN LATERAL (SELECT sum(gross_cents) AS gross, sum(developer_cents + platform_cents) AS shares
         FROM plugin_revenue WHERE purchase_id = p.id) r ON true`,
    );
    const held = new Map<string, number>();
    for (const row of purchases) {
      const charges = this.chargesOf(row.id);
      const own = charges.filter((charge) => charge.payment_intent === row.payment_id);
      const others = charges.filter((charge) => charge.payment_intent !== row.payment_id);
      const net = own.reduce((sum, charge) => sum + this.net(charge), 0);
      const about = `${row.id} (${row.state}, ${row.price_cents} cents)`;
      if (net !== (row.gross ?? 0)) faults.push(`${about}: ${net} cents at Stripe, ${row.gross ?? 0} in the ledger`);
      if ((row.gross ?? 0) !== (row.shares ?? 0)) faults.push(`${about}: shares are ${row.shares} of ${row.gross}`);
      for (const charge of others) if (this.net(charge) > 0) faults.push(`${about}: ${charge.id} was paid for nothing`);
      if (net > 0) held.set(`${row.user_id} ${row.plugin_id}`, (held.get(`${row.user_id} ${row.plugin_id}`) ?? 0) + 1);
      if (row.state === 'paid' && !row.installed) faults.push(`${about}: paid and not installed`);
      if (/intended|awaiting|refunding/.test(row.state)) faults.push(`${about}: not settled`);
    }
    for (const [what, times] of held) if (times > 1) faults.push(`${what} was paid ${times} times`);
    for (const what of this.acknowledged)
      if (!purchases.some((row) => `${row.user_id} ${row.plugin_id}` === what && row.gross !== null))
        faults.push(`${what}: answered 200 and never sold`);
    const known = new Set(purchases.map(({ id }) => `plugin_${id}`));
    const strange = this.stripe.world.charges.where((row) => row.paid && !known.has(row.metadata['reference'] ?? ''));
    if (strange.length > 0) faults.push(`${strange.length} charges without a purchase`);
    await this.judgePayouts(faults);
    const counted = [...this.counts].sort().map(([name, times]) => `${times} x ${name}`);
    print(
      `round ${round}: ${purchases.length} purchases, ${this.acknowledged.size} acknowledged; ${counted.join(', ')}`,
    );
    print(`  restarts: ${this.site.restarts.join(', ')}`);
    demand(faults.length === 0, `${faults.length} faults:\n    ${faults.slice(0, 10).join('\n    ')}`);
  }

  /** Started on both servers concurrently while one is killed, and again. */
  private async judgePayouts(faults: string[]): Promise<void> {
    const period = new Date().toISOString().slice(0, 7);
    const run = () => this.site.call('POST', '/admin/payouts', this.admin, { period });
    await Promise.all([run(), run(), this.site.killNode()]);
    await this.site.must('POST', '/admin/payouts', this.admin, { period });
    await this.site.releaseJobs();
    await this.site.finishJobs('pay_plugin_developer');
    for (const { account } of this.plugins) {
      const transfers = this.stripe.world.transfers.where(({ destination }) => destination === account);
      const paid = transfers.reduce((sum, { amount }) => sum + amount, 0);
      const [row] = await this.site.rows<{ cents: number; pending: number }>(
        `SELECT coalesce(sum(o.amount_cents) FILTER (WHERE o.state = 'paid'), 0)::int AS cents, count(*) FILTER (WHERE o.state = 'pending')::int AS pending
         FROM plugin_payouts o JOIN plugin_developers d ON d.id = o.developer_id WHERE d.account_id = $1`,
        [account],
      );
      if (row?.cents !== paid || row.pending > 0)
        faults.push(`${account}: ${paid} transferred, ${row?.cents} in the ledger`);
    }
  }

  private async newBuyer(): Promise<void> {
    const user = await this.site.user('power');
    const { world } = this.stripe;
    const customer = world.customers.add({
      ...world.base('cus', 'customer'),
      email: null,
      name: null,
      metadata: { user_id: user.id },
      invoice_settings: { default_payment_method: null },
    });
    await this.site.rows('INSERT INTO stripe_customers (id, user_id) VALUES ($1, $2)', [customer.id, user.id]);
    const card = CARDS[randomInt(CARDS.length)];
    if (card) {
      await fetch(`${this.stripe.url}/v1/payment_methods/${card}/attach`, {
        method: 'POST',
        headers: { authorization: `Bearer ${this.stripe.secretKey}` },
        body: new URLSearchParams({ customer: customer.id }),
      });
    }
    this.buyers.push({ ...user, customer: customer.id });
  }

  private async buy(buyer: Buyer): Promise<void> {
    const plugin = this.plugins[randomInt(this.plugins.length)];
    if (!plugin) return;
    const path = `/plugins/${plugin.id}/install`;
    const answer = await this.site.call('POST', path, buyer, { plugin_id: plugin.id });
    this.count(`install ${answer.status}`);
    const known = [0, 200, 402, 409, 502, 503, 504];
    demand(known.includes(answer.status), `install: ${answer.status} ${answer.bytes.toString()}`);
    if (answer.status === 200) this.acknowledged.add(`${buyer.id} ${plugin.id}`);
    const [session] = this.stripe.world.sessions.where(
      ({ url, status }) => status === 'open' && url !== null && url === answer.json['checkout_url'],
    );
    const dice = randomInt(10);
    if (session && dice < 5) this.stripe.payers.complete(session.id);
    else if (session && dice < 7) this.slow.push(this.stripe.payers.completeSlowly(session.id));
    await pause(answer.status === 0 ? 300 : 50);
  }

  /** Something that people and banks do to one charge. Each is a second later than the one before, as Stripe tells them apart by seconds. */
  private moveMoney(): void {
    const { world, payers } = this.stripe;
    world.pass(SECOND);
    const decide = this.slow.length > 3 ? this.slow.shift() : undefined;
    if (decide) return decide(randomInt(2) === 0 ? 'paid' : 'failed');
    const charges = world.charges.where((charge) => charge.paid);
    const charge = charges[randomInt(Math.max(1, charges.length))];
    if (!charge || randomInt(4) > 0) return;
    const open = world.disputes.where((row) => row.charge === charge.id && !/won|lost|closed/.test(row.status));
    const lost = world.disputes.where((row) => row.charge === charge.id && row.status === 'lost');
    const refunds = world.refunds.where(
      (row) => row.charge === charge.id && row.status === 'succeeded' && row.reason !== null,
    );
    const left = charge.amount - charge.amount_refunded;
    const [dispute] = open;
    const dice = randomInt(8);
    if (dispute) {
      this.count('dispute decided');
      if (!dispute.status.startsWith('warning_')) payers.closeDispute(dispute.id, dice < 5 ? 'won' : 'lost');
      else if (dice < 4) payers.closeDispute(dispute.id, 'warning_closed');
      else payers.updateDispute(dispute.id, 'needs_response');
    } else if (dice < 2 && left > 1 && lost.length === 0) {
      this.count('partial refund');
      payers.refund(charge.id, 1 + randomInt(left - 1));
    } else if (dice < 3 && left > 0 && lost.length === 0) {
      this.count('whole refund');
      payers.refund(charge.id);
    } else if (dice < 5 && refunds[0]) {
      this.count('failed refund');
      payers.failRefund(refunds[0].id);
    } else if (left > 1 && lost.length === 0) {
      this.count('dispute');
      payers.dispute(charge.id, { inquiry: dice === 5, ...(dice === 6 ? { amount: 1 + randomInt(left - 1) } : {}) });
    }
  }

  private chargesOf(purchaseId: string): StripeCharge[] {
    return this.stripe.world.charges.where((row) => row.paid && row.metadata['reference'] === `plugin_${purchaseId}`);
  }

  /** What of a charge is neither with the buyer nor with the bank. */
  private net(charge: StripeCharge): number {
    const disputes = this.stripe.world.disputes.where((row) => row.charge === charge.id);
    const moved = disputes.flatMap((row) => row.balance_transactions).reduce((sum, { amount }) => sum + amount, 0);
    return Math.max(0, charge.amount - charge.amount_refunded + moved);
  }

  private count(name: string): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
  }
}
