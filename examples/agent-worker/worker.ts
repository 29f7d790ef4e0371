import { AgentTokenVerifier, type AgentClaims, type TokenRules } from './agent-token';
import { boundedText, DEFAULT_LIMITS, UserLimits, type AbuseLimits } from './abuse-limits';
import { GatewayClient, type GatewayOptions } from './gateway-client';

export interface WorkerOptions {
  readonly tokens: TokenRules;
  readonly gateway: GatewayOptions;
  readonly limits?: Partial<AbuseLimits>;
}

interface ToolRequest {
  readonly tool: string;
  readonly arguments: Record<string, unknown>;
}

/**
 * A worker outside of the server, as a fetch handler on web APIs only: it runs on Node, Deno, Bun and edge runtimes. `POST /tools` with an
 * agent token calls one tool for the user of the token; `GET /status` says whether the gateway answers.
 */
export function createWorker(options: WorkerOptions): (request: Request) => Promise<Response> {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const users = new UserLimits(limits);
  const verifier = new AgentTokenVerifier(options.tokens);
  const gateway = new GatewayClient(options.gateway);

  async function useTool(request: Request): Promise<Response> {
    const token = bearerToken(request);
    const claims = token === undefined ? null : await verifier.verify(token);
    if (token === undefined || !claims) return problem(401, 'unauthenticated', { 'WWW-Authenticate': 'Bearer' });
    const admitted = users.admit(claims.sub);
    if (typeof admitted === 'number') return problem(429, 'rate_limited', { 'Retry-After': String(admitted) });
    try {
      return await forward(request, token, claims);
    } finally {
      admitted();
    }
  }

  async function forward(request: Request, token: string, claims: AgentClaims): Promise<Response> {
    const text = await boundedText(request, limits.maxBodyBytes);
    if (text === undefined) return problem(413, 'payload_too_large');
    const body = parseBody(text);
    if (!body) return problem(400, 'malformed_request');
    if (!isAllowed(claims, body.tool)) return problem(403, 'forbidden');
    try {
      const answer = await gateway.callTool(token, body.tool, body.arguments);
      const type = answer.headers.get('Content-Type') ?? 'application/json';
      return new Response(await answer.arrayBuffer(), { status: answer.status, headers: { 'Content-Type': type } });
    } catch {
      return problem(502, 'upstream_failed');
    }
  }

  async function status(): Promise<Response> {
    const reachable = await gateway.status().then(
      ({ ok }) => ok,
      () => false,
    );
    return Response.json({ status: reachable ? 'ok' : 'degraded' }, { status: reachable ? 200 : 503 });
  }

  return async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === '/status' && request.method === 'GET') return status();
    if (pathname !== '/tools') return problem(404, 'not_found');
    return request.method === 'POST' ? useTool(request) : problem(405, 'method_not_allowed', { Allow: 'POST' });
  };
}

function bearerToken(request: Request): string | undefined {
  return /^Bearer +([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(request.headers.get('Authorization') ?? '')?.[1];
}

function isAllowed({ scopes }: AgentClaims, tool: string): boolean {
  return scopes.includes('tools:*') || scopes.includes(`tools:${tool}`);
}

function parseBody(text: string): ToolRequest | undefined {
  try {
    const { tool, arguments: args = {} } = JSON.parse(text) as { tool?: unknown; arguments?: unknown };
    if (typeof tool !== 'string' || !/^[a-z][a-z0-9_]{0,62}$/.test(tool)) return undefined;
    if (typeof args !== 'object' || args === null || Array.isArray(args)) return undefined;
    return { tool, arguments: { ...args } };
  } catch {
    return undefined;
  }
}

/** An RFC 9457 problem document, as the server sends them. */
function problem(status: number, code: string, headers: Record<string, string> = {}): Response {
  const body = JSON.stringify({ type: 'about:blank', status, code });
  return new Response(body, { status, headers: { ...headers, 'Content-Type': 'application/problem+json' } });
}
