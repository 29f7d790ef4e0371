import type Stripe from 'stripe';
import { Problem, PRICE_CENTS } from '@adiuva/kernel';
import type { ServerConfig } from '@adiuva/config';
import { PAID_TIERS, type BillingConfig, type PaidTier } from '../billing.config';
import { EVENT_TYPES } from './event-types';
import { StripeClient } from './stripe-client.adapter';
import { isMissing, nullIfMissing } from './stripe-error';

/** One line of the setup check. An `error` loses money or tiers; a `warning` is worth a look. */
export interface SetupFinding {
  readonly level: 'ok' | 'warning' | 'error';
  readonly subject: string;
  readonly message: string;
}

const PAGE = 100;
/** Endpoints for the platform and for connected accounts. */
const ENDPOINTS = 2;
/** Snapshot events have had the members that are read here since then. */
const OLDEST_API_VERSION = '2020-08-27';

const ok = (subject: string, message: string): SetupFinding => ({ level: 'ok', subject, message });
const warning = (subject: string, message: string): SetupFinding => ({ level: 'warning', subject, message });
const error = (subject: string, message: string): SetupFinding => ({ level: 'error', subject, message });

/** Compares the settings with the Stripe account: key, webhook endpoints, prices, Connect, portal. Reads only. */
export async function checkStripeSetup(config: BillingConfig, server: ServerConfig): Promise<readonly SetupFinding[]> {
  const { STRIPE_SECRET_KEY: secretKey, STRIPE_API_BASE: apiBase, STRIPE_TIMEOUT_MS: timeout } = config;
  if (secretKey === undefined) return [error('key', 'STRIPE_SECRET_KEY is not set')];
  const client = new StripeClient({ secretKey, apiBase, timeout });
  const live = /^[sr]k_live_/.test(secretKey);
  try {
    return [
      keyFinding(live, server.ENV === 'prod'),
      await accountFinding(client, live),
      ...(await endpointFindings(client, config, server)),
      ...(await Promise.all(PAID_TIERS.map((tier) => priceFinding(client, config, tier, live)))),
      await connectFinding(client),
      ...(await portalFindings(client, config)),
    ];
  } catch (cause) {
    const detail = cause instanceof Problem ? (cause.options.detail ?? cause.code) : String(cause);
    return [error('key', `Stripe does not answer with this key: ${detail}`)];
  }
}

function keyFinding(live: boolean, production: boolean): SetupFinding {
  if (production && !live) return error('key', 'STRIPE_SECRET_KEY is a test key: with ENV=prod no real money arrives');
  if (!production && live) return warning('key', 'STRIPE_SECRET_KEY is a live key outside of ENV=prod');
  return ok('key', `STRIPE_SECRET_KEY is a ${live ? 'live' : 'test'} key`);
}

async function accountFinding(client: StripeClient, live: boolean): Promise<SetupFinding> {
  const account = await client.call((stripe, options) => stripe.accounts.retrieveCurrent({}, options));
  if (account.charges_enabled) return ok('account', `${account.id} can charge`);
  const message = `${account.id} cannot charge: complete its activation in the dashboard`;
  return live ? error('account', message) : warning('account', message);
}

