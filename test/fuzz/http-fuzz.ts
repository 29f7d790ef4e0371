import { HttpClient, type HttpAnswer } from './http-client';
import { HttpRequests, type ApiDocument, type HttpRequest } from './http-requests';
import { Random } from './random';

export interface HttpFuzz {
  readonly port: number;
  readonly seed: number;
  readonly requests: number;
  readonly concurrency: number;
  /** A valid access token; called again with the token that the server no longer takes. */
  readonly token: (refused?: string) => Promise<string>;
}

export interface HttpFuzzReport {
  /** How often each status was returned. */
  readonly statuses: Readonly<Record<number, number>>;
  /** Operations of the document that have never returned 2xx. */
  readonly neverAccepted: readonly string[];
  readonly faults: readonly string[];
}

const MAX_FAULTS = 20;
/** Public routes do not tell whether the token is still valid. */
const IS_UNAUTHORIZED = 401;

/** Sends random requests to every operation of the OpenAPI document that the server serves. */
export async function fuzzHttp({ port, seed, requests, concurrency, token }: HttpFuzz): Promise<HttpFuzzReport> {
  const document: ApiDocument = JSON.parse(await (await fetch(`http://127.0.0.1:${port}/api/openapi.json`)).text());
  const source = new HttpRequests(new Random(seed), document);
  const client = new HttpClient(port);
  const statuses: Record<number, number> = {};
  const accepted = new Set<string>();
  const faults: string[] = [];
  let left = requests;
  const work = async (): Promise<void> => {
    let current = await token();
    while (left > 0 && faults.length < MAX_FAULTS) {
      left -= 1;
      const request = source.next();
      const answer = await client.send(request, current).catch((error: unknown) => String(error));
      const fault = typeof answer === 'string' ? answer : faultOf(answer);
      if (fault !== undefined) faults.push(`${fault}: ${described(request)}`);
      if (typeof answer === 'string') continue;
      statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
      if (answer.status < 300) accepted.add(request.operation);
      if (answer.status < 300) source.learn(request, answer.text);
      if (answer.status === IS_UNAUTHORIZED && request.token === 'valid') current = await token(current);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  client.close();
  const operations = source.routes.map(({ operation }) => operation.operationId);
  return { statuses, neverAccepted: operations.filter((operation) => !accepted.has(operation)), faults };
}

/** Undefined for an answer that a client can handle. 501: not configured here. 503 with `Retry-After`: busy, and says so. */
function faultOf({ status, type, text, retryAfter }: HttpAnswer): string | undefined {
  // The readiness of a server without jobs, or of a slow machine.
  if (status === 503 && text.startsWith('{"status":"not_ready"')) return undefined;
  const isHonest = status === 501 || (status === 503 && (retryAfter !== undefined || /retry-after/i.test(text)));
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
