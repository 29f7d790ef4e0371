import { Injectable } from '@nestjs/common';
import { Metrics, Tracing } from '@adiuva/platform';

export interface ObservedChat {
  run<T>(work: () => T): T;
  /** `error` where there was one. */
  end(outcome: 'done' | 'failed' | 'cancelled', error?: unknown): void;
}

/** Measures chat answers. */
@Injectable()
export class ChatObserver {
  constructor(
    private readonly metrics: Metrics,
    private readonly tracing: Tracing,
  ) {}

  start(): ObservedChat {
    const ended = this.metrics.chats.startTimer();
    const span = this.tracing.start('chat');
    this.metrics.streams.inc();
    return {
      run: (work) => span.run(work),
      end: (outcome, error) => {
        this.metrics.streams.dec();
        ended({ outcome });
        span.set({ 'adiuva.chat.outcome': outcome });
        span.end(error);
      },
    };
  }
}