async function endpointFindings(
  client: StripeClient,
  config: BillingConfig,
  server: ServerConfig,
): Promise<readonly SetupFinding[]> {
  const url = `${server.publicUrl}/api/v1/billing/webhook`;
  const all = await client.call((stripe, options) => stripe.webhookEndpoints.list({ limit: PAGE }, options));
  const ours = all.data.filter((endpoint) => endpoint.url === url);
  if (ours.length === 0) return [error('webhook', `No webhook endpoint has the URL ${url}`)];
  const enabled = ours.filter((endpoint) => endpoint.status === 'enabled');
  const events = new Set(enabled.flatMap((endpoint) => endpoint.enabled_events));
  const missing = events.has('*') ? [] : EVENT_TYPES.filter((event) => !events.has(event));
  const old = enabled.filter(({ api_version }) => api_version !== null && api_version < OLDEST_API_VERSION);
  const secrets = config.webhookSecrets.length;
  return [
    ...ours.filter(({ status }) => status !== 'enabled').map(({ id }) => error('webhook', `${id} is disabled`)),
    ...old.map(({ id, api_version }) => error('webhook', `${id} has the API version ${api_version}, which is too old`)),
    missing.length === 0
      ? ok('webhook', `The endpoints of ${url} send all events`)
      : error('webhook', `The endpoints of ${url} do not send: ${missing.join(', ')}`),
    ...(ours.length < ENDPOINTS
      ? [warning('webhook', 'One endpoint only: account.updated of connected accounts needs a second one')]
      : []),
    secrets >= ours.length
      ? ok('webhook', `STRIPE_WEBHOOK_SECRET has ${secrets} secrets for ${ours.length} endpoints`)
      : error('webhook', `STRIPE_WEBHOOK_SECRET has ${secrets} secrets for ${ours.length} endpoints`),
  ];
}

async function priceFinding(
  client: StripeClient,
  config: BillingConfig,
  tier: PaidTier,
  live: boolean,
): Promise<SetupFinding> {
  const { setting, id } = config.priceOf(tier);
  if (id === undefined) return error('price', `${setting} is not set`);
  const price = await nullIfMissing(
    client.call((stripe, options) => stripe.prices.retrieve(id, {}, options), undefined, isMissing),
  );
  const fault = price === null ? 'is unknown to this account' : priceFault(price, tier, live);
  return fault === null
    ? ok('price', `${setting} sells ${tier} for ${PRICE_CENTS[tier]} cents a month`)
    : error('price', `${setting} (${id}) ${fault}`);
}

function priceFault(price: Stripe.Price, tier: PaidTier, live: boolean): string | null {
  if (price.livemode !== live) return `is of the ${price.livemode ? 'live' : 'test'} mode, the key is not`;
  if (!price.active) return 'is not active';
  if (price.currency !== 'eur') return `is in ${price.currency}, not in eur`;
  if (price.type !== 'recurring' || price.recurring?.interval !== 'month' || price.recurring.interval_count !== 1)
    return 'does not recur every month';
  return price.unit_amount === PRICE_CENTS[tier]
    ? null
    : `costs ${price.unit_amount} cents, GET /billing/tiers says ${PRICE_CENTS[tier]}`;
}

async function connectFinding(client: StripeClient): Promise<SetupFinding> {
  try {
    await client.call((stripe, options) => stripe.accounts.list({ limit: 1 }, options));
    return ok('connect', 'Connect is enabled: developers can be paid');
  } catch {
    return warning('connect', 'Connect is not enabled: developers cannot onboard and are not paid');
  }
}

async function portalFindings(client: StripeClient, config: BillingConfig): Promise<readonly SetupFinding[]> {
  const found = await client.call((stripe, options) =>
    stripe.billingPortal.configurations.list(
      { is_default: true, active: true, limit: 1, expand: ['data.features.subscription_update.products'] },
      options,
    ),
  );
  const [portal] = found.data;
  if (!portal) return [error('portal', 'The customer portal has no configuration: save its settings in the dashboard')];
  const { subscription_update: update, payment_method_update: card } = portal.features;
  const allowed = update.enabled ? update.default_allowed_updates : [];
  const lacking = ['price', 'quantity'].filter((change) => !allowed.some((one) => one === change));
  const foreign = (update.products ?? []).flatMap(({ prices }) => prices).filter((id) => config.tierOf(id) === null);
  return [
    lacking.length === 0
      ? ok('portal', 'Customers can change plan and quantity')
      : warning('portal', `Customers cannot change ${lacking.join(' and ')}`),
    ...(card.enabled ? [] : [warning('portal', 'Customers cannot change their card')]),
    ...(foreign.length === 0
      ? []
      : [error('portal', `Customers can change to prices that are no tier: ${foreign.join(', ')}`)]),
  ];
}
