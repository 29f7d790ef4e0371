import { Module, type DynamicModule } from '@nestjs/common';
import type { DestinationStream } from 'pino';
import type { EmbeddedPostgres } from '@adiuva/embedded';
import { Clock, SystemClock } from '@adiuva/kernel';
import { BlobsModule } from './blobs/blobs.module';
import { ObjectDeletion } from './blobs/object-deletion.service';
import { DatabaseConfig, Environment, provideSettings, SecretsConfig, ServerConfig } from '@adiuva/config';
import { DatabaseModule } from './database/database.module';
import type { Entities } from './database/data-source';
import { Idempotency } from './idempotency/idempotency.service';
import { JobAdministration } from './jobs/job-administration.service';
import { JobRunner, JobRunnerParts } from './jobs/job-runner.service';
import { Jobs } from './jobs/jobs.service';
import { ConcurrencyConfig } from './limits/concurrency.config';
import { RateLimits } from './limits/rate-limits.service';
import { Log, standardOutput } from './logging/log.service';
import { prettyOutput } from './logging/pretty-output';
import { Metrics } from './metrics/metrics.service';
import { ServerKeys } from './secrets/server-keys';
import { loadOrCreateSecret } from './secrets/secret-file.adapter';
import { PlatformJobs } from './platform.jobs';
import { PlatformMetrics } from './platform.metrics';
import { OrphanSweep } from './orphans/orphan-sweep.service';
import { TracingModule } from './tracing/tracing.module';
import { PubSub } from './pub-sub/pub-sub.service';

/** Parts that a caller supplies instead of the configuration. */
export interface PlatformParts {
  /** Where the log goes instead of standard output. */
  readonly logTo?: DestinationStream;
  /** The embedded PostgreSQL where it has been started already. */
  readonly postgres?: Promise<EmbeddedPostgres>;
}

const SERVICES = [
  JobAdministration,
  Jobs,
  JobRunner,
  JobRunnerParts,
  ObjectDeletion,
  PubSub,
  RateLimits,
  Idempotency,
  OrphanSweep,
  PlatformJobs,
];

/** What every other module may inject without asking: configuration, database, blobs, jobs, signals, limits, keys, logs, metrics. */
@Module({})
export class PlatformModule {
  static with(environment: Environment, entities: Entities, parts: PlatformParts = {}): DynamicModule {
    return {
      module: PlatformModule,
      global: true,
      imports: [
        FoundationModule.with(environment, parts.logTo),
        TracingModule,
        DatabaseModule.with(entities, parts.postgres),
        BlobsModule,
      ],
      providers: [...SERVICES, PlatformMetrics],
      exports: [FoundationModule, TracingModule, DatabaseModule, BlobsModule, ...SERVICES],
    };
  }
}

@Module({})
class FoundationModule {
  static with(environment: Environment, logTo?: DestinationStream): DynamicModule {
    const providers = [
      { provide: Environment, useValue: environment },
      { provide: Clock, useClass: SystemClock },
      {
        provide: Log,
        useFactory: (config: ServerConfig, metrics: Metrics) => {
          const output = logTo ?? standardOutput();
          const count = (level: 'warn' | 'error', event: string): void => metrics.countEvent(level, event);
          return new Log(config.LOG_LEVEL, config.LOG_PRETTY ? prettyOutput(output) : output, count);
        },
        inject: [ServerConfig, Metrics],
      },
      {
        provide: ServerKeys,
        useFactory: (secrets: SecretsConfig, server: ServerConfig) =>
          new ServerKeys(
            secrets.MASTER_KEY ?? loadOrCreateSecret(server.DATA_DIR, 'master-key'),
            secrets.MASTER_KEY_PREVIOUS,
          ),
        inject: [SecretsConfig, ServerConfig],
      },
      provideSettings(ServerConfig),
      provideSettings(DatabaseConfig),
      provideSettings(SecretsConfig),
      provideSettings(ConcurrencyConfig),
      Metrics,
    ];
    return { module: FoundationModule, global: true, providers, exports: providers };
  }
}
