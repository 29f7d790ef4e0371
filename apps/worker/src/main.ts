import 'reflect-metadata';
import { Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { assertConfiguration, Environment } from '@adiuva/config';
import { Log, PlatformModule } from '@adiuva/platform';
import { ENTITIES } from '../../../ormconfig';
import { Background } from './background.service';
import { JobsModule } from './jobs.module';

@Module({})
class WorkerModule {
  static with(environment: Environment): DynamicModule {
    return { module: WorkerModule, imports: [PlatformModule.with(environment, ENTITIES), JobsModule] };
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
  await background.start();
  app.get(Log).info('worker_ready');
  const stop = async (): Promise<void> => {
    await background.stop();
    await app.close();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop());
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : 'The worker cannot start'}\n`);
  process.exit(1);
});
