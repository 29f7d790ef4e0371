import 'reflect-metadata';
import { Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AutomationsModule, Scheduler } from '@adiuva/automations';
import { Environment } from '@adiuva/config';
import { PlatformModule } from '@adiuva/platform';
import { ENTITIES } from '../../../ormconfig';

@Module({})
class SchedulerModule {
  static with(environment: Environment): DynamicModule {
    return { module: SchedulerModule, imports: [PlatformModule.with(environment, ENTITIES), AutomationsModule] };
  }
}

/** A process that starts runs when their slots are due, and executes none, until it is killed. */
async function main(): Promise<void> {
  const environment = new Environment({
    ENV: 'test',
    LOG_LEVEL: 'error',
    LLM_PROVIDER: 'offline',
    DATA_DIR: process.argv[3] ?? '',
    DATABASE_URL: process.argv[2] ?? '',
    DATABASE_POOL: '4',
  });
  const app = await NestFactory.createApplicationContext(SchedulerModule.with(environment), { logger: false });
  app.get(Scheduler).start();
  process.send?.('ready');
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
});
