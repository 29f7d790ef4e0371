import type { Tier } from '@adiuva/kernel';
import { FuzzClient, type Target } from './client';
import type { HttpAnswer } from './http-client';
import { HttpRequests, type ApiDocument, type HttpRequest } from './http-requests';
import { Random } from './random';

export interface HttpFuzz {
  readonly target: Target;
  readonly seed: number;
  readonly requests: number;
  readonly concurrency: number;
  /** Makes an account that random requests of administrators are sent with. */
  readonly admin: () => Promise<FuzzClient>;
}

export interface HttpFuzzReport {
  /** How often each status was returned. */
  readonly statuses: Readonly<Record<number, number>>;
  /** Operations of the document, and those that have never returned 2xx or a redirect, each with the last answer to a valid request. */
  readonly operations: number;
  readonly neverAccepted: readonly string[];
  readonly faults: readonly string[];
}

const MAX_FAULTS = 20;
/** So that one account does not reach what it may have at most. */
const MAX_REQUESTS_AN_ACCOUNT = 400;
const TIERS: readonly Tier[] = ['team', 'power', 'team', 'pro', 'team', 'free'];

/** Sends random requests to every operation of the OpenAPI document that the server serves. */
export async function fuzzHttp({ target, seed, requests, concurrency, admin }: HttpFuzz): Promise<HttpFuzzReport> {
  const document: ApiDocument = JSON.parse(await (await fetch(`${target.url}/api/openapi.json`)).text());
  const source = new HttpRequests(new Random(seed), document);
  const statuses: Record<number, number> = {};
  const refusals = new Map<string, string>();
  const faults: string[] = [];
  let left = requests;
  let accounts = 0;
  let administrator = await admin();
  const newUser = () => FuzzClient.register(target, TIERS[accounts++ % TIERS.length]);
  const work = async (): Promise<void> => {
    let user = await newUser();
    for (let sent = 1; left > 0 && faults.length < MAX_FAULTS; sent += 1) {
      left -= 1;
      if (sent % MAX_REQUESTS_AN_ACCOUNT === 0) user = await newUser();
      const { request, isValid } = await source.next(user, administrator);
      const answer = await target.http
        .send(request)
        .catch(async (error: unknown) => `${String(error)} ${JSON.stringify(await activity(target))}`);
      const fault = typeof answer === 'string' ? answer : faultOf(answer);
      if (fault !== undefined) faults.push(`${fault}: ${described(request)}`);
      if (typeof answer === 'string') continue;
      statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
      if (isAccepted(answer)) source.accept(request.operation);
      else if (isValid) refusals.set(request.operation, `${answer.status} ${answer.text.slice(0, 300)}`);
      if (answer.status !== 401 && answer.status !== 403) continue;
      if (!(await user.isAlive())) user = await newUser();
      if (!(await administrator.isAlive())) administrator = await admin();
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  const neverAccepted = source.open.map(
    ({ operation: { operationId: id } }) => `${id}: ${source.unprepared.get(id) ?? refusals.get(id) ?? 'not sent'}`,
  );
  return { statuses, operations: source.routes.length, neverAccepted, faults };
}

/** What the database does while a request hangs. */
function activity({ query }: Target): Promise<object[]> {
  return query(
    `SELECT wait_event, now() - xact_start AS age, left(query, 120) AS query FROM pg_stat_activity WHERE xact_start < now() - interval '2 s'`,
  );
}

function isAccepted({ status }: HttpAnswer): boolean {
  return status >= 200 && status < 400;
}
/**
 * Undefined for an answer that a client can handle. 501: not configured here. 502 and 504: a service that the user has named, such as the
 * issuer of a team or a provider. 503 with `Retry-After`: busy, and says so.
 */
export function faultOf({ status, type, text, headers }: HttpAnswer): string | undefined {
  // The readiness of a server without jobs, or of a slow machine.
  if (status === 503 && text.startsWith('{"status":"not_ready"')) return undefined;
  const isUpstream = /"code":"upstream_(?:failed|timeout)"/.test(text);
  const isHonest =
    status === 501 ||
    isUpstream ||
    (status === 503 && (headers['retry-after'] !== undefined || /retry-after/i.test(text)));
  if (status < 200 || (status >= 500 && !isHonest)) return `${status} ${text.slice(0, 300)}`;
  // Each operation of a batch has a status of its own.
  if (/"status":5(?!01)/.test(text) && status < 300) return `${status} with a failed part ${text.slice(0, 300)}`;
  // Pages that links in mails lead to are for people.
  const isReadable = type.startsWith('application/problem+json') || type.startsWith('text/html');
  if (status >= 400 && text !== '' && !isReadable) return `${status} as ${type}`;
  return undefined;
}

function described({ method, path, headers, body, token }: HttpRequest): string {
  return JSON.stringify({ method, path, headers, token, body: body.toString('latin1') }).slice(0, 1_500);
}
