import { Injectable } from '@nestjs/common';
import { Problem, type Principal } from '@adiuva/kernel';
import { Log, Metrics } from '@adiuva/platform';
import { Breakers } from './breakers.adapter';
import { LlmConfig } from './llm.config';
import { ModelAttempt } from './model-attempt.adapter';
import { faultOf } from './model-fault';
import type { ModelCall, ModelSource } from './model-source.port';
import { ROLES, type ModelTier, type Role } from './model-tier';
import type { Piece } from './piece';
import { modelSource } from './providers.adapter';
import { mostTokens, Spending } from './spending';
import { TokenBudget } from './token-budget.service';

interface Opened {
  readonly attempt: ModelAttempt;
  readonly tier: ModelTier;
}

/**
 * The one door to language models. A role has up to three tiers of provider and model; a tier that fails before it has said anything is
 * followed by the next, one that fails later ends the answer. A call is streamed, bounded in time, paid from the caller's monthly
 * budget, and ends as soon as `signal` does.
 */
@Injectable()
export class Models {
  private readonly loaded = new Map<string, Promise<ModelSource>>();
  private readonly breakers: Breakers;

  constructor(
    private readonly config: LlmConfig,
    private readonly budget: TokenBudget,
    private readonly metrics: Metrics,
    private readonly log: Log,
  ) {
    this.breakers = new Breakers(config.LLM_PROBE_AFTER_MS);
  }

  /** Whether an agent's question would be answered: `down` while every tier of that role is known to fail. */
  get state(): 'up' | 'down' | 'disabled' {
    const chain = this.config.chain('agent');
    if (chain.length === 0) return 'disabled';
    return chain.every((tier) => this.breakers.of(nameOf(tier)).open) ? 'down' : 'up';
  }

  /** Whether a role is served by the built-in command reader alone, which writes no free text. */
  isOffline(role: Role): boolean {
    return this.config.chain(role).every(({ provider }) => provider === 'offline');
  }

  /** Loads what the first chat would otherwise wait for: an SDK takes up to a second. */
  async warm(): Promise<void> {
    const chains = ROLES.map((role) => this.config.chain(role));
    await Promise.allSettled(chains.flatMap((chain) => chain.map((tier) => this.model(tier, chain.length))));
  }

  /**
   * The answer as it is made. Throws `not_configured` where chats are disabled, `quota_exceeded` when the month's tokens do not
   * suffice, `upstream_failed`, `unavailable` or `upstream_timeout` when the providers fail; their own words stay here.
   */
  async *stream(caller: Principal, role: Role, call: ModelCall, signal: AbortSignal): AsyncGenerator<Piece> {
    const chain = this.config.chain(role);
    if (chain.length === 0) {
      throw new Problem('not_configured', { detail: 'Chat is disabled here: LLM_PROVIDER is set to disabled' });
    }
    const free = chain.every(({ provider }) => provider === 'offline');
    const reserving = free ? undefined : this.reserve(caller, call);
    const spent = new Spending();
    let opened: Opened | undefined;
    let speaking: ModelTier | undefined;
    try {
      await reserving?.sure;
      opened = await this.firstToSpeak(chain, call, signal);
      await reserving?.made;
      speaking = opened.tier;
      for (let piece = await opened.attempt.next(); piece; piece = await opened.attempt.next()) {
        spent.add(piece);
        yield piece;
      }
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw speaking ? this.reported(error, speaking) : error;
    } finally {
      opened?.attempt.close();
      if (opened) this.count(opened.tier, spent);
      const reservation = await reserving?.made.catch(() => undefined);
      if (reservation)
        await this.budget.settle(reservation, opened?.tier.provider === 'offline' ? 0 : spent.total(call));
    }
  }

  /** `made` is the reservation, and `sure` what a call has to wait for before it may start. */
  private reserve(caller: Principal, call: ModelCall) {
    const tokens = mostTokens(call, this.config.LLM_MAX_OUTPUT_TOKENS);
    const ample = this.budget.isAmple(caller, tokens);
    const made = this.budget.reserve(caller, tokens);
    // A refusal is met where `made` is awaited, which may be later.
    made.catch(() => undefined);
    return { made, sure: ample ? Promise.resolve() : made };
  }

  private async firstToSpeak(chain: readonly ModelTier[], call: ModelCall, signal: AbortSignal): Promise<Opened> {
    const problems: Problem[] = [];
    for (const tier of chain) {
      const attempt = new ModelAttempt(this.breakers.of(nameOf(tier)), this.config, signal);
      try {
        await attempt.open(this.model(tier, chain.length), call);
        return { attempt, tier };
      } catch (error) {
        attempt.close();
        if (signal.aborted) throw signal.reason;
        problems.push(this.reported(error, tier));
      }
    }
    throw allDown(problems);
  }

  /** The tiers of a chain share the limit on connecting, so that three that swallow connections keep nobody waiting longer than one. */
  private model(tier: ModelTier, tiers: number): Promise<ModelSource> {
    const name = `${nameOf(tier)}/${tiers}`;
    const known = this.loaded.get(name);
    if (known) return known;
    const made = modelSource(tier, this.config, connectLimit(this.config.LLM_CONNECT_TIMEOUT_MS, tiers));
    this.loaded.set(name, made);
    return made;
  }

  private reported(error: unknown, tier: ModelTier): Problem {
    const problem = error instanceof Problem ? error : faultOf(error);
    this.log.warn('model_failed', { ...tier, code: problem.code, error: problem.options.cause ?? problem });
    return problem;
  }

  private count({ provider, model }: ModelTier, { input, output }: Spending): void {
    this.metrics.tokens.inc({ provider, model, direction: 'input' }, input);
    this.metrics.tokens.inc({ provider, model, direction: 'output' }, output);
  }
}

function nameOf({ provider, model }: ModelTier): string {
  return `${provider}:${model}`;
}

/** With a tenth to spare for going from one to the next. */
function connectLimit(ms: number, tiers: number): number {
  return tiers === 1 ? ms : Math.ceil((0.9 * ms) / tiers);
}

function allDown(problems: readonly Problem[]): Problem {
  const [only, ...others] = problems;
  if (only && others.length === 0) return only;
  const waits = problems.flatMap(({ options }) => options.retryAfter ?? []);
  return new Problem('unavailable', {
    detail: 'No language model can be reached at the moment',
    retryAfter: waits.length > 0 ? Math.min(...waits) : 5,
    cause: only,
  });
}
