import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Problem, type Principal } from '@adiuva/kernel';
import { Log, requestsSent } from '@adiuva/platform';
import { TokenBudget } from './budget/token-budget.service';
import { estimateMaxTokens, TokenMeter } from './budget/token-meter';
import { LlmConfig } from './llm.config';
import { ROLES, type ModelRef, type ModelRole } from './model-ref';
import { ModelObserver, type ObservedCall } from './model-observer.service';
import { OwnModels } from './own-models.service';
import { ModelFactory } from './providers/model-factory';
import type { ChatModel, ModelCall } from './streaming/chat-model.port';
import { CircuitBreakers } from './streaming/circuit-breakers.adapter';
import { ModelAttempt } from './streaming/model-attempt.adapter';
import { hasContent, type ModelChunk } from './streaming/model-chunk';
import { toProviderError } from './streaming/provider-error';
import { boundUsage } from './usage';

interface OpenAnswer {
  readonly attempt: ModelAttempt;
  readonly ref: ModelRef;
  readonly observed: ObservedCall;
}

const OFFLINE = 'offline';

/**
 * The one door to language models. A role has up to three models; one that fails before the user has seen anything of its answer is followed
 * by the next, one that fails later ends the answer. A call is streamed, bounded in time, paid from the caller's monthly budget, and ends as
 * soon as `signal` does.
 */
@Injectable()
export class Models implements OnApplicationShutdown {
  private readonly chains: ReadonlyMap<ModelRole, readonly ModelRef[]>;
  private readonly breakers: CircuitBreakers;
  private readonly factory: ModelFactory;

  constructor(
    private readonly config: LlmConfig,
    private readonly budget: TokenBudget,
    private readonly observer: ModelObserver,
    private readonly log: Log,
    private readonly own: OwnModels,
  ) {
    this.chains = new Map(ROLES.map((role) => [role, config.chain(role)]));
    this.breakers = new CircuitBreakers(config.LLM_PROBE_AFTER_MS);
    this.factory = new ModelFactory(config.values, config.LLM_MAX_OUTPUT_TOKENS);
    observer.watchBreakers(() => this.breakerStates());
  }

  /** Whether an agent's question would be answered: `down` while every model of that role is known to fail. */
  get state(): 'up' | 'down' | 'disabled' {
    const chain = this.chain('agent');
    if (chain.length === 0) return 'disabled';
    return chain.every((ref) => this.breakers.of(originOf(ref)).open) ? 'down' : 'up';
  }

  /** Whether a role is served by the built-in command reader alone, which writes no free text. */
  isOffline(role: ModelRole): boolean {
    return this.chain(role).every(({ provider }) => provider === OFFLINE);
  }

  /** Loads what the first chat would otherwise wait for: an SDK takes up to a second. */
  async warm(): Promise<void> {
    const chains = ROLES.map((role) => this.chain(role));
    await Promise.allSettled(chains.flatMap((chain) => chain.map((ref) => this.model(ref, chain.length))));
  }

  async onApplicationShutdown(): Promise<void> {
    await this.factory.close();
  }

  /**
   * The answer as it is made, by a provider of the caller where there is one and the call allows it. Throws `not_configured` where chats are disabled, `quota_exceeded` when the month's tokens do not
   * suffice, `content_refused`, `upstream_failed`, `unavailable` or `upstream_timeout` when the providers fail; their own words stay here. Nothing
   * is given or charged before `admitted`.
   */
  async *stream(
    caller: Principal,
    role: ModelRole,
    call: ModelCall,
    signal: AbortSignal,
    admitted?: Promise<void>,
  ): AsyncGenerator<ModelChunk> {
    const providers = await this.own.for(caller, call);
    if (providers.length > 0) {
      for await (const chunk of this.own.stream(providers, call, signal)) {
        await admitted;
        yield chunk;
      }
      return;
    }
    const chain = this.chain(role);
    if (chain.length === 0) {
      throw new Problem('not_configured', { detail: 'Chat is disabled here: LLM_PROVIDER is set to disabled' });
    }
    const tokens = estimateMaxTokens(call, this.config.LLM_MAX_OUTPUT_TOKENS);
    const reserving = chain.every(({ provider }) => provider === OFFLINE) ? undefined : this.reserve(caller, tokens);
    const meter = new TokenMeter(call, tokens);
    let answer: OpenAnswer | undefined;
    let responding: ModelRef | undefined;
    try {
      await reserving?.mayStart;
      answer = await this.firstToRespond(chain, call, meter, signal);
      await Promise.all([reserving?.made, admitted]);
      responding = answer.ref;
      for (let chunk = await answer.attempt.next(); chunk; chunk = await answer.attempt.next()) {
        const counted = meter.add(chunk);
        if (counted.text !== '' || counted.retracts || hasContent(counted)) yield counted;
      }
      answer.observed.end('done');
    } catch (error) {
      answer?.observed.end(signal.aborted ? 'cancelled' : 'failed');
      if (signal.aborted) throw signal.reason;
      throw responding ? this.report(error, responding) : error;
    } finally {
      answer?.attempt.close();
      // A reader that stops early ends here without an error.
      answer?.observed.end('cancelled');
      answer?.observed.count(meter.reported);
      const reservation = await reserving?.made.catch(() => undefined);
      if (reservation)
        await this.budget.settle(reservation, answer?.ref.provider === OFFLINE ? meter.failedTotal : meter.total);
    }
  }

