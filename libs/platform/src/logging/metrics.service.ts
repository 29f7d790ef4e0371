import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Numbers about this process in Prometheus form. Labels are routes, codes and names of ours, never a user's. */
@Injectable()
export class Metrics {
  private readonly registry = new Registry();

  readonly requests = new Histogram({
    name: 'adiuva_http_request_seconds',
    help: 'Duration of requests by route, method and status',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60],
    registers: [this.registry],
  });
  readonly streams = new Gauge({
    name: 'adiuva_chat_streams',
    help: 'Chat streams under way',
    registers: [this.registry],
  });
  readonly tokens = new Counter({
    name: 'adiuva_llm_tokens_total',
    help: 'Tokens by provider, model and direction',
    labelNames: ['provider', 'model', 'direction'],
    registers: [this.registry],
  });
  readonly leaks = new Counter({
    name: 'adiuva_prompt_leaks_total',
    help: 'Prompt leaks that were stopped, by rule and prompt',
    labelNames: ['rule', 'prompt'],
    registers: [this.registry],
  });

  /** The default process metrics watch the event loop, so they are collected only where they are read. */
  watchProcess(): void {
    collectDefaultMetrics({ register: this.registry });
  }

  text(): Promise<string> {
    return this.registry.metrics();
  }

  get contentType(): string {
    return this.registry.contentType;
  }
}
