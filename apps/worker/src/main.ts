import 'reflect-metadata';
import { Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Environment } from '@adiuva/config';
import { JobRunner, Log, PlatformModule } from '@adiuva/platform';
import { ENTITIES } from '../../../ormconfig';
import { JobHandlers } from './job-handlers.service';
import { JobsModule } from './jobs.module';

@Module({})
class WorkerModule {
  static with(environment: Environment): DynamicModule {
    return { module: WorkerModule, imports: [PlatformModule.with(environment, ENTITIES), JobsModule] };
  }
}

async function main(): Promise<void> {
  const app = await NestFactory.createApplicationContext(WorkerModule.with(Environment.ofProcess()), {
    logger: false,
    abortOnError: false,
  });
  const runner = app.get(JobRunner);
  await runner.start(app.get(JobHandlers).all);
  app.get(Log).info('worker_ready');
  const stop = async (): Promise<void> => {
    await runner.stop();
    await app.close();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop());
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : 'The worker cannot start'}\n`);
  process.exit(1);
});
