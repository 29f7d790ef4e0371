import { Global, Module } from '@nestjs/common';
import { Log, Metrics } from '@adiuva/platform';
import { LeakScrubber } from './scrub/leak-scrubber';
import { PromptRegistry } from './prompt-registry';
import type { LeakHit } from './detect/leak-detector';

/** The one registry of a process, and the scrubber that it feeds. */
@Global()
@Module({
  providers: [
    { provide: PromptRegistry, useFactory: () => new PromptRegistry() },
    { provide: LeakScrubber, useFactory: reportingScrubber, inject: [PromptRegistry, Log, Metrics] },
  ],
  exports: [PromptRegistry, LeakScrubber],
})
export class PromptsModule {}

function reportingScrubber(registry: PromptRegistry, log: Log, metrics: Metrics): LeakScrubber {
  const onHit = ({ rule, promptId, length }: LeakHit): void => {
    metrics.leaks.inc({ rule, prompt: promptId });
    log.warn('prompt_leak', { rule, prompt_id: promptId, count: length });
  };
  return new LeakScrubber(registry, { onHit });
}
