import {
  applyDecorators,
  createParamDecorator,
  Injectable,
  SetMetadata,
  UseGuards,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiHeader } from '@nestjs/swagger';
import { Problem } from '@adiuva/kernel';
import { SignInLimits } from '@adiuva/auth';
import { SignedRequests, type AgentCaller } from '@adiuva/gateway';
import { collectBody, hasBody, parseBody } from '../edge/body/json-body.guard';
import { JsonBudget } from '../edge/body/json-budget.service';
import { RateLimitGuard } from '../edge/limits/rate-limit.guard';
import { Public, StreamedBody, type EdgeRequest, type EdgeResponse } from '../edge/principal';
import { AgentCallers } from './agent-callers.service';

const MAX_BODY_BYTES = 1024 * 1024;
const AGENT_TOKEN = 'gateway:agent-token';

interface SignedRequest extends EdgeRequest {
  agent?: AgentCaller;
}

/** The user for whom the worker acts. Only on routes that need an agent token. */
export const Agent = createParamDecorator((_: unknown, context: ExecutionContext): AgentCaller => {
  const { agent } = context.switchToHttp().getRequest<SignedRequest>();
  if (!agent) throw new Error('@Agent is used on a route without an agent token');
  return agent;
});

/** Verifies what a worker has signed, over the bytes as they were sent; with an agent token, for whom. */
@Injectable()
export class SignedRequestGuard implements CanActivate {
  constructor(
    private readonly requests: SignedRequests,
    private readonly agentCallers: AgentCallers,
    private readonly budget: JsonBudget,
    private readonly signIns: SignInLimits,
    private readonly rateLimits: RateLimitGuard,
    private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const [request, response] = [http.getRequest<SignedRequest>(), http.getResponse<EdgeResponse>()];
    const proof = this.requests.proofOf(request.headers);
    const agent = this.reflector.get<boolean>(AGENT_TOKEN, context.getHandler())
      ? await this.agentCallers.of(request.headers['x-agent-token'])
      : undefined;
    const body = hasBody(request) ? await collectBody(request, response, MAX_BODY_BYTES, this.budget) : Buffer.alloc(0);
    const { method, originalUrl: path } = request;
    await this.requests.verify(proof, { method, path, body }).catch(async (error: unknown) => {
      if (error instanceof Problem && error.code === 'invalid_signature')
        await this.signIns.countForgedSignature(request.ip ?? '');
      throw error;
    });
    request.body = body.length === 0 ? {} : await parseBody(body, this.budget);
    if (!agent) return true;
    await this.rateLimits.consume(agent.principal, 'gateway', response);
    request.agent = agent;
    request.user = agent.principal;
    return true;
  }
}

const HEADERS = [
  {
    name: 'X-Timestamp',
    description: 'Unix time in seconds or milliseconds; at most 300 s from the time of the server',
  },
  {
    name: 'X-Nonce',
    description: '1 to 128 visible ASCII characters, new for each request; 128 random bits are enough',
  },
  {
    name: 'X-Signature',
    description:
      '`v1=` and the hexadecimal HMAC-SHA-256 of timestamp, nonce, method, path with query and the hexadecimal SHA-256 of the body, joined by line feeds',
  },
];

/** For workers that sign their requests; with `agentToken`, for the user of the token in `X-Agent-Token`. */
export function Signed({ agentToken }: { readonly agentToken: boolean }) {
  const token = { name: 'X-Agent-Token', description: 'The token of `POST /auth/agent-token`' };
  return applyDecorators(
    Public(),
    StreamedBody('every type'),
    SetMetadata(AGENT_TOKEN, agentToken),
    UseGuards(SignedRequestGuard),
    ...[...HEADERS, ...(agentToken ? [token] : [])].map(({ name, description }) =>
      ApiHeader({ name, description, required: true, schema: { type: 'string' } }),
    ),
  );
}
