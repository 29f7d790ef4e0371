import { Injectable } from '@nestjs/common';
import { Metrics, Tracing } from '@adiuva/platform';
import type { ModelRef } from './model-ref';
import type { TokenUsage } from './usage';

export type CallOutcome = 'done' | 'failed' | 'cancelled';

/** One call of a model, as metrics see it. */
export interface ObservedCall {
  /** The first token has arrived. */
  responded(): void;
  /** Only the first word about the end counts. */
  end(outcome: CallOutcome): void;
  count(usage: TokenUsage): void;
}

/** Measures calls of models. What a user calls an own model is content, so those are given as `own`. */
@Injectable()
export class ModelObserver {
  constructor(
    private readonly metrics: Metrics,
    private readonly tracing: Tracing,
  ) {}

  start({ provider, model }: ModelRef): ObservedCall {
    const { metrics } = this;
    const started = performance.now();
    let hasEnded = false;
    const names = { 'gen_ai.provider.name': provider, 'gen_ai.request.model': model };
    const span = this.tracing.start(`chat ${model}`, { 'gen_ai.operation.name': 'chat', ...names }, 'client');
    const seconds = (): number => (performance.now() - started) / 1000;
    return {
      responded: () => metrics.firstTokens.observe({ provider, model }, seconds()),
      end: (outcome) => {
        if (hasEnded) return;
        hasEnded = true;
        metrics.modelCalls.observe({ provider, model, outcome }, seconds());
        span.end(outcome === 'done' ? undefined : new Error(outcome));
      },
      count: ({ inputTokens, outputTokens }) => {
        span.set({ 'gen_ai.usage.input_tokens': inputTokens, 'gen_ai.usage.output_tokens': outputTokens });
        metrics.tokens.inc({ provider, model, direction: 'input' }, inputTokens);
        metrics.tokens.inc({ provider, model, direction: 'output' }, outputTokens);
      },
    };
  }

  /** `read` gives the models and whether their breakers are open. */
  watchBreakers(read: () => readonly (ModelRef & { readonly open: boolean })[]): void {
    const { breakers } = this.metrics;
    this.metrics.addSource({
      name: 'model_breakers',
      gauges: [breakers],
      read: () => {
        for (const { provider, model, open } of read()) breakers.set({ provider, model }, open ? 1 : 0);
      },
    });
  }
}
