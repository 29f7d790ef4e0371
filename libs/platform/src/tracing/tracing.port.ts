/** All that a span may say beside its name. The names are OpenTelemetry's where it has one. Never content, prompts, addresses or ids of users. */
export type SpanAttributes = Partial<Record<(typeof NAMES)[number], string> & Record<(typeof NUMBERS)[number], number>>;

const NAMES = [
  'http.request.method',
  'http.route',
  'gen_ai.operation.name',
  'gen_ai.provider.name',
  'gen_ai.request.model',
  'gen_ai.agent.name',
  'gen_ai.tool.name',
  'db.system.name',
  'db.operation.name',
  'error.type',
  'adiuva.request_id',
  'adiuva.chat.outcome',
  'adiuva.job.name',
] as const;
const NUMBERS = [
  'http.response.status_code',
  'gen_ai.usage.input_tokens',
  'gen_ai.usage.output_tokens',
  'adiuva.job.attempt',
] as const;
export const SPAN_ATTRIBUTES = [...NAMES, ...NUMBERS];

export type SpanKind = 'server' | 'client' | 'consumer' | 'internal';

export interface Span {
  /** Runs `work` so that the spans it starts are children of this one. */
  run<T>(work: () => T): T;
  set(attributes: SpanAttributes): void;
  rename(name: string): void;
  /** With the error that ended it, of which only the class or code is kept. */
  end(error?: unknown): void;
}

/** Where time is spent, for an OpenTelemetry collector. Costs nothing where none is configured. */
export abstract class Tracing {
  abstract start(name: string, attributes?: SpanAttributes, kind?: SpanKind): Span;

  /** A span around `work`. */
  async span<T>(
    name: string,
    attributes: SpanAttributes,
    work: () => Promise<T>,
    kind: SpanKind = 'internal',
  ): Promise<T> {
    const span = this.start(name, attributes, kind);
    try {
      const result = await span.run(work);
      span.end();
      return result;
    } catch (error) {
      span.end(error);
      throw error;
    }
  }
}

const NO_SPAN: Span = {
  run: (work) => work(),
  set: () => undefined,
  rename: () => undefined,
  end: () => undefined,
};

export class NoTracing extends Tracing {
  start(): Span {
    return NO_SPAN;
  }

  override span<T>(_name: string, _attributes: SpanAttributes, work: () => Promise<T>): Promise<T> {
    return work();
  }
}
