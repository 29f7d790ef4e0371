import 'reflect-metadata';
import { Module, type DynamicModule, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { assertConfiguration, Environment, ServerConfig } from '@adiuva/config';
import { listenForOperators, Log, Metrics, PlatformModule } from '@adiuva/platform';
import { ENTITIES } from '../../../ormconfig';
import { Background } from './background.service';
import { JobsModule } from './jobs.module';
import { WorkerReadiness } from './worker-readiness.service';

@Module({})
class WorkerModule {
  static with(environment: Environment): DynamicModule {
    return {
      module: WorkerModule,
      imports: [PlatformModule.with(environment, ENTITIES), JobsModule],
      providers: [WorkerReadiness],
    };
  }
}

async function main(): Promise<void> {
  const environment = Environment.ofProcess();
  assertConfiguration(environment);
  const app = await NestFactory.createApplicationContext(WorkerModule.with(environment), {
    logger: false,
    abortOnError: false,
  });
  const background = app.get(Background);
  const { METRICS_PORT: port, HOST: host } = app.get(ServerConfig);
  if (port !== 0) await listenForOperators(app.get(Metrics), { host, port, readiness: () => readiness(app) });
  await background.start();
  app.get(Log).info('worker_ready');
  const stop = async (): Promise<void> => {
    await background.stop();
    await app.close();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop());
}

async function readiness(app: INestApplicationContext) {
  const report = await app.get(WorkerReadiness).report();
  return { ready: report.status === 'ready', report };
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : 'The worker cannot start'}\n`);
  process.exit(1);
});