  /** `made` is the reservation, and `mayStart` what a call has to wait for. */
  private reserve(caller: Principal, tokens: number) {
    const headroom = this.budget.hasHeadroom(caller, tokens);
    // All of them, so that the statements are executed in the order of the calls.
    const made = this.budget.reserve(caller, tokens, requestsSent());
    // A refusal is handled where `made` is awaited, which may be later.
    made.catch(() => undefined);
    return { made, mayStart: headroom ? Promise.resolve() : made };
  }

  private async firstToRespond(
    chain: readonly ModelRef[],
    call: ModelCall,
    meter: TokenMeter,
    signal: AbortSignal,
  ): Promise<OpenAnswer> {
    const problems: Problem[] = [];
    for (const ref of chain) {
      const observed = this.observer.start(ref);
      const attempt = new ModelAttempt(this.breakers.of(originOf(ref)), this.config, signal);
      try {
        await attempt.open(this.model(ref, chain.length), call);
        observed.responded();
        return { attempt, ref, observed };
      } catch (error) {
        attempt.close();
        observed.end(signal.aborted ? 'cancelled' : 'failed');
        if (attempt.usage) {
          meter.addFailed(attempt.usage);
          observed.count(boundUsage(attempt.usage, meter.limit));
        }
        if (signal.aborted) throw signal.reason;
        problems.push(this.report(error, ref));
      }
    }
    throw allFailed(problems);
  }

  private chain(role: ModelRole): readonly ModelRef[] {
    return this.chains.get(role) ?? [];
  }

  /** The models of a chain share the limit on connecting, so that three unreachable ones take no longer than one. */
  private model(ref: ModelRef, tiers: number): Promise<ChatModel> {
    return this.factory.model(ref, connectLimit(this.config.LLM_CONNECT_TIMEOUT_MS, tiers));
  }

  private report(error: unknown, ref: ModelRef): Problem {
    const problem = error instanceof Problem ? error : toProviderError(error);
    this.log.warn('model_failed', { ...ref, code: problem.code, error: problem.options.cause ?? problem });
    return problem;
  }

  /** Of every model that is configured for a role. */
  private breakerStates(): (ModelRef & { open: boolean })[] {
    const refs = new Map(ROLES.flatMap((role) => this.chain(role)).map((ref) => [originOf(ref), ref]));
    return [...refs].map(([origin, ref]) => ({ ...ref, open: this.breakers.of(origin).open }));
  }
}

function originOf({ provider, model }: ModelRef): string {
  return `${provider}:${model}`;
}

/** A tenth is left for passing from one to the next. */
function connectLimit(ms: number, tiers: number): number {
  return tiers === 1 ? ms : Math.ceil((0.9 * ms) / tiers);
}

/** A refusal says more to the user than the failures of the others. */
function allFailed(problems: readonly Problem[]): Problem {
  const [only, ...others] = problems;
  if (only && others.length === 0) return only;
  const refusal = problems.find(({ code }) => code === 'content_refused');
  if (refusal) return refusal;
  const waits = problems.flatMap(({ options }) => options.retryAfter ?? []);
  return new Problem('unavailable', {
    detail: 'No language model can be reached at the moment',
    retryAfter: waits.length > 0 ? Math.min(...waits) : 5,
    cause: only,
  });
}
