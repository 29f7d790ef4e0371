import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Problem, type Principal } from '@adiuva/kernel';
import { Log, publicConnector } from '@adiuva/platform';
import { estimateMaxTokens, TokenMeter } from './budget/token-meter';
import { LlmConfig } from './llm.config';
import { ModelObserver, type ObservedCall } from './model-observer.service';
import { HttpPost } from './providers/http-post.adapter';
import { settingsOf, type OwnProvider } from './providers/own-provider';
import { providerOf } from './providers/providers';
import type { ChatModel, ModelCall } from './streaming/chat-model.port';
import { ModelBreaker } from './streaming/circuit-breakers.adapter';
import { ModelAttempt } from './streaming/model-attempt.adapter';
import { hasContent, type ModelChunk } from './streaming/model-chunk';
import { ProviderError, toProviderError } from './streaming/provider-error';
import { publicCall } from './streaming/public-call';

/** The providers of a user, the first to call first. */
export type OwnProviderLookup = (caller: Principal) => Promise<readonly OwnProvider[]>;

const MAX_PROVIDERS = 3;
/** In metrics and logs: what a user calls a model is content. */
const OWN = { provider: 'own', model: 'own' };

/**
 * Models that users pay for, with their own keys. They cost no tokens of the month. Their servers may belong to the user, so prompts never go
 * there (`publicCall`), connections are made to public addresses alone, and a failure affects no other user.
 */
@Injectable()
export class OwnModels implements OnApplicationShutdown {
  private readonly http: HttpPost;
  private lookup: OwnProviderLookup = () => Promise.resolve([]);

  constructor(
    private readonly config: LlmConfig,
    private readonly observer: ModelObserver,
    private readonly log: Log,
  ) {
    const timeoutMs = config.LLM_CONNECT_TIMEOUT_MS;
    this.http = new HttpPost(
      timeoutMs,
      publicConnector(timeoutMs, () => config.ALLOW_PRIVATE_PROVIDERS),
    );
  }

  /** Where the keys of users are kept. */
  useLookup(lookup: OwnProviderLookup): void {
    this.lookup = lookup;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.http.close();
  }

  /** Those that may answer the call: none for a call that needs a prompt of ours. */
  async for(caller: Principal, call: ModelCall): Promise<readonly OwnProvider[]> {
    return call.publicInstructions === undefined ? [] : (await this.lookup(caller)).slice(0, MAX_PROVIDERS);
  }

  /** The models of this server do not step in: the user has chosen who reads the messages. */
  async *stream(providers: readonly OwnProvider[], call: ModelCall, signal: AbortSignal): AsyncGenerator<ModelChunk> {
    const sent = publicCall(call);
    const meter = new TokenMeter(sent, estimateMaxTokens(sent, this.config.LLM_MAX_OUTPUT_TOKENS));
    const { attempt, observed } = await this.firstToRespond(providers, sent, signal);
    try {
      for (let chunk = await attempt.next(); chunk; chunk = await attempt.next()) {
        const counted = meter.add(chunk);
        if (counted.text !== '' || counted.retracts || hasContent(counted)) yield counted;
      }
      observed.end('done');
    } catch (error) {
      observed.end(signal.aborted ? 'cancelled' : 'failed');
      if (signal.aborted) throw signal.reason;
      throw this.report(error);
    } finally {
      attempt.close();
      observed.end('cancelled');
      observed.count(meter.reported);
    }
  }

  private async firstToRespond(
    providers: readonly OwnProvider[],
    call: ModelCall,
    signal: AbortSignal,
  ): Promise<{ attempt: ModelAttempt; observed: ObservedCall }> {
    let failure: Problem | undefined;
    for (const provider of providers) {
      const observed = this.observer.start(OWN);
      const attempt = new ModelAttempt(new ModelBreaker(this.config.LLM_PROBE_AFTER_MS), this.config, signal);
      try {
        await attempt.open(this.model(provider), call);
        observed.responded();
        return { attempt, observed };
      } catch (error) {
        attempt.close();
        observed.end(signal.aborted ? 'cancelled' : 'failed');
        if (signal.aborted) throw signal.reason;
        failure = this.report(error);
      }
    }
    throw failure ?? new Problem('unavailable');
  }

  private async model(provider: OwnProvider): Promise<ChatModel> {
    const descriptor = providerOf(provider.name);
    if (!descriptor) throw new Error(`there is no provider ${provider.name}`);
    const settings = settingsOf(provider);
    const model = provider.model ?? descriptor.models(settings).large;
    const maxOutputTokens = this.config.LLM_MAX_OUTPUT_TOKENS;
    return descriptor.connect(settings, { origin: `own:${model}`, model, maxOutputTokens, http: this.http });
  }

  private report(error: unknown): Problem {
    const failure = error instanceof Problem ? error : toProviderError(error);
    const problem =
      failure instanceof ProviderError && failure.keyRefused
        ? new Problem('upstream_failed', { detail: 'Your provider refuses your key', cause: failure.options.cause })
        : failure;
    this.log.warn('model_failed', { ...OWN, code: problem.code, error: problem.options.cause ?? problem });
    return problem;
  }
}
