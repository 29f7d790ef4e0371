import { statfs } from 'node:fs/promises';
import { BillingConfig, checkStripeSetup } from '@adiuva/billing';
import { DatabaseConfig, type Environment, type ServerConfig } from '@adiuva/config';
import { LlmConfig, probeModels } from '@adiuva/llm';
import { MailConfig, verifySmtp } from '@adiuva/mail';
import { BlobConfig, pingRedis } from '@adiuva/platform';
import { fault, ok, spaceCheck, warning, type Check } from './check';

const TIMEOUT_MS = 5_000;
const MODEL_REMEDY =
  'Check key, credit, name of the model and the address of its provider; docs/models.md names the settings of each.';
const STRIPE_REMEDY = 'Mend it in the settings or in the dashboard of Stripe; docs/billing.md has each step.';

/** A handshake with the SMTP server, sign-in included; sends nothing. */
export async function checkMail(environment: Environment, { ENV }: ServerConfig): Promise<Check> {
  const config = new MailConfig(environment);
  if (config.SMTP_URL === undefined) {
    const message = 'SMTP_URL is not set: no mail leaves the server';
    return ENV === 'prod' ? warning('mail', message, 'Set SMTP_URL and MAIL_FROM.') : ok('mail', message);
  }
  try {
    await verifySmtp(config);
    return ok('mail', 'the SMTP server accepts the sign-in');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    const remedy = 'Check host, port, user and password of SMTP_URL; smtps:// is for port 465, smtp:// for 587.';
    return fault('mail', `the SMTP server does not accept us (${code})`, remedy);
  }
}

/** Key, webhooks, prices and API version, and whether Stripe can reach the webhook. Reads only. */
export async function checkStripe(environment: Environment, server: ServerConfig): Promise<readonly Check[]> {
  const config = new BillingConfig(environment);
  if (config.STRIPE_SECRET_KEY === undefined) return [ok('stripe', 'not configured: nothing can be bought')];
  const findings = await checkStripeSetup(config, server);
  return [
    ...findings.map(({ level, subject, message }) => {
      return { subject: `stripe ${subject}`, level, message, remedy: level === 'ok' ? null : STRIPE_REMEDY };
    }),
    await webhookCheck(server),
  ];
}

/** By the public address: an event without a signature must be answered by our own refusal. */
async function webhookCheck({ publicUrl, ENV }: ServerConfig): Promise<Check> {
  const url = `${publicUrl}/api/v1/billing/webhook`;
  const remedy =
    'Set PUBLIC_URL to the address of the proxy that leads to this server, and let POST requests with a body pass.';
  try {
    const headers = { 'content-type': 'application/json' };
    const request = {
      method: 'POST',
      headers,
      body: '{}',
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    } as const;
    const response = await fetch(url, request);
    const body: unknown = await response.json().catch(() => null);
    const isOurs = typeof body === 'object' && body !== null && 'code' in body && body.code === 'invalid_signature';
    if (isOurs) return ok('stripe webhook', `${url} leads to this server`);
    return fault('stripe webhook', `${url} answers ${response.status}, and not as this server does`, remedy);
  } catch {
    const message = `${url} does not answer`;
    return ENV === 'prod' ? fault('stripe webhook', message, remedy) : warning('stripe webhook', message, remedy);
  }
}

/** Nodes count together only while Redis answers. */
export async function checkRedis(environment: Environment): Promise<Check> {
  const { REDIS_URL: url } = new DatabaseConfig(environment);
  if (url === undefined) return ok('redis', 'REDIS_URL is not set: each process counts against its limits alone');
  try {
    await pingRedis(url, TIMEOUT_MS);
    return ok('redis', 'answers');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'refused';
    const remedy =
      'Start Redis, and check address, user and password of REDIS_URL; each process counts alone until then.';
    return fault('redis', `does not answer (${code})`, remedy);
  }
}

/** Each configured model gives one short answer. A model of a chain that fails is replaced by the next one, so chats end only without any. */
export async function checkModels(environment: Environment): Promise<readonly Check[]> {
  const config = new LlmConfig(environment);
  if (config.provider === undefined) return [ok('models', 'LLM_PROVIDER is disabled: there are no chats')];
  const probes = await probeModels(config);
  const isAnswered = probes.some(({ problem }) => problem === null);
  return probes.map(({ model, problem }) => {
    if (problem === null) return ok('models', `${model} answers`);
    const report = isAnswered ? warning : fault;
    return report('models', `${model}: ${problem.message} (${problem.code})`, MODEL_REMEDY);
  });
}

/** Of the file system that DATA_DIR is on; without one where database and blobs are elsewhere. */
export async function checkSpace(environment: Environment, dataDir: string): Promise<Check> {
  const isElsewhere =
    new DatabaseConfig(environment).DATABASE_URL !== undefined && new BlobConfig(environment).s3 !== undefined;
  try {
    const { bavail, blocks, bsize } = await statfs(dataDir);
    return spaceCheck('DATA_DIR', bavail * bsize, blocks * bsize);
  } catch {
    if (isElsewhere) return ok('space', 'there is no DATA_DIR: database and blobs are elsewhere');
    return warning('space', 'DATA_DIR cannot be read', 'Create DATA_DIR, or start the server once, which creates it.');
  }
}
