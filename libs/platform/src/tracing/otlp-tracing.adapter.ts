import { AsyncLocalStorage } from 'node:async_hooks';
import type { OnApplicationShutdown } from '@nestjs/common';
import {
  ROOT_CONTEXT,
  SpanKind as OtelKind,
  SpanStatusCode,
  trace,
  type Context,
  type Tracer,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  type ReadableSpan,
  type SpanExporter,
} from '@opentelemetry/sdk-trace-base';
import { Problem } from '@adiuva/kernel';
import type { Log } from '../logging/log.service';
import type { TracingConfig } from './tracing.config';
import { SPAN_ATTRIBUTES, Tracing, type Span, type SpanAttributes, type SpanKind } from './tracing.port';

const EXPORT_TIMEOUT_MS = 5_000;
const SHUTDOWN_MS = 3_000;
const MAX_QUEUED_SPANS = 4_096;
const WARN_EVERY_MS = 60_000;
const KINDS: Readonly<Record<SpanKind, OtelKind>> = {
  server: OtelKind.SERVER,
  client: OtelKind.CLIENT,
  consumer: OtelKind.CONSUMER,
  internal: OtelKind.INTERNAL,
};
/** Names and codes look like this; anything else is not exported. */
const WORD = /^[\w ./:@*{}?+-]{1,128}$/;
const UNKNOWN = 'other';

/**
 * Spans to an OpenTelemetry collector by OTLP over HTTP. It is loaded only where one is configured. Attributes outside the allow-list and
 * values that are not names are dropped here, whatever a caller gives. No context is accepted from clients or sent to third parties.
 */
export class OtlpTracing extends Tracing implements OnApplicationShutdown {
  private readonly current = new AsyncLocalStorage<Context>();
  private readonly provider: BasicTracerProvider;
  private readonly tracer: Tracer;

  constructor(config: TracingConfig, endpoint: string, log: Log) {
    super();
    const url = `${endpoint.replace(/\/+$/, '')}/v1/traces`;
    const headers = headersOf(config.OTEL_EXPORTER_OTLP_HEADERS);
    const exporter = new ReportingExporter(
      new OTLPTraceExporter({ url, headers, timeoutMillis: EXPORT_TIMEOUT_MS }),
      log,
    );
    this.provider = new BasicTracerProvider({
      resource: resourceFromAttributes({ 'service.name': config.OTEL_SERVICE_NAME }),
      sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(config.OTEL_TRACES_SAMPLE_PERCENT / 100) }),
      spanProcessors: [
        new BatchSpanProcessor(exporter, { maxQueueSize: MAX_QUEUED_SPANS, exportTimeoutMillis: EXPORT_TIMEOUT_MS }),
      ],
    });
    this.tracer = this.provider.getTracer('adiuva-cloud');
  }

  start(name: string, attributes: SpanAttributes = {}, kind: SpanKind = 'internal'): Span {
    const parent = this.current.getStore() ?? ROOT_CONTEXT;
    const span = this.tracer.startSpan(word(name), { kind: KINDS[kind], attributes: allowed(attributes) }, parent);
    const context = trace.setSpan(parent, span);
    return {
      run: (work) => this.current.run(context, work),
      set: (more) => void span.setAttributes(allowed(more)),
      rename: (other) => void span.updateName(word(other)),
      end: (error) => {
        if (error !== undefined) {
          span.setStatus({ code: SpanStatusCode.ERROR });
          span.setAttributes(allowed({ 'error.type': errorType(error) }));
        }
        span.end();
      },
    };
  }

  /** A collector that does not answer must not keep the process. */
  async onApplicationShutdown(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise((resolve) => (timer = setTimeout(resolve, SHUTDOWN_MS)));
    await Promise.race([this.provider.shutdown().catch(() => undefined), late]);
    clearTimeout(timer);
  }
}

/** Reports that spans were not exported, at most once a minute. */
class ReportingExporter implements SpanExporter {
  private warnedAt = -Infinity;

  constructor(
    private readonly exporter: SpanExporter,
    private readonly log: Log,
  ) {}

  export(spans: ReadableSpan[], done: Parameters<SpanExporter['export']>[1]): void {
    this.exporter.export(spans, (result) => {
      if (result.error && performance.now() - this.warnedAt > WARN_EVERY_MS) {
        this.warnedAt = performance.now();
        this.log.warn('traces_not_exported', { count: spans.length, error: result.error });
      }
      done(result);
    });
  }

  shutdown(): Promise<void> {
    return this.exporter.shutdown();
  }
}

function allowed(attributes: SpanAttributes): Record<string, string | number> {
  const kept: Record<string, string | number> = {};
  for (const name of SPAN_ATTRIBUTES) {
    const value = attributes[name];
    if (value !== undefined) kept[name] = typeof value === 'number' ? value : word(value);
  }
  return kept;
}

function word(text: string): string {
  return WORD.test(text) ? text : UNKNOWN;
}

/** Messages of errors may hold values, so only their code or class is kept. */
function errorType(error: unknown): string {
  if (error instanceof Problem) return error.code;
  return error instanceof Error ? error.name : typeof error;
}

function headersOf(line = ''): Record<string, string> {
  const pairs = line.split(',').map((pair) => pair.split(/=(.*)/s, 2));
  return Object.fromEntries(pairs.flatMap(([name = '', value]) => (value ? [[name.trim(), value.trim()]] : [])));
}
