import { Module } from '@nestjs/common';
import { provideSettings } from '@adiuva/config';
import { Log } from '../logging/log.service';
import { TracingConfig } from './tracing.config';
import { NoTracing, Tracing } from './tracing.port';

@Module({
  providers: [
    provideSettings(TracingConfig),
    {
      provide: Tracing,
      useFactory: async (config: TracingConfig, log: Log): Promise<Tracing> => {
        const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } = config;
        if (endpoint === undefined) return new NoTracing();
        // Loaded only here: the SDK takes time and memory.
        const { OtlpTracing } = await import('./otlp-tracing.adapter');
        return new OtlpTracing(config, endpoint, log);
      },
      inject: [TracingConfig, Log],
    },
  ],
  exports: [Tracing],
})
export class TracingModule {}
